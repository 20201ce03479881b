#include "gateway/seal/revocation_cache.hpp"

#include "tests/support/business_certificates.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using std::chrono::hours;
using std::chrono::minutes;
using tests::BusinessAuthority;
using tests::BusinessWishes;
using tests::judged_at;
using tests::OcspWishes;
using tests::RevocationListWishes;

namespace {

const std::string business_crl = "http://crl.example.test/business.crl";
const std::string root_crl = "http://crl.example.test/root.crl";
const std::string responder = "http://ocsp.example.test/";

const BusinessAuthority& authority() {
    static const BusinessAuthority one;
    return one;
}

TrustedChain chain_of(const BusinessWishes& wishes) {
    TrustPolicy policy;
    policy.roots = {authority().root()};
    policy.intermediates = {authority().intermediate()};
    return TrustStore::make(policy)
        .value()
        .judge(authority().issue(wishes).der, {}, judged_at())
        .value();
}

std::string verdict(const Judged<Findings>& judged) {
    if (!judged) {
        return judged.error().code.value;
    }
    std::string text = "good";
    for (const auto& remark : *judged) {
        text += " " + remark.code.value;
    }
    return text;
}

/// A cache with the lists of the root and the intermediate at hand, and what was asked for.
struct World {
    explicit World(const BusinessWishes& wishes = BusinessWishes(),
                   RevocationPolicy policy = RevocationPolicy())
        : chain(chain_of(wishes)), cache(policy) {
        cache.watch(chain, now);
    }

    std::vector<std::string> due() {
        std::vector<std::string> urls;
        fetches = cache.due(now);
        for (const auto& fetch : fetches) {
            urls.push_back(fetch.url);
        }
        return urls;
    }
    const RevocationFetch& fetch(const std::string& url) const {
        for (const auto& one : fetches) {
            if (one.url == url) {
                return one;
            }
        }
        throw std::logic_error("not asked for: " + url);
    }
    void have_root_list() {
        RevocationListWishes wishes;
        wishes.next_update = judged_at() + hours(24 * 90);
        CHECK(cache.keep(fetch(root_crl), authority().root_list(wishes), now) == std::nullopt);
    }
    std::string verdict() const { return ::verdict(cache.judge(chain, now)); }

    core::Time now = judged_at();
    TrustedChain chain;
    RevocationCache cache;
    std::vector<RevocationFetch> fetches;
};

using Urls = std::vector<std::string>;

}   // namespace

TEST_CASE(
    "revocation: before anything is known, a certificate is refused, or passes with a remark") {
    CHECK(World().verdict() == "seal.revocation_unknown");
    RevocationPolicy soft;
    soft.current = Rule::warn;
    CHECK(World(BusinessWishes(), soft).verdict() ==
          "good seal.revocation_unknown seal.revocation_unknown");
    RevocationPolicy off;
    off.current = Rule::ignore;
    CHECK(World(BusinessWishes(), off).verdict() == "good");
}

TEST_CASE("revocation: the lists that the chain names are asked for once, and then it is good") {
    World world;
    CHECK(world.due() == Urls{business_crl, root_crl});
    CHECK(world.fetch(business_crl).body.empty());
    CHECK(world.fetch(business_crl).answer_bytes_max == crl_bytes_max);
    CHECK(world.cache.due(world.now).empty());   // under way
    CHECK(world.cache.keep(world.fetch(business_crl), authority().revocation_list(), world.now) ==
          std::nullopt);
    CHECK(world.verdict() == "seal.revocation_unknown");   // of the intermediate
    world.have_root_list();
    CHECK(world.verdict() == "good");
}

TEST_CASE("revocation: a certificate on the list is refused under every policy") {
    for (const Rule rule : {Rule::require, Rule::warn, Rule::ignore}) {
        RevocationPolicy policy;
        policy.current = rule;
        World world(BusinessWishes(), policy);
        world.due();
        world.have_root_list();
        RevocationListWishes wishes;
        wishes.revoked = {world.chain.leaf.details.der};
        wishes.reason = "keyCompromise";
        CHECK(world.cache.keep(world.fetch(business_crl), authority().revocation_list(wishes),
                               world.now) == std::nullopt);
        CHECK(world.cache.judge(world.chain, world.now).error() ==
              Finding("seal.certificate_revoked",
                      {{"at", "2026-01-15T11:00:00.000Z"}, {"reason", "keyCompromise"}}));
        world.now += hours(24 * 30);   // an old list's word stands until a newer one takes it back
        CHECK(world.verdict() == "seal.certificate_revoked");
    }
}

