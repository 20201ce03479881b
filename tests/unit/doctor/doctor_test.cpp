#include "fakes.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/doctor/view.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using sdk::Finding;
using std::chrono::seconds;

namespace {

/// A token that says its scope, signed by nobody.
std::string token_for(const std::string& scope) {
    return gateway::crypto::base64url_encode(R"({"alg":"none"})") + "." +
           gateway::crypto::base64url_encode(R"({"scope":")" + scope + R"("})") + ".c2ln";
}

const doctor::Step* find(const doctor::Examination& all, const std::string& name) {
    for (const auto& step : all.steps) {
        if (step.name == name) {
            return &step;
        }
    }
    return nullptr;
}

}   // namespace

TEST_CASE("doctor: what works is green from the name to the call") {
    Practice practice;
    auto& krr = practice.add("krr", "maskinporten");
    krr.token = token_for("krr:read");
    const auto all = practice.examine("krr");
    CHECK(said(all) == "dns green, tcp green, tls green, clock green, token green, scope green, "
                       "call green");
    CHECK(all.finding() == Finding::green);
    CHECK(all.tenant.value == "310000019");
    CHECK(krr.calls == 1);
}

TEST_CASE("doctor: each step that fails stops those that stand on it, and they say so") {
    struct Case {
        const char* step;
        core::Errc failure;
        const char* said;
    };
    const Case cases[] = {
        {"dns", core::Errc::not_found,
         "dns red doctor.dns.not_found, tcp skipped doctor.skipped.after, tls skipped "
         "doctor.skipped.after, clock skipped doctor.skipped.after, token green, scope skipped "
         "doctor.skipped.opaque_token, call skipped doctor.skipped.after"},
        {"tcp", core::Errc::unreachable,
         "dns green, tcp red doctor.tcp.refused, tls skipped doctor.skipped.after, clock skipped "
         "doctor.skipped.after, token green, scope skipped doctor.skipped.opaque_token, call "
         "skipped doctor.skipped.after"},
        {"tls", core::Errc::unreachable,
         "dns green, tcp green, tls red doctor.tls.closed, clock skipped doctor.skipped.after, "
         "token green, scope skipped doctor.skipped.opaque_token, call skipped "
         "doctor.skipped.after"},
        {"clock", core::Errc::answer_lost,
         "dns green, tcp green, tls green, clock red doctor.clock.no_answer, token green, scope "
         "skipped doctor.skipped.opaque_token, call skipped doctor.skipped.after"}};
    for (const auto& one : cases) {
        Practice practice;
        auto& krr = practice.add("krr", "maskinporten");
        practice.network.fails.emplace(one.step, core::Failure(one.failure));
        const auto all = practice.examine("krr");
        CHECK(said(all) == one.said);
        CHECK(all.finding() == Finding::red);
        CHECK(krr.calls == 0);
    }
}

TEST_CASE("doctor: without a token the scope and the call are not tried") {
    Practice practice;
    auto& krr = practice.add("krr", "maskinporten");
    krr.token_failure.emplace();
    krr.token_failure->code = "maskinporten.mp_200";
    const auto all = practice.examine("krr");
    CHECK(said(all) == "dns green, tcp green, tls green, clock green, token red "
                       "maskinporten.mp_200, scope skipped doctor.skipped.after, call skipped "
                       "doctor.skipped.after");
    CHECK(krr.calls == 0);
}

TEST_CASE("doctor: a token that lacks the scope is told apart from one that is refused") {
    Practice practice;
    auto& krr = practice.add("krr", "maskinporten");
    krr.token = token_for("other:read");
    krr.answer = sdk::ProbeAnswer(Finding::red, "doctor.call.forbidden", {{"status", "403"}});
    const auto all = practice.examine("krr");
    REQUIRE(find(all, "scope") != nullptr);
    CHECK(find(all, "scope")->code.value == "doctor.scope.missing");
    CHECK(find(all, "call")->code.value == "doctor.call.forbidden");
    CHECK(find(all, "call")->seen["status"].as_int() == 403);
}

TEST_CASE("doctor: a token is never shown") {
    Practice practice;
    auto& krr = practice.add("krr", "maskinporten");
    krr.token = token_for("krr:read");
    const auto view = doctor::view_of(practice.examine("krr"), gateway::texts::Language::en);
    CHECK(gateway::json::write(view).find(krr.token) == std::string::npos);
    CHECK(gateway::json::write(view).find("c2ln") == std::string::npos);
}

