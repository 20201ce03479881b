#include "gateway/json/schema.hpp"
#include "gateway/plugins/loader.hpp"
#include "tests/contract/adapters/suite/world.hpp"

#include <algorithm>

using namespace gateway;
using candidates::cancelled;
using candidates::Candidate;
using candidates::for_each_adapter;
using candidates::World;
using std::chrono::seconds;
using tests::run;

TEST_CASE("adapters: all are found in their folder and loaded") {
    const auto loaded = plugins::Registry::load(SLUSE_ADAPTERS_DIR);
    REQUIRE(loaded.has_value());
    for_each_adapter([&](const Candidate& candidate) {
        CHECK((loaded->find(candidate.name) != nullptr) == (candidate.built_in == nullptr));
    });
}

TEST_CASE("adapters: a library that is no adapter, or was built for another gateway, is refused "
          "with the reason") {
    const auto other = plugins::load_adapter(SLUSE_BAD_PLUGINS "/no_symbol.so");
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().detail.find("gateway_adapter_v1") != std::string::npos);
    const auto wrong = plugins::load_adapter(SLUSE_BAD_PLUGINS "/wrong_stamp.so");
    REQUIRE_FALSE(wrong.has_value());
    CHECK(wrong.error().detail.find("headers_sha256 is \"0000\"") != std::string::npos);
    CHECK_FALSE(plugins::Registry::load(SLUSE_BAD_PLUGINS).has_value());
}

TEST_CASE("adapters: good settings pass their schemas, bad ones do not") {
    for_each_adapter([](const Candidate& candidate) {
        const auto* descriptor = candidates::descriptor(candidate);
        REQUIRE(descriptor != nullptr);
        const auto config = json::Schema::compile(descriptor->config_schema);
        const auto route = json::Schema::compile(descriptor->route_schema);
        REQUIRE(config.has_value());
        REQUIRE(route.has_value());
        CHECK(config->check(*json::parse(candidate.config)).empty());
        CHECK(route->check(*json::parse(candidate.route)).empty());
        for (const auto& bad : candidate.bad_configs) {
            INFO(bad);
            CHECK_FALSE(config->check(*json::parse(bad)).empty());
        }
        for (const auto& bad : candidate.bad_routes) {
            INFO(bad);
            CHECK_FALSE(route->check(*json::parse(bad)).empty());
        }
    });
}

TEST_CASE("adapters: without a base URL nothing is made") {
    for_each_adapter([](const Candidate& candidate) {
        tests::FakeHost fake;
        sdk::ConnectionFacts facts;
        facts.settings = candidate.config;
        CHECK_FALSE(candidates::descriptor(candidate)->create(facts, *fake.host).has_value());
    });
}

TEST_CASE("adapters: making and starting one asks nobody, and an upstream that is down does not "
          "stop it") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        CHECK(world.fake.http.calls().empty());
        world.fake.http.always("", "").fail(core::Errc::unreachable);
        CHECK(run(world.io, world.adapter->start(world.in(5))).has_value());
        const auto health = run(world.io, world.adapter->check_health(world.in(5)));
        CHECK(health.condition == sdk::Condition::down);
        CHECK_FALSE(health.code.empty());
    });
}

TEST_CASE("adapters: stop is safe without start, and twice") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        run(world.io, world.adapter->stop(world.in(1)));
        run(world.io, world.adapter->stop(world.in(1)));
        World started(candidate);
        CHECK(run(started.io, started.adapter->start(started.in(5))).has_value());
        run(started.io, started.adapter->stop(started.in(1)));
    });
}

TEST_CASE("adapters: one that carries messages says so, one that does not has no sender") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        CHECK((world.adapter->sender() != nullptr) == candidate.sends);
        CHECK(candidates::descriptor(candidate)->capabilities().empty() != candidate.sends);
    });
}

TEST_CASE("adapters: a lost answer is unknown, and no connection is not") {
    for_each_adapter(
        [](const Candidate& candidate) {
            World world(candidate);
            for (const auto lost :
                 {core::Errc::answer_lost, core::Errc::bad_answer, core::Errc::too_large}) {
                world.fake.http.next().fail(lost);
                CHECK(world.send(candidates::delivery(candidate)).verdict == sdk::Verdict::unknown);
            }
            for (const auto none :
                 {core::Errc::unreachable, core::Errc::tls_expired, core::Errc::timed_out}) {
                world.fake.http.next().fail(none);
                CHECK(world.send(candidates::delivery(candidate)).verdict ==
                      sdk::Verdict::try_later);
            }
        },
        true);
}

