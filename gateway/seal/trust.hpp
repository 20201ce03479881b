#pragma once

// Whether a business certificate is to be believed: its chain to the roots of the configuration,
// its policy, its extensions, its time. Checks are those of Digdir's certificate validator.
// Revocation is revocation_cache.hpp's. Pure: the caller says what time it is.

#include "gateway/core/failure.hpp"
#include "gateway/core/time.hpp"
#include "gateway/seal/business_certificate.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::seal {

struct TrustPolicy {
    std::vector<std::string> roots;           // DER
    std::vector<std::string> intermediates;   // DER; those a message brings are used as well
    /// Object identifiers of which the leaf must have one; "2.16.578.1.29.13.200.*" is all below.
    /// Empty: any policy, or none.
    std::vector<std::string> policies;
    /// Of the leaf: no other may be critical, and these must be there and be so.
    std::vector<std::string> critical_extensions_known{"2.5.29.15", "2.5.29.19"};
    std::vector<std::string> critical_extensions_required{"2.5.29.15"};   // keyUsage
};

/// A business certificate that is believed, and why.
struct TrustedChain {
    BusinessCertificate leaf;
    std::vector<std::string> certificates;   // DER: leaf, intermediates, root
};

/// Immutable once made; shared by any number of threads.
class TrustStore {
public:
    /// `malformed` when a certificate is none, `invalid_argument` without a root.
    static core::Result<TrustStore> make(TrustPolicy policy);

    /// `along`: what came with the certificate, the first ten of it. What
    /// read_business_certificate() refuses; `seal.certificate_self_signed`,
    /// `seal.certificate_not_yet_valid` {from}, `seal.certificate_expired` {at},
    /// `seal.certificate_extension_critical` {extension}, `seal.certificate_extension_missing`
    /// {extension}, `seal.certificate_policy_unknown`, `seal.certificate_chain_expired`,
    /// `seal.certificate_untrusted` {reason}.
    Judged<TrustedChain> judge(std::string_view der, const std::vector<std::string>& along,
                               core::Time now) const;
    /// Roots and intermediates of the configuration, DER.
    const std::vector<std::string>& authorities() const;

private:
    struct Impl;
    explicit TrustStore(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;   // copies share it
};

/// `seal.organisation_other` {expected, found} when it is somebody else's certificate.
std::optional<Finding> judge_owner(const BusinessCertificate& certificate,
                                   std::string_view organisation_number);

}   // namespace gateway::seal
