// Forms out: made once, however the answer fares.

#include "adapters/altinn_forms/forms_prefill.hpp"
#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include <catch2/catch.hpp>

using namespace forms_world;
using sdk::Verdict;

namespace {

constexpr const char* municipality = "991825827";

/// What the app and Storage know of made forms.
struct Out {
    World world;
    tests::FakeProgress progress;
    core::Delivery delivery;
    json::Value made = json::Value::array();
    std::string owner_header;
    int status = 201;
    bool lose = false;

    Out() {
        delivery = message("01968d21-0000-7000-8000-000000000001");
        world.altinn.instead = [this](const Asked& asked) { return answer(asked); };
    }
    static core::Delivery message(const char* id) {
        core::Delivery made;
        made.tenant = core::TenantId(municipality);
        made.id = *core::DeliveryId::parse(id);
        made.type = "prefill/v1";
        made.settings = R"({"app":"skjema"})";
        made.content = R"({"type":"prefill","version":1,"recipient":{"person":"17859130003"},)"
                       R"("dueAt":"2027-01-15T22:59:59Z","values":{"barn.navn":"Kari"}})";
        return made;
    }
    json::Value& add(const char* by = municipality) {
        json::Value one;
        one.set("id", "50015641/" + world.fakes.ids->uuid().to_string());
        one.set("appId", "ttd/skjema").set("createdBy", by);
        made.push(std::move(one));
        return made.mutable_items().back();
    }
    std::optional<sdk::Result<sdk::HttpResponse>> answer(const Asked& asked) {
        if (asked.method == "POST" && asked.url.ends_with("/ttd/skjema/instances/create")) {
            if (status != 201) {
                return sdk::Result<sdk::HttpResponse>(sdk::HttpResponse(status, "no"));
            }
            const auto text = json::write(add());
            if (lose) {
                return sdk::Result<sdk::HttpResponse>(
                    core::Failure(core::Errc::answer_lost, "cut"));
            }
            return sdk::Result<sdk::HttpResponse>(sdk::HttpResponse(201, text));
        }
        if (asked.url.find("/storage/api/v1/instances?") != std::string::npos) {
            owner_header = asked.owner;
            json::Value page;
            page.set("instances", made).set("next", json::Value());
            return sdk::Result<sdk::HttpResponse>(sdk::HttpResponse(200, json::write(page)));
        }
        return std::nullopt;
    }
    sdk::Outcome send() { return send(delivery, progress); }
    sdk::Outcome send(const core::Delivery& what, tests::FakeProgress& kept) {
        return tests::run(world.io, world.adapter->sender()->send(what, kept, world.fakes.in(60s)));
    }
    sdk::Outcome look_up() {
        return tests::run(
            world.io, world.adapter->sender()->look_up(delivery, progress, world.fakes.in(60s)));
    }
    std::size_t creates() const { return world.altinn.count("POST", "/instances/create"); }
};

}   // namespace

TEST_CASE("prefill: the app is given who, by when, and what is known") {
    Out out;
    const auto outcome = out.send();
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.delivered_already);
    CHECK(outcome.upstream_reference == out.made.items()[0]["id"].as_string());
    const auto body = json::parse(out.world.altinn.asked.back().body);
    REQUIRE(body.has_value());
    CHECK((*body)["instanceOwner"]["personNumber"].as_string() == "17859130003");
    CHECK((*body)["dueBefore"].as_string() == "2027-01-15T22:59:59Z");
    CHECK((*body)["prefill"]["barn.navn"].as_string() == "Kari");
    CHECK((*body).members().size() == 3);
    CHECK_FALSE(out.world.fakes.log.holds("17859130003"));
}

TEST_CASE("prefill: a lost answer is looked up, and the form is made once") {
    Out out;
    out.lose = true;
    CHECK(out.send().verdict == Verdict::unknown);
    const auto found = out.look_up();
    CHECK(found.verdict == Verdict::accepted);
    CHECK(found.upstream_reference == out.made.items()[0]["id"].as_string());
    CHECK(out.owner_header == "Person:17859130003");   // never in the address
    // Another attempt, as after a crash, makes no other.
    CHECK(out.send().verdict == Verdict::accepted);
    CHECK(out.creates() == 1);
}

TEST_CASE("prefill: what never arrived is made again, but not before it can no longer arrive") {
    Out out;
    forms::PrefillProgress asking;
    asking.asked = out.world.fakes.clock.now();
    out.progress = tests::FakeProgress(asking.write());
    const auto early = out.look_up();
    CHECK(early.verdict == Verdict::try_later);
    CHECK(out.send().verdict == Verdict::try_later);
    CHECK(out.creates() == 0);
    out.world.fakes.clock.advance(3min);
    CHECK(out.look_up().verdict == Verdict::not_found);
    CHECK(out.send().verdict == Verdict::accepted);
    CHECK(out.creates() == 1);
}

TEST_CASE("prefill: a form that another message made, or somebody else, is not taken for ours") {
    Out out;
    auto other = Out::message("01968d21-0000-7000-8000-000000000002");
    tests::FakeProgress others;
    REQUIRE(out.send(other, others).verdict == Verdict::accepted);
    out.add("310002003");
    out.add("17859130003");
    out.progress = tests::FakeProgress(R"({"asked":0})");
    CHECK(out.look_up().verdict == Verdict::not_found);
    CHECK(out.send().verdict == Verdict::accepted);
    CHECK(out.creates() == 2);
}

TEST_CASE("prefill: where two may be ours a person decides, and none is made") {
    Out out;
    out.add();
    out.add();
    out.progress = tests::FakeProgress(R"({"asked":0})");
    const auto outcome = out.look_up();
    CHECK(outcome.verdict == Verdict::unknown);
    CHECK(outcome.code.value == "altinn_forms.prefill_ambiguous");
    CHECK(out.send().verdict == Verdict::unknown);
    CHECK(out.creates() == 0);
}

TEST_CASE("prefill: what was turned away was not made, and what failed may have been") {
    const auto [status, verdict, code] =
        GENERATE(std::tuple(400, Verdict::rejected, "altinn_forms.prefill_refused"),
                 std::tuple(404, Verdict::rejected, "altinn_forms.prefill_refused"),
                 std::tuple(403, Verdict::rejected, "altinn_forms.access_refused"),
                 std::tuple(429, Verdict::try_later, ""), std::tuple(503, Verdict::try_later, ""),
                 std::tuple(500, Verdict::unknown, ""), std::tuple(504, Verdict::unknown, ""),
                 std::tuple(200, Verdict::unknown, ""));
    CAPTURE(status);
    Out out;
    out.status = status;
    const auto outcome = out.send();
    CHECK(outcome.verdict == verdict);
    if (*code != '\0') {
        CHECK(outcome.code.value == code);
    }
    const bool asked = forms::PrefillProgress::read(out.progress.value()).asked.has_value();
    CHECK(asked == (verdict == Verdict::unknown));
}

TEST_CASE("prefill: an attempt that cannot be written down is not made") {
    Out out;
    out.progress.failure.emplace(core::Errc::stale_fence);
    CHECK(out.send().verdict == Verdict::try_later);
    CHECK(out.creates() == 0);
}
