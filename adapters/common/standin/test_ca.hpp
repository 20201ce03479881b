#pragma once

// A certificate authority of the sandbox's own: business certificates as SEID 2 describes them (RSA
// 3072, organizationIdentifier NTRNO-<number>) and certificates for TLS, valid or wrong on purpose.
// Written to a folder so that whoever configures the gateway finds the roots there. Facts: wire
// notes, section 7.

#include "adapters/common/standin/jose.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct x509_st;

namespace gateway::standin {

/// A certificate read from DER. Copies share it.
class Certificate {
public:
    static std::optional<Certificate> from_der(std::string_view der);
    static std::optional<Certificate> from_pem(std::string_view pem);
    explicit Certificate(std::shared_ptr<x509_st> certificate)
        : certificate_(std::move(certificate)) {}

    std::string der() const;
    std::string pem() const;
    Key public_key() const;
    /// From the leaf's subject, by attribute: serialNumber of nine digits, O ending in "-" and nine
    /// digits, then 2.5.4.97.
    std::optional<std::string> organisation() const;
    bool valid_at(std::int64_t unix_seconds) const;
    x509_st* get() const { return certificate_.get(); }

private:
    std::shared_ptr<x509_st> certificate_;
};

/// What a certificate is to say.
struct CertificateOrder {
    std::string organisation;   // business certificate; empty for TLS
    std::string name = "Sandkassa kommune";
    std::vector<std::string> hosts;   // TLS: DNS names and addresses
    std::int64_t not_before = 0;      // unix seconds
    std::int64_t not_after = 0;
    unsigned bits = 3072;
    bool self_signed = false;
};

struct Issued {
    Certificate certificate;
    Key key;
    Certificate issuer;

    Issued(Certificate leaf, Key leaf_key, Certificate above)
        : certificate(std::move(leaf)), key(std::move(leaf_key)), issuer(std::move(above)) {}
    /// PBES2 with AES-256, as the official test files have it. Throws std::runtime_error.
    std::string pkcs12(const std::string& password) const;
};

/// An authority that signs itself, good for ten years. Throws std::runtime_error, as `issue` does.
Certificate make_authority(const std::string& name, const Key& key);
/// A certificate as ordered, signed by `issuer`, or by itself where the order says so.
Issued issue(const CertificateOrder& order, const Certificate& issuer, const Key& issuer_key);

/// Root and issuing authority in `folder` (root.pem, root.key.pem, issuing.pem, issuing.key.pem),
/// made when absent. One thread.
class TestCa {
public:
    explicit TestCa(std::string folder);

    Issued issue(const CertificateOrder& order) const;
    /// Signed by the issuing authority or the root, within its time or not.
    bool chain_holds(const Certificate& leaf) const;
    std::string root_path() const { return folder_ + "/root.pem"; }
    std::string chain_pem(const Issued& issued) const;

private:
    std::string folder_;
    std::optional<Certificate> root_;
    std::optional<Certificate> issuing_;
    Key root_key_;
    Key issuing_key_;
};

}   // namespace gateway::standin