TEST_CASE("doctor: when everything hangs, also what cannot be cancelled, it ends in ten seconds") {
    Practice practice;
    for (const char* id : {"a", "b", "c", "d"}) {
        auto& one = practice.add(id, "a");
        one.token_hangs = true;
        one.call_hangs = true;
    }
    practice.network.hangs = {"dns", "tcp", "tls", "clock"};
    practice.house.hangs = true;
    const auto began = practice.clock.steady();
    const auto all = practice.examine_all();
    CHECK(practice.clock.steady() - began <= seconds(10));
    REQUIRE(all.size() == 5);
    for (const auto& one : all) {
        CHECK(one.finding() == Finding::red);
    }
    CHECK(find(all[0], "data")->code.value == "doctor.house.silent");
    CHECK(find(all[1], "dns")->code.value == "doctor.dns.silent");
    CHECK(find(all[1], "token")->code.value == "doctor.token.silent");
    CHECK(find(all[1], "call")->finding == Finding::skipped);
}

TEST_CASE("doctor: steps that are all but too slow, and a call that hangs, end in ten seconds") {
    Practice practice;
    auto& krr = practice.add("krr", "maskinporten");
    practice.network.each_takes = std::chrono::milliseconds(1450);
    krr.call_hangs = true;
    const auto began = practice.clock.steady();
    const auto all = practice.examine("krr");
    CHECK(practice.clock.steady() - began <= seconds(10));
    CHECK(find(all, "clock")->finding == Finding::green);
    CHECK(find(all, "call")->code.value == "doctor.call.silent");
}

TEST_CASE("doctor: a hanging name look-up of one place holds up no other") {
    Practice practice;
    auto& fiks = practice.add("fiks", "maskinporten");
    fiks.wanted.places.push_back("amqps://broker.example.no:5671");
    practice.network.hosts_without_answer = {"broker.example.no"};
    const auto all = practice.examine("fiks");
    CHECK(said(all) ==
          "dns green, tcp green, tls green, clock green, dns red doctor.dns.silent, tcp skipped "
          "doctor.skipped.after, tls skipped doctor.skipped.after, clock skipped "
          "doctor.skipped.after, token green, scope skipped doctor.skipped.opaque_token, call "
          "green");
}

TEST_CASE("doctor: a clock off by seconds is yellow, by hours red, and says which way") {
    struct Case {
        seconds ahead;
        const char* said;
    };
    const Case cases[] = {{seconds(3), "clock green"},
                          {seconds(10), "clock yellow doctor.clock.behind"},
                          {seconds(-10), "clock yellow doctor.clock.ahead"},
                          {std::chrono::hours(2), "clock red doctor.clock.behind"},
                          {std::chrono::hours(-2), "clock red doctor.clock.ahead"}};
    for (const auto& one : cases) {
        Practice practice;
        practice.add("krr");
        practice.network.they_are_ahead = one.ahead;
        CHECK(said(practice.examine("krr")).find(one.said) != std::string::npos);
    }
}

TEST_CASE("doctor: who gives tokens is examined with what the others will ask for") {
    Practice practice;
    auto& maskinporten = practice.add("maskinporten");
    practice.add("krr", "maskinporten");
    practice.add("altinn", "maskinporten");
    const auto all = practice.examine("maskinporten");
    REQUIRE(maskinporten.asked.size() == 2);
    CHECK(maskinporten.asked[0].scopes.front() == "altinn:read");
    CHECK(maskinporten.asked[1].scopes.front() == "krr:read");
    CHECK(find(all, "call")->finding == Finding::green);
}

TEST_CASE("doctor: a connection that does not run is red, one that is not there is nothing") {
    Practice practice;
    practice.add("krr");
    practice.running.clear();
    CHECK(said(practice.examine("krr")) == "connection red connection.not_running");
    CHECK_THROWS(practice.examine("unknown"));
}

TEST_CASE("doctor: the house says what is wrong with itself") {
    Practice practice;
    CHECK(said(practice.examine_all().front()) ==
          "data green, disk green, clock green, keys green, scanner green");
    practice.house.writable = false;
    practice.house.free_bytes = 1;
    practice.house.without_key.emplace_back("310000019");
    practice.house.scans = false;
    CHECK(said(practice.examine_all().front()) ==
          "data red doctor.house.data_unwritable, disk red doctor.house.disk_full, clock green, "
          "keys red doctor.house.key_unreadable, scanner red doctor.house.scanner_down");
    practice.house.free_bytes = (1ULL << 30U) + 1;
    practice.house.scans = std::nullopt;
    const auto low = said(practice.examine_all().front());
    CHECK(low.find("disk yellow doctor.house.disk_low") != std::string::npos);
    CHECK(low.find("scanner skipped doctor.skipped.no_scanner") != std::string::npos);
}
