#pragma once

// The certificates that this machine trusts.

#include <memory>

struct x509_store_st;   // OpenSSL's X509_STORE

namespace gateway::http {

/// Where OpenSSL finds them (`SSL_CERT_FILE`, `SSL_CERT_DIR`, else Debian's folder). A file of them
/// is read once for all who trust it, as long as it stays as it is: it takes more than a megabyte.
/// Null when they cannot be read. From any thread.
std::shared_ptr<x509_store_st> system_roots();

}   // namespace gateway::http
