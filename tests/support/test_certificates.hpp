#pragma once

// Certificates made on the spot: an authority of the test's own, and what it signs.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace tests {

struct Identity {
    std::string certificate_pem;
    std::string key_pem;
};

struct CertificateWishes {
    std::string common_name = "localhost";
    std::vector<std::string> names{"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
    std::chrono::seconds not_before{-3600};   // from now
    std::chrono::seconds not_after{3600};

    CertificateWishes() = default;
};

/// A root with an EC key. Any thread.
class CertificateAuthority {
public:
    explicit CertificateAuthority(const std::string& name = "Test root");
    ~CertificateAuthority();
    CertificateAuthority(const CertificateAuthority&) = delete;
    CertificateAuthority& operator=(const CertificateAuthority&) = delete;

    std::string root_pem() const;
    /// A leaf with a new EC key.
    Identity issue(const CertificateWishes& wishes = CertificateWishes()) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace tests
