#pragma once

// The certificates that this machine trusts.

#include <memory>

struct x509_store_st;   // OpenSSL's X509_STORE

namespace gateway::http {

/// Where OpenSSL finds them (`SSL_CERT_FILE` and `SSL_CERT_DIR`, else Debian's). A file of them is
/// read once for all who trust it, as long as it stays as it is: it takes more than a megabyte.
/// Without a file that can be read only those of the folder, which may be none. Nobody changes what
/// is shared. Null when there is no memory for them. From any thread.
std::shared_ptr<x509_store_st> system_roots();

}   // namespace gateway::http
