#include "gateway/seal/trust.hpp"

#include "gateway/seal/trust_expiry.hpp"
#include "tests/support/business_certificates.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::BusinessAuthority;
using tests::BusinessWishes;
using tests::judged_at;

namespace {

const BusinessAuthority& authority() {
    static const BusinessAuthority one;
    return one;
}

TrustPolicy policy() {
    TrustPolicy policy;
    policy.roots = {authority().root()};
    policy.intermediates = {authority().intermediate()};
    policy.policies = {"2.16.578.1.26.1.3.5", "2.16.578.1.29.13.200.*"};
    return policy;
}

std::string verdict(const Judged<TrustedChain>& judged) {
    if (judged) {
        return "trusted";
    }
    std::string text = judged.error().code.value;
    for (const auto& [name, value] : judged.error().params) {
        text += " " + name + "=" + value;
    }
    return text;
}

std::string verdict(const BusinessWishes& wishes, core::Time now = judged_at()) {
    return verdict(
        TrustStore::make(policy()).value().judge(authority().issue(wishes).der, {}, now));
}

}   // namespace

TEST_CASE("trust: a certificate whose chain ends at a configured root is believed") {
    const auto identity = authority().issue();
    const auto chain = TrustStore::make(policy()).value().judge(identity.der, {}, judged_at());
    INFO(verdict(chain));
    REQUIRE(chain.has_value());
    CHECK(chain->leaf.organisation_number == "991825827");
    CHECK(chain->certificates ==
          std::vector<std::string>{identity.der, authority().intermediate(), authority().root()});
}

TEST_CASE("trust: an intermediate may come with the message, a root may not") {
    const auto identity = authority().issue();
    TrustPolicy without = policy();
    without.intermediates.clear();
    const TrustStore store = TrustStore::make(without).value();
    CHECK(verdict(store.judge(identity.der, {}, judged_at())) ==
          "seal.certificate_untrusted reason=issuer_unknown");
    CHECK(verdict(store.judge(identity.der, {"no certificate", authority().intermediate()},
                              judged_at())) == "trusted");
    const BusinessAuthority stranger("Fremmed CA");
    CHECK(verdict(store.judge(stranger.issue().der, {stranger.intermediate(), stranger.root()},
                              judged_at())) == "seal.certificate_untrusted reason=issuer_unknown");
}

TEST_CASE("trust: an authority of the same name and another key is not the authority") {
    // The stranger's certificates carry the configured authority's names.
    const BusinessAuthority twin("Test CA ");
    const auto chain = TrustStore::make(policy()).value().judge(
        twin.issue().der, {twin.intermediate(), twin.root()}, judged_at());
    CHECK(verdict(chain) == "seal.certificate_untrusted reason=issuer_unknown");
    std::string changed = authority().issue().der;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    CHECK(verdict(TrustStore::make(policy()).value().judge(changed, {}, judged_at())) ==
          "seal.certificate_untrusted reason=signature");
}

TEST_CASE("trust: a business certificate cannot issue another") {
    // The leaf stands as the issuer of a certificate signed by its key.
    const auto leaf = authority().issue();
    BusinessWishes wishes;
    wishes.key = 1;
    wishes.subject = {{"O", "ANDRE"}, {"serialNumber", "910075918"}, {"CN", "Andre"}};
    const auto below = BusinessAuthority::issue_by(leaf, wishes);
    CHECK(verdict(TrustStore::make(policy()).value().judge(below.der, {leaf.der}, judged_at())) ==
          "seal.certificate_untrusted reason=issuer_no_authority");
}

TEST_CASE("trust: an expired certificate and one of tomorrow are told with their time") {
    BusinessWishes wishes;
    CHECK(verdict(wishes, wishes.not_after - std::chrono::seconds(1)) == "trusted");
    CHECK(verdict(wishes, wishes.not_after) ==
          "seal.certificate_expired at=2027-01-15T12:00:00.000Z");
    CHECK(verdict(wishes, wishes.not_before - std::chrono::seconds(1)) ==
          "seal.certificate_not_yet_valid from=2025-01-15T12:00:00.000Z");
    wishes.not_after = judged_at() + std::chrono::hours(24 * 365 * 20);
    CHECK(verdict(wishes, judged_at() + std::chrono::hours(24 * 365 * 15)) ==
          "seal.certificate_chain_expired");
}

TEST_CASE("trust: a self-signed certificate is refused, also when it is a configured root") {
    const auto alone = authority().self_signed();
    CHECK(verdict(TrustStore::make(policy()).value().judge(alone.der, {}, judged_at())) ==
          "seal.certificate_self_signed");
    TrustPolicy trusting = policy();
    trusting.roots.push_back(alone.der);
    CHECK(verdict(TrustStore::make(trusting).value().judge(alone.der, {}, judged_at())) ==
          "seal.certificate_self_signed");
}

