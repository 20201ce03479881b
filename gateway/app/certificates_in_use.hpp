#pragma once

// Which certificates the configuration names, and what lies in such a file: for those who look when
// they end.

#include "gateway/core/configuration.hpp"
#include "gateway/core/failure.hpp"

#include <string>
#include <vector>

namespace gateway::app {

struct CertificateInUse {
    bool of_listener = false;   // else of a connection
    std::string name;           // "public", "admin", or the connection's
    std::string reference;      // empty: it may lie with the key
    std::string key;            // of a connection
    std::string key_password;

    CertificateInUse() = default;
};

/// Of both listeners and every connection.
std::vector<CertificateInUse> certificates_in_use(const core::Configuration& configuration);
/// DER, as they stand in their file or with the key (PKCS#12, PEM with both): ours comes first.
/// None where nothing is named or the key lies in hardware. Blocks.
core::Result<std::vector<std::string>> read_chain(const CertificateInUse& named);

}   // namespace gateway::app