TEST_CASE("revocation: a revoked intermediate takes its certificates with it") {
    World world;
    world.due();
    CHECK(world.cache.keep(world.fetch(business_crl), authority().revocation_list(), world.now) ==
          std::nullopt);
    RevocationListWishes wishes;
    wishes.revoked = {authority().intermediate()};
    CHECK(world.cache.keep(world.fetch(root_crl), authority().root_list(wishes), world.now) ==
          std::nullopt);
    CHECK(world.verdict() == "seal.certificate_revoked");
}

TEST_CASE("revocation: a list is renewed while it is good, and judged by all the same") {
    World world;
    world.due();
    world.have_root_list();
    CHECK(world.cache.keep(world.fetch(business_crl), authority().revocation_list(), world.now) ==
          std::nullopt);
    world.now += minutes(14);
    CHECK(world.due().empty());
    world.now += minutes(1);
    CHECK(world.due() == Urls{business_crl, root_crl});
    CHECK(world.verdict() == "good");
}

TEST_CASE(
    "revocation: past its end a list is stale, by policy refused, remarked on, or within grace") {
    const auto after = [](const RevocationPolicy& policy) {
        World world(BusinessWishes(), policy);
        world.due();
        world.have_root_list();
        world.cache.keep(world.fetch(business_crl), authority().revocation_list(), world.now);
        world.now += hours(25);
        return world.verdict();
    };
    RevocationPolicy policy;
    CHECK(after(policy) == "seal.revocation_stale");
    policy.current = Rule::warn;
    CHECK(after(policy) == "good seal.revocation_stale");
    policy.current = Rule::require;
    policy.grace = hours(2);
    CHECK(after(policy) == "good");
}

TEST_CASE("revocation: a fetch that fails is tried again, ever later up to the usual rhythm") {
    World world;
    world.due();
    const RevocationFetch fetch = world.fetch(business_crl);
    std::vector<int> waits;
    for (int i = 0; i < 7; ++i) {
        world.cache.failed(fetch, world.now);
        int waited = 0;
        while (std::ranges::count(world.due(), business_crl) == 0) {
            world.now += minutes(1);
            ++waited;
            REQUIRE(waited < 100);
        }
        waits.push_back(waited);
    }
    CHECK(waits == std::vector<int>{1, 2, 4, 8, 15, 15, 15});
}

TEST_CASE("revocation: an answer that never came is asked for again") {
    World world;
    CHECK(world.due().size() == 2);
    world.now += minutes(1);
    CHECK(world.due().empty());
    world.now += minutes(1);
    CHECK(world.due().size() == 2);
}

TEST_CASE("revocation: a refused answer leaves what was known, and so does an older one") {
    World world;
    world.due();
    world.have_root_list();
    RevocationListWishes revoking;
    revoking.revoked = {world.chain.leaf.details.der};
    const auto& fetch = world.fetch(business_crl);
    CHECK(world.cache.keep(fetch, authority().revocation_list(revoking), world.now) ==
          std::nullopt);
    RevocationListWishes forged;
    forged.this_update = world.now;
    forged.signed_by_another_key = true;
    CHECK(world.cache.keep(fetch, authority().revocation_list(forged), world.now) ==
          Finding("seal.revocation_answer_refused", {{"reason", "signature"}}));
    CHECK(world.cache.keep(fetch, "<html>", world.now) ==
          Finding("seal.revocation_answer_refused", {{"reason", "malformed"}}));
    const BusinessAuthority stranger("Fremmed CA");
    CHECK(world.cache.keep(fetch, stranger.revocation_list(), world.now) ==
          Finding("seal.revocation_answer_refused", {{"reason", "issuer"}}));
    RevocationListWishes older;
    older.this_update -= hours(5);
    CHECK(world.cache.keep(fetch, authority().revocation_list(older), world.now) == std::nullopt);
    CHECK(world.verdict() == "seal.certificate_revoked");
    RevocationListWishes newer;
    newer.this_update += minutes(30);
    CHECK(world.cache.keep(fetch, authority().revocation_list(newer), world.now) == std::nullopt);
    CHECK(world.verdict() == "good");
}

TEST_CASE("revocation: the list of another authority says nothing, whatever address it lies at") {
    World world;
    world.due();
    world.have_root_list();
    // The root's list lies where the intermediate's should.
    CHECK(world.cache.keep(world.fetch(business_crl), authority().root_list(), world.now) ==
          std::nullopt);
    CHECK(world.verdict() == "seal.revocation_unknown");
}