TEST_CASE("trust: the policy must be in the list, by number or below a wildcard") {
    BusinessWishes wishes;
    for (const char* good : {"2.16.578.1.26.1.3.5", "0.4.0.194112.1.1,2.16.578.1.26.1.3.5",
                             "2.16.578.1.29.13.200", "2.16.578.1.29.13.200.1.0"}) {
        wishes.policies = good;
        CHECK(verdict(wishes) == "trusted");
    }
    for (const char* bad : {"2.16.578.1.26.1.3.55", "2.16.578.1.26.1.3.5.1", "2.16.578.1.26.1.3",
                            "2.16.578.1.29.13.2001", "2.16.578.1.29.13.20"}) {
        wishes.policies = bad;
        CHECK(verdict(wishes) == "seal.certificate_policy_unknown policy=" + std::string(bad));
    }
    wishes.policies = "";
    CHECK(verdict(wishes) == "seal.certificate_policy_unknown policy=");
    TrustPolicy any = policy();
    any.policies.clear();
    CHECK(verdict(TrustStore::make(any).value().judge(authority().issue(wishes).der, {},
                                                      judged_at())) == "trusted");
}

TEST_CASE("trust: key usage must be there and critical, and no unknown extension may be") {
    BusinessWishes wishes;
    wishes.key_usage = "";
    CHECK(verdict(wishes) == "seal.certificate_extension_missing extension=2.5.29.15");
    wishes.key_usage = "digitalSignature";
    CHECK(verdict(wishes) == "seal.certificate_extension_missing extension=2.5.29.15");
    wishes = BusinessWishes();
    wishes.more_extensions = {{"extendedKeyUsage", "critical,clientAuth"}};
    CHECK(verdict(wishes) == "seal.certificate_extension_critical extension=2.5.29.37");
    wishes.more_extensions = {{"extendedKeyUsage", "clientAuth"}};
    CHECK(verdict(wishes) == "trusted");
}

TEST_CASE("trust: a chain with a key that is too short is not believed") {
    BusinessWishes wishes;
    wishes.key_type = "RSA-1024";
    CHECK(verdict(wishes) == "seal.certificate_untrusted reason=weak");
}

TEST_CASE("trust: what the reader of business certificates refuses is not judged further") {
    BusinessWishes wishes;
    wishes.subject = {{"CN", "Uten nummer"}};
    CHECK(verdict(wishes) == "seal.organisation_number_missing");
    CHECK(verdict(TrustStore::make(policy()).value().judge(
              authority().intermediate(), {}, judged_at())) == "seal.certificate_of_authority");
}

TEST_CASE("trust: a certificate of somebody else is told with both numbers") {
    const auto certificate = read_business_certificate(authority().issue().der).value();
    CHECK_FALSE(judge_owner(certificate, "991825827").has_value());
    CHECK(judge_owner(certificate, "910075918") ==
          Finding("seal.organisation_other", {{"expected", "910075918"}, {"found", "991825827"}}));
}

TEST_CASE("trust: a list without a root or with something else than certificates is refused") {
    TrustPolicy empty;
    CHECK(TrustStore::make(empty).error().is(core::Errc::invalid_argument));
    TrustPolicy wrong = policy();
    wrong.roots.emplace_back("root");
    CHECK(TrustStore::make(wrong).error().is(core::Errc::malformed));
    wrong = policy();
    wrong.intermediates.emplace_back("intermediate");
    CHECK(TrustStore::make(wrong).error().is(core::Errc::malformed));
}

TEST_CASE("trust: warnings of the end come at 60, 30, 14, 7 and 1 days, and after it") {
    const auto end = judged_at();
    const auto threshold = [&](std::chrono::seconds before) {
        const auto warning = expiry_warning(end, end - before);
        return warning ? warning->threshold : -1;
    };
    const std::chrono::seconds day = std::chrono::hours(24);
    CHECK(threshold(61 * day) == -1);
    CHECK(threshold(60 * day + std::chrono::seconds(1)) == -1);
    CHECK(threshold(60 * day) == 60);
    CHECK(threshold(31 * day) == 60);
    CHECK(threshold(30 * day) == 30);
    CHECK(threshold(14 * day) == 14);
    CHECK(threshold(8 * day) == 14);
    CHECK(threshold(7 * day) == 7);
    CHECK(threshold(day + std::chrono::seconds(1)) == 7);
    CHECK(threshold(day) == 1);
    CHECK(threshold(std::chrono::seconds(0)) == 1);
    CHECK(threshold(std::chrono::seconds(-1)) == 0);
    CHECK(
        expiry_warning(end, end - 13 * day - std::chrono::hours(1))->finding ==
        Finding("seal.certificate_expires", {{"days", "13"}, {"at", "2026-01-15T12:00:00.000Z"}}));
    CHECK(expiry_warning(end, end + day)->finding ==
          Finding("seal.certificate_expired", {{"at", "2026-01-15T12:00:00.000Z"}}));
}