TEST_CASE("adapters: an attempt is cancelled in the middle, and the adapter lives on") {
    for_each_adapter(
        [](const Candidate& candidate) {
            World world(candidate);
            const auto delivery = candidates::delivery(candidate);
            world.fake.http.next().hang();
            CHECK(cancelled(world, world.adapter->sender()->send(delivery, world.progress,
                                                                 world.in(60))) ==
                  boost::asio::error::operation_aborted);
            CHECK(world.fake.clock.sleepers() == 0);
            if (!candidate.resume_body.empty()) {
                world.fake.http.next().answer_json(200, candidate.resume_body);
            }
            if (!candidate.resume_finds) {
                world.accepts(candidate);
            }
            CHECK(world.send(delivery).verdict == sdk::Verdict::accepted);
        },
        true);
}

TEST_CASE(
    "adapters: what the capability says of repeats is true: the delivery's key is in the request") {
    for_each_adapter(
        [](const Candidate& candidate) {
            const auto& capability = candidates::descriptor(candidate)->capabilities().front();
            World world(candidate);
            const auto delivery = candidates::delivery(candidate);
            world.accepts(candidate);
            const auto outcome = world.send(delivery);
            CHECK(outcome.verdict == sdk::Verdict::accepted);
            CHECK(outcome.delivered_already ==
                  (candidate.is_answer || !capability.receipts_arrive_later));
            CHECK(capability.message_type == candidate.message_type);
            const auto& calls = world.fake.http.calls();
            const bool in_request = std::any_of(calls.begin(), calls.end(), [&](const auto& call) {
                const bool in_header =
                    std::any_of(call.headers.begin(), call.headers.end(), [&](const auto& header) {
                        return header.second == delivery.upstream_key;
                    });
                const std::string words =
                    candidate.unwrap ? candidate.unwrap(call.body) : call.body;
                return in_header || words.find(delivery.upstream_key) != std::string::npos;
            });
            CHECK(in_request == (capability.deduplicates != sdk::Deduplicates::none ||
                                 (capability.lookup_is_final && !candidate.found_by_facts)));
        },
        true);
}

TEST_CASE("adapters: one that answers look-ups finds what is there, one that cannot says unknown") {
    for_each_adapter(
        [](const Candidate& candidate) {
            const auto& capability = candidates::descriptor(candidate)->capabilities().front();
            World world(candidate);
            const auto delivery = candidates::delivery(candidate);
            if (!candidate.lookup_progress.empty()) {
                world.progress = tests::FakeProgress(candidate.lookup_progress);
            }
            if (capability.answers_lookup) {
                world.fake.http.next().answer_json(200, candidate.lookup_body);
            }
            const auto outcome = run(
                world.io, world.adapter->sender()->look_up(delivery, world.progress, world.in(60)));
            CHECK(outcome.verdict ==
                  (capability.answers_lookup ? sdk::Verdict::accepted : sdk::Verdict::unknown));
            CHECK(outcome.upstream_reference.empty() != capability.answers_lookup);
        },
        true);
}

TEST_CASE("adapters: one that cannot cancel refuses to") {
    for_each_adapter(
        [](const Candidate& candidate) {
            const auto& capability = candidates::descriptor(candidate)->capabilities().front();
            if (!capability.can_cancel) {
                World world(candidate);
                const auto delivery = candidates::delivery(candidate);
                CHECK(run(world.io, world.adapter->sender()->cancel(delivery, world.in(60)))
                          .verdict == sdk::Verdict::rejected);
            }
        },
        true);
}

TEST_CASE("adapters: tokens, keys, recipients and what the upstream said are never in the log") {
    for_each_adapter(
        [](const Candidate& candidate) {
            World world(candidate);
            for (const int status : {200, 400, 401, 401, 409, 500}) {
                world.fake.http.next().answer(status, "said about 17859130003");
            }
            for (int i = 0; i < 6 && world.fake.http.steps_left() > 0; ++i) {
                world.send(candidates::delivery(candidate));
            }
            world.fake.http.forget();
            for (const char* secret :
                 {"token-", "a-subscription-key", "17859130003", "Tittel", "said about"}) {
                CHECK_FALSE(world.fake.log.holds(secret));
            }
        },
        true);
}

TEST_CASE("adapters: nothing personal and no token is ever in a URL") {
    for_each_adapter(
        [](const Candidate& candidate) {
            World world(candidate);
            world.accepts(candidate);
            world.send(candidates::delivery(candidate));
            for (const auto& call : world.fake.http.calls()) {
                CHECK(call.url.find("17859130003") == std::string::npos);
                CHECK(call.url.find("token-") == std::string::npos);
            }
        },
        true);
}