TEST_CASE("revocation: OCSP is asked for a certificate that names no list") {
    BusinessWishes wishes;
    wishes.crl_url = "";
    wishes.ocsp_url = responder;
    World world(wishes);
    CHECK(world.due() == Urls{root_crl, responder});
    world.have_root_list();
    const auto& fetch = world.fetch(responder);
    CHECK(fetch.body == ocsp_request(world.chain.leaf.details.der, authority().intermediate()));
    CHECK(fetch.answer_bytes_max == ocsp_bytes_max);
    const std::string& leaf = world.chain.leaf.details.der;
    CHECK(world.cache.keep(fetch, authority().ocsp_answer(leaf), world.now) == std::nullopt);
    CHECK(world.verdict() == "good");
    world.now += hours(5);
    CHECK(world.verdict() == "seal.revocation_stale");
    OcspWishes revoked;
    revoked.status = "revoked";
    revoked.this_update = world.now;
    revoked.next_update = world.now + hours(4);
    CHECK(world.cache.keep(fetch, authority().ocsp_answer(leaf, revoked), world.now) ==
          std::nullopt);
    CHECK(world.verdict() == "seal.certificate_revoked");
}

TEST_CASE("revocation: OCSP is asked instead of a list that cannot be had, and not before") {
    BusinessWishes wishes;
    wishes.ocsp_url = responder;
    World world(wishes);
    CHECK(world.due() == Urls{business_crl, root_crl});
    world.have_root_list();
    world.cache.failed(world.fetch(business_crl), world.now);
    CHECK(world.due() == Urls{responder});
    OcspWishes unknown;
    unknown.status = "unknown";
    const std::string& leaf = world.chain.leaf.details.der;
    const RevocationFetch question = world.fetch(responder);
    CHECK(world.cache.keep(question, authority().ocsp_answer(leaf, unknown), world.now) ==
          std::nullopt);
    CHECK(world.verdict() == "seal.revocation_unknown");
    CHECK(world.cache.keep(question, authority().ocsp_answer(leaf), world.now) == std::nullopt);
    CHECK(world.verdict() == "good");
    CHECK(world.cache.keep(question, "<html>", world.now) ==
          Finding("seal.revocation_answer_refused", {{"reason", "malformed"}}));
    CHECK(world.verdict() == "good");
}

TEST_CASE("revocation: the newest word counts, of list and responder") {
    BusinessWishes wishes;
    wishes.ocsp_url = responder;
    World world(wishes);
    world.due();
    world.have_root_list();
    const RevocationFetch list = world.fetch(business_crl);
    world.cache.failed(list, world.now);
    world.due();
    const std::string& leaf = world.chain.leaf.details.der;
    CHECK(world.cache.keep(world.fetch(responder), authority().ocsp_answer(leaf), world.now) ==
          std::nullopt);
    RevocationListWishes newer;
    newer.this_update += minutes(1);
    newer.revoked = {leaf};
    CHECK(world.cache.keep(list, authority().revocation_list(newer), world.now) == std::nullopt);
    CHECK(world.verdict() == "seal.certificate_revoked");
}

TEST_CASE("revocation: lists of the configuration are at hand before a certificate asks") {
    BusinessWishes wishes;
    wishes.crl_url = "";
    World world(wishes);
    RevocationCache cache;
    cache.watch_lists({business_crl, root_crl}, {authority().root(), authority().intermediate()});
    const auto fetches = cache.due(world.now);
    REQUIRE(fetches.size() == 2);
    CHECK(cache.keep(fetches[0], authority().revocation_list(), world.now) == std::nullopt);
    CHECK(cache.keep(fetches[1], authority().root_list(), world.now) == std::nullopt);
    CHECK(verdict(cache.judge(world.chain, world.now)) == "good");
}

TEST_CASE("revocation: a hold that was taken back is no revocation") {
    World world;
    world.due();
    world.have_root_list();
    RevocationListWishes wishes;
    wishes.revoked = {world.chain.leaf.details.der};
    wishes.reason = "certificateHold";
    const auto& fetch = world.fetch(business_crl);
    CHECK(world.cache.keep(fetch, authority().revocation_list(wishes), world.now) == std::nullopt);
    CHECK(world.verdict() == "seal.certificate_revoked");
    wishes.reason = "removeFromCRL";
    wishes.this_update += minutes(1);
    CHECK(world.cache.keep(fetch, authority().revocation_list(wishes), world.now) == std::nullopt);
    CHECK(world.verdict() == "good");
}

TEST_CASE("revocation: what is watched is bounded, and the longest unused goes first") {
    RevocationCache cache;
    std::vector<std::string> urls;
    for (int i = 0; i < 150; ++i) {
        urls.push_back("http://crl.example.test/" + std::to_string(i) + ".crl");
    }
    cache.watch_lists(urls, {});
    const TrustedChain chain = chain_of(BusinessWishes());
    cache.watch(chain, judged_at());
    const auto fetches = cache.due(judged_at());
    CHECK(fetches.size() == 100);
    CHECK(std::ranges::any_of(fetches, [](const auto& one) { return one.url == business_crl; }));
    const RevocationFetch gone{"http://crl.example.test/gone.crl", {}, {}, 0};
    CHECK(cache.keep(gone, "anything", judged_at()) == std::nullopt);
    cache.failed(gone, judged_at());
}
