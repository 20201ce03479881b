#pragma once

// CMS EnvelopedData as KS's own code makes it, with OpenSSL's CMS directly: AES-256-CBC, one
// recipient with RSAES-OAEP (SHA-256 in hash and mask), BER of indefinite length.

#include <string>

namespace gateway::svarut::standin {

/// The file `from` for the certificate (PEM), written to `to`. Throws std::runtime_error.
void seal_file(const std::string& from, const std::string& to, const std::string& certificate);

/// The file `from` opened with this key and certificate (PEM); false when it is no envelope in that
/// profile for this certificate, or does not open. Throws std::runtime_error when the disk refuses.
bool open_file(const std::string& from, const std::string& to, const std::string& key,
               const std::string& certificate);

}   // namespace gateway::svarut::standin
