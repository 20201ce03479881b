#include "gateway/crypto/certificate.hpp"

#include "tests/unit/signin/world.hpp"

using namespace tests;
using signin::Verdict;

namespace {

core::SystemConfig& system_of(SignInWorld& world, const char* name) {
    return world.configuration->tenants.begin()->second.systems.at(core::SystemId(name));
}

}   // namespace

TEST_CASE("sign-in: a certificate is its system's by organisation, or before that by fingerprint") {
    SignInWorld world;
    const auto business = world.authority.issue(BusinessWishes());
    CHECK(world.sign_in->by_certificate(business.der).verdict == Verdict::not_bound);
    SignInWorld bound;
    system_of(bound, "byggesak").certificates.push_back({"", "991825827"});
    const auto entered = bound.sign_in->by_certificate(business.der);
    REQUIRE(entered.verdict == Verdict::accepted);
    CHECK(entered.caller.system.value == "byggesak");
    CHECK(entered.caller.grants ==
          core::Grants{"send:letter", "messages:read-all", "receive:form"});
    SignInWorld both;
    system_of(both, "byggesak").certificates.push_back({"", "991825827"});
    system_of(both, "oppvekst")
        .certificates.push_back({crypto::certificate_facts(business.der)->sha256_hex, ""});
    CHECK(both.sign_in->by_certificate(business.der).caller.system.value == "oppvekst");
    BusinessWishes renewed;
    renewed.key = 1;
    CHECK(both.sign_in->by_certificate(both.authority.issue(renewed).der).caller.system.value ==
          "byggesak");
}

TEST_CASE("sign-in: an expired, early or other organisation's certificate, or no certificate, is "
          "refused") {
    SignInWorld world;
    system_of(world, "byggesak").certificates.push_back({"", "991825827"});
    const auto verdict = [&](const BusinessWishes& wishes) {
        return world.sign_in->by_certificate(world.authority.issue(wishes).der).verdict;
    };
    BusinessWishes expired;
    expired.not_after = world.clock.now();
    CHECK(verdict(expired) == Verdict::invalid);
    BusinessWishes early;
    early.not_before = world.clock.now() + std::chrono::seconds(1);
    CHECK(verdict(early) == Verdict::invalid);
    BusinessWishes other;
    other.subject = {{"C", "NO"}, {"O", "ANNEN"}, {"organizationIdentifier", "NTRNO-310001007"}};
    CHECK(verdict(other) == Verdict::not_bound);
    BusinessWishes two;
    two.subject = {
        {"C", "NO"}, {"O", "TO - 310001007"}, {"organizationIdentifier", "NTRNO-991825827"}};
    CHECK(verdict(two) == Verdict::not_bound);
    CHECK(world.sign_in->by_certificate("nonsense").verdict == Verdict::invalid);
    // One that was good when the connection was made, and is not any more.
    BusinessWishes soon;
    soon.not_after = world.clock.now() + std::chrono::minutes(1);
    const auto lasting = world.authority.issue(soon).der;
    CHECK(world.sign_in->by_certificate(lasting).verdict == Verdict::accepted);
    world.clock.advance(std::chrono::minutes(1));
    CHECK(world.sign_in->by_certificate(lasting).verdict == Verdict::invalid);
}
