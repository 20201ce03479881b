#pragma once

// Keys and certificates made by the openssl program for one test run, in a folder of their own that
// goes with the process: what we read was written by another program than the one under test.

#include "gateway/core/key_transport.hpp"

#include <filesystem>
#include <string>

namespace tests {

class MadeKeys {
public:
    static const MadeKeys& get();
    ~MadeKeys();

    std::string read(const std::string& name) const;
    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    /// Runs a shell command in the folder; its exit code.
    int run(const std::string& command) const;
    /// `secret` as the openssl program wraps it for the leaf.
    std::string wrapped(gateway::core::KeyTransport transport, const std::string& secret) const;

private:
    MadeKeys();
    std::filesystem::path folder_;
};

inline constexpr gateway::core::KeyTransport key_transports[] = {
    gateway::core::KeyTransport::rsa_oaep_sha256, gateway::core::KeyTransport::rsa_oaep_sha1,
    gateway::core::KeyTransport::rsa_pkcs1_v15};

}   // namespace tests
