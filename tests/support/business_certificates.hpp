#pragma once

// Business certificates made on the spot: a root, an intermediate and what it issues, revocation
// lists and OCSP answers. Made by OpenSSL's functions, at fixed times.

#include "gateway/core/time.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// 2026-01-15T12:00:00Z: when these tests happen.
gateway::core::Time judged_at();

struct BusinessWishes {
    NamedValues subject{{"C", "NO"},
                        {"O", "PRØVE KOMMUNE"},
                        {"organizationIdentifier", "NTRNO-991825827"},
                        {"CN", "Prøve"}};
    std::string key_usage = "critical,digitalSignature,keyEncipherment";   // empty: none
    std::string policies = "2.16.578.1.26.1.3.5";                          // empty: none
    std::string crl_url = "http://crl.example.test/business.crl";          // empty: none
    std::string ocsp_url;                                                  // empty: none
    NamedValues more_extensions;   // OpenSSL's names and values
    gateway::core::Time not_before = judged_at() - std::chrono::hours(24 * 365);
    gateway::core::Time not_after = judged_at() + std::chrono::hours(24 * 365);
    std::string key_type = "RSA-2048";   // RSA-1024, EC
    std::size_t key = 0;                 // same number, same key

    BusinessWishes() = default;
};

struct BusinessIdentity {
    std::string der;
    std::string key_pem;

    /// RSASSA-PKCS1-v1_5 with SHA-256.
    std::string sign(std::string_view bytes) const;
};

struct RevocationListWishes {
    std::vector<std::string> revoked;   // DER of certificates
    std::string reason;                 // "keyCompromise", "certificateHold"; empty: none
    gateway::core::Time this_update = judged_at() - std::chrono::hours(1);
    gateway::core::Time next_update = judged_at() + std::chrono::hours(24);
    NamedValues extensions{{"crlNumber", "7"}};
    bool signed_by_another_key = false;
    bool signed_with_sha1 = false;
    bool speaks_for_another_issuer = false;   // its entries do

    RevocationListWishes() = default;
};

struct OcspWishes {
    std::string status = "good";   // good, revoked, unknown
    gateway::core::Time this_update = judged_at() - std::chrono::hours(1);
    gateway::core::Time next_update = judged_at() + std::chrono::hours(4);
    bool says_next_update = true;
    /// delegate, issuer; and those that may not: delegate_without_usage, expired_delegate,
    /// forged_delegate (of the issuer's name and another's key), stranger.
    std::string responder = "delegate";
    bool signed_with_sha1 = false;
    bool refused = false;   // answers tryLater

    OcspWishes() = default;
};

/// A root and one intermediate, both RSA. Any thread.
class BusinessAuthority {
public:
    explicit BusinessAuthority(const std::string& name = "Test CA");
    ~BusinessAuthority();
    BusinessAuthority(const BusinessAuthority&) = delete;
    BusinessAuthority& operator=(const BusinessAuthority&) = delete;

    std::string root() const;           // DER
    std::string intermediate() const;   // DER
    BusinessIdentity issue(const BusinessWishes& wishes = BusinessWishes()) const;
    /// By one that may not issue.
    static BusinessIdentity issue_by(const BusinessIdentity& issuer, const BusinessWishes& wishes);
    /// Signed by its own key.
    BusinessIdentity self_signed(const BusinessWishes& wishes = BusinessWishes()) const;
    /// DER, of the intermediate.
    std::string revocation_list(const RevocationListWishes& wishes = RevocationListWishes()) const;
    /// DER, of a certificate that may not sign lists.
    static std::string list_by(const BusinessIdentity& issuer);
    /// DER, of the root.
    std::string root_list(const RevocationListWishes& wishes = RevocationListWishes()) const;
    /// DER of an OCSP answer about a certificate of the intermediate.
    std::string ocsp_answer(const std::string& der, const OcspWishes& wishes = OcspWishes()) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace tests
