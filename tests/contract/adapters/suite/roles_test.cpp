#include "world.hpp"

#include <algorithm>

// What is asked of an adapter that receives, or has a register.

using namespace gateway;
using namespace candidates;
using namespace std::chrono_literals;

namespace {

template <class F>
void for_each_receiver(F function) {
    for_each_adapter([&](const Candidate& candidate) {
        if (candidate.news) {
            function(candidate);
        }
    });
}

template <class F>
void for_each_register(F function) {
    for_each_adapter([&](const Candidate& candidate) {
        if (!candidate.dataset.empty()) {
            function(candidate);
        }
    });
}

sdk::RegisterQuery query_of(const Candidate& candidate) {
    sdk::RegisterQuery query;
    query.tenant = core::TenantId("991825827");
    query.dataset = candidate.dataset;
    query.purpose = candidate.purpose;
    query.keys = {candidate.key};
    return query;
}

/// The answer, through as much virtual time as it takes, up to its deadline.
sdk::RegisterAnswer look_up(World& world, const Candidate& candidate) {
    std::optional<sdk::RegisterAnswer> answer;
    boost::asio::co_spawn(world.io,
                          world.adapter->registry()->look_up(query_of(candidate), world.in(30)),
                          [&](const std::exception_ptr& error, sdk::RegisterAnswer result) {
                              CHECK_FALSE(error);
                              answer = std::move(result);
                          });
    tests::run_until(
        world.io, world.fake.clock, [&] { return answer.has_value(); }, 60s);
    REQUIRE(answer);
    return std::move(*answer);
}

bool is_acknowledged(World& world, const Candidate& candidate) {
    const auto& calls = world.fake.http.calls();
    return std::any_of(calls.begin(), calls.end(), candidate.acknowledges);
}

std::size_t handed_over(const World& world) {
    const auto& kept = world.fake.inbound;
    return kept.receipts.size() + kept.messages.size() + kept.oddities.size();
}

}   // namespace

TEST_CASE("adapters: the roles are those that are declared") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        const auto* made = descriptor(candidate);
        CHECK((made->datasets != nullptr) == (world.adapter->registry() != nullptr));
        if (candidate.news) {
            CHECK(world.adapter->receiver() != nullptr);
        }
        if (!candidate.dataset.empty()) {
            REQUIRE(made->datasets != nullptr);
            const auto datasets = made->datasets();
            CHECK(std::count(datasets.begin(), datasets.end(), candidate.dataset) == 1);
        }
        for (const auto& capability : made->capabilities()) {
            if (capability.receipts_are_pushed) {
                CHECK(capability.receipts_arrive_later);
                CHECK(world.adapter->receiver() != nullptr);
            }
        }
    });
}

TEST_CASE("adapters: a register whose upstream is down says so, and that waiting can help") {
    for_each_register([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").fail(core::Errc::unreachable);
        const auto answer = look_up(world, candidate);
        REQUIRE(answer.failure);
        CHECK(answer.failure->passing);
        CHECK_FALSE(answer.failure->code.empty());
        CHECK(answer.entries.empty());
    });
}

TEST_CASE(
    "adapters: a look-up is cut off in the middle, and the next one is asked anew or waits for "
    "a call that serves others, too") {
    for_each_register([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").hang();
        Running running(world,
                        world.adapter->registry()->look_up(query_of(candidate), world.in(3600)));
        world.pass(10s);
        CHECK_FALSE(running.ended());
        CHECK(running.cancel() == boost::asio::error::operation_aborted);
        CHECK((world.fake.clock.sleepers() == 0 || candidate.shares_calls));
        const auto before = world.fake.http.calls().size();
        CHECK(look_up(world, candidate).failure.has_value());
        CHECK((world.fake.http.calls().size() > before) != candidate.shares_calls);
    });
}

TEST_CASE("adapters: whom a register is asked about is in no log and no URL") {
    for_each_register([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").answer(500, "said about " + candidate.key);
        look_up(world, candidate);
        CHECK_FALSE(world.fake.log.holds(candidate.key));
        for (const auto& call : world.fake.http.calls()) {
            CHECK(
                (!candidate.key_is_personal || call.url.find(candidate.key) == std::string::npos));
        }
    });
}

TEST_CASE("adapters: a receiver whose upstream is down waits for it, with growing pauses") {
    for_each_receiver([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").fail(core::Errc::unreachable);
        Running running(world, world.adapter->receiver()->receive());
        world.pass(1h);
        CHECK_FALSE(running.ended());
        CHECK(world.fake.http.calls().size() > 3);
        CHECK(world.fake.http.calls().size() < 600);
        CHECK(world.fake.inbound.calls == 0);
        CHECK(world.fake.inbound.alive_count == 0);
        CHECK(running.cancel() == boost::asio::error::operation_aborted);
        CHECK(world.fake.clock.sleepers() == 0);
    });
}

TEST_CASE("adapters: a receiver is cut off in the middle of a call, and can be stopped and started "
          "again") {
    for_each_receiver([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").hang();
        for (int times = 0; times < 2; ++times) {
            Running running(world, world.adapter->receiver()->receive());
            world.pass(1s);
            CHECK_FALSE(world.fake.http.calls().empty());
            CHECK(running.cancel() == boost::asio::error::operation_aborted);
            CHECK(world.fake.clock.sleepers() == 0);
        }
        tests::run(world.io, world.adapter->stop(world.in(5)));
        tests::run(world.io, world.adapter->stop(world.in(5)));
    });
}

TEST_CASE("adapters: news is handed over once it came, and told to be done with only after it is "
          "kept") {
    for_each_receiver([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").answer_with(candidate.news);
        world.fake.inbound.failure.emplace(core::Errc::storage_full);
        Running running(world, world.adapter->receiver()->receive());
        world.pass(2min);
        CHECK(world.fake.inbound.calls > 0);
        CHECK_FALSE(is_acknowledged(world, candidate));
        CHECK(world.fake.inbound.alive_count > 0);
        world.fake.inbound.failure.reset();
        world.fake.inbound.on_call = [&] {
            CHECK((handed_over(world) > 0 || !is_acknowledged(world, candidate)));
        };
        world.pass(10min);
        world.fake.inbound.on_call = nullptr;
        CHECK(handed_over(world) == 1);
        CHECK(is_acknowledged(world, candidate));
        running.cancel();
    });
}

TEST_CASE("adapters: news that is told again is acknowledged again, and news of nobody's delivery "
          "does not stop the rest") {
    for_each_receiver([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").answer_with(candidate.news);
        Running running(world, world.adapter->receiver()->receive());
        world.pass(10min);
        REQUIRE(handed_over(world) == 1);
        CHECK((world.fake.inbound.calls > 1) != candidate.remembers_news);
        for (const auto& news : world.fake.inbound.receipts) {
            world.fake.inbound.strangers.insert(news.delivery);
        }
        const auto calls = world.fake.inbound.calls;
        world.pass(10min);
        CHECK((world.fake.inbound.calls > calls) != candidate.remembers_news);
        CHECK_FALSE(running.ended());
        running.cancel();
    });
}
