#include "gateway/seal/trust.hpp"

#include "gateway/crypto/handle.hpp"
#include "gateway/seal/asn1_values.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <ctime>

namespace gateway::seal {
namespace {

using crypto::Handle;

constexpr std::size_t along_max = 10;
constexpr int chain_depth_max = 4;   // real chains have 2
constexpr int security_level = 2;    // 112 bits: no SHA-1, no RSA below 2048

struct ReleaseStack {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), ReleaseStack>;

X509* native(const std::shared_ptr<void>& certificate) {
    return static_cast<X509*>(certificate.get());
}

/// "1.2.3.*" is 1.2.3 and everything below it.
bool fits(std::string_view pattern, std::string_view policy) {
    if (pattern.size() < 2 || pattern.substr(pattern.size() - 2) != ".*") {
        return pattern == policy;
    }
    const std::string_view above = pattern.substr(0, pattern.size() - 2);
    return policy.substr(0, above.size()) == above &&
           (policy.size() == above.size() || policy[above.size()] == '.');
}

bool contains(const std::vector<std::string>& list, std::string_view one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

std::optional<Finding> judge_time(const CertificateDetails& details, core::Time now) {
    if (now < details.not_before) {
        return Finding("seal.certificate_not_yet_valid",
                       {{"from", core::to_rfc3339(details.not_before)}});
    }
    if (now >= details.not_after) {
        return Finding("seal.certificate_expired", {{"at", core::to_rfc3339(details.not_after)}});
    }
    return std::nullopt;
}

std::optional<Finding> judge_extensions(const CertificateDetails& details,
                                        const TrustPolicy& policy) {
    for (const auto& extension : details.critical_extensions) {
        if (!contains(policy.critical_extensions_known, extension)) {
            return Finding("seal.certificate_extension_critical", {{"extension", extension}});
        }
    }
    for (const auto& extension : policy.critical_extensions_required) {
        if (!contains(details.critical_extensions, extension)) {
            return Finding("seal.certificate_extension_missing", {{"extension", extension}});
        }
    }
    return std::nullopt;
}

std::optional<Finding> judge_policy(const CertificateDetails& details, const TrustPolicy& policy) {
    const bool known =
        policy.policies.empty() ||
        std::any_of(policy.policies.begin(), policy.policies.end(), [&](const auto& pattern) {
            return std::any_of(details.policies.begin(), details.policies.end(),
                               [&](const auto& one) { return fits(pattern, one); });
        });
    if (known) {
        return std::nullopt;
    }
    return Finding("seal.certificate_policy_unknown",
                   {{"policy", details.policies.empty() ? "" : details.policies.front()}});
}

Finding chain_finding(int error) {
    const auto untrusted = [](const char* reason) {
        return Finding("seal.certificate_untrusted", {{"reason", reason}});
    };
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return Finding("seal.certificate_chain_expired");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return untrusted("issuer_unknown");
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: return untrusted("signature");
    case X509_V_ERR_INVALID_CA: return untrusted("issuer_no_authority");
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK: return untrusted("weak");
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: return untrusted("too_long");
    default: return untrusted("other");
    }
}

}   // namespace

struct TrustStore::Impl {
    TrustPolicy policy;
    Handle<X509_STORE, X509_STORE_free> roots{X509_STORE_new()};
    std::vector<std::shared_ptr<void>> intermediates;
    std::vector<std::string> authorities;

    Judged<std::vector<std::string>>
    build_chain(std::string_view leaf, const std::vector<std::string>& along, core::Time now) const;
};

core::Result<TrustStore> TrustStore::make(TrustPolicy policy) {
    auto impl = std::make_shared<Impl>();
    for (const auto& der : policy.roots) {
        const auto root = parse_x509(der);
        if (!root || X509_STORE_add_cert(impl->roots.get(), native(root)) != 1) {
            ERR_clear_error();
            return core::Failure(core::Errc::malformed, "a root is no certificate");
        }
        impl->authorities.push_back(der);
    }
    if (policy.roots.empty()) {
        return core::Failure(core::Errc::invalid_argument, "no root to trust");
    }
    for (const auto& der : policy.intermediates) {
        auto intermediate = parse_x509(der);
        if (!intermediate) {
            return core::Failure(core::Errc::malformed, "an intermediate is no certificate");
        }
        impl->intermediates.push_back(std::move(intermediate));
        impl->authorities.push_back(der);
    }
    impl->policy = std::move(policy);
    return TrustStore(std::move(impl));
}

Judged<std::vector<std::string>>
TrustStore::Impl::build_chain(std::string_view leaf, const std::vector<std::string>& along,
                              core::Time now) const {
    const auto certificate = parse_x509(leaf);
    std::vector<std::shared_ptr<void>> others = intermediates;
    for (std::size_t i = 0; i < along.size() && i < along_max; ++i) {
        if (auto one = parse_x509(along[i])) {
            others.push_back(std::move(one));
        }
    }
    const Stack untrusted(sk_X509_new_null());
    for (const auto& one : others) {
        sk_X509_push(untrusted.get(), native(one));
    }
    const Handle<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    if (!certificate || !untrusted || !context ||
        X509_STORE_CTX_init(context.get(), roots.get(), native(certificate), untrusted.get()) !=
            1) {
        ERR_clear_error();
        return Finding("seal.certificate_malformed");
    }
    X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(
        rules, std::chrono::system_clock::to_time_t(
                   std::chrono::time_point_cast<std::chrono::system_clock::duration>(now)));
    X509_VERIFY_PARAM_set_depth(rules, chain_depth_max);
    X509_VERIFY_PARAM_set_auth_level(rules, security_level);
    const bool good = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (!good) {
        return chain_finding(X509_STORE_CTX_get_error(context.get()));
    }
    std::vector<std::string> chain;
    STACK_OF(X509)* const built = X509_STORE_CTX_get0_chain(context.get());
    for (int i = 0; i < sk_X509_num(built); ++i) {
        chain.push_back(asn1_certificate(sk_X509_value(built, i)));
    }
    return chain;
}

Judged<TrustedChain> TrustStore::judge(std::string_view der, const std::vector<std::string>& along,
                                       core::Time now) const {
    auto leaf = read_business_certificate(der);
    if (!leaf) {
        return leaf.error();
    }
    if (leaf->details.self_issued) {
        return Finding("seal.certificate_self_signed");
    }
    if (const auto refused = judge_time(leaf->details, now)) {
        return *refused;
    }
    if (const auto refused = judge_extensions(leaf->details, impl_->policy)) {
        return *refused;
    }
    if (const auto refused = judge_policy(leaf->details, impl_->policy)) {
        return *refused;
    }
    auto chain = impl_->build_chain(der, along, now);
    if (!chain) {
        return chain.error();
    }
    return TrustedChain{std::move(*leaf), std::move(*chain)};
}

const std::vector<std::string>& TrustStore::authorities() const {
    return impl_->authorities;
}

std::optional<Finding> judge_owner(const BusinessCertificate& certificate,
                                   std::string_view organisation_number) {
    if (certificate.organisation_number == organisation_number) {
        return std::nullopt;
    }
    return Finding("seal.organisation_other", {{"expected", std::string(organisation_number)},
                                               {"found", certificate.organisation_number}});
}

}   // namespace gateway::seal
