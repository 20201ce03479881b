// Many readers at once while the register is slow, fails, or asks to be left alone: what is held is
// answered, marked; nothing wrong is; and the register is asked a bounded number of times.

#include "keeping_world.hpp"
#include "tests/support/national_ids.hpp"

#include <algorithm>
#include <exception>

using namespace gateway;
using namespace tests::records;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t persons = 30;
constexpr std::size_t systems = 10;

void rethrow(const std::exception_ptr& failure) {
    if (failure) {
        std::rethrow_exception(failure);
    }
}

class Storm {
public:
    Storm() {
        unsigned at = 0;
        for (std::size_t i = 0; i < persons; ++i) {
            keys.push_back(tests::next_synthetic_id(at));
            auto value = World::person(keys.back());
            auto names = value["names"];
            names.set("first", "N" + std::to_string(i));
            value.set("names", std::move(names));
            world.freg.persons[keys.back()] = value;
        }
    }

    /// Each system asks for each of them, at the same moment.
    void break_loose(std::size_t of = persons) {
        answers.clear();
        wanted = of * systems;
        for (std::size_t system = 0; system < systems; ++system) {
            for (std::size_t i = 0; i < of; ++i) {
                boost::asio::co_spawn(world.io, ask(system, i), rethrow);
            }
        }
        const auto all_answered = [this] { return answers.size() == wanted; };
        REQUIRE(tests::run_until(world.io, world.clock, all_answered, 10min));
    }

    sdk::Task<void> ask(std::size_t system, std::size_t whom) {
        auto question = world.question(keys[whom].c_str());
        question.asker.caller.system = core::SystemId("system-" + std::to_string(system));
        question.fields.emplace({std::string("names")});
        auto answer = co_await world.service->look_up(std::move(question));
        answers.emplace_back(whom, std::move(answer));
    }

    /// How many were answered with this freshness; each with the right person's name.
    std::size_t answered(const std::string& freshness) const {
        std::size_t count = 0;
        for (const auto& [whom, answer] : answers) {
            if (answer.refusal) {
                continue;
            }
            const auto& record = answer.records.front();
            REQUIRE(record.values["names"]["first"].as_string() == "N" + std::to_string(whom));
            count += record.fields.at("names").freshness == freshness ? 1 : 0;
        }
        return count;
    }
    std::size_t refused(const char* code) const {
        return static_cast<std::size_t>(
            std::count_if(answers.begin(), answers.end(), [code](const auto& one) {
                return one.second.refusal && one.second.refusal->code == core::Code(code);
            }));
    }
    std::size_t calls() {
        const auto count = world.freg.asked.size();
        world.freg.asked.clear();
        return count;
    }
    void fail(std::optional<std::chrono::seconds> retry_after = std::nullopt) {
        sdk::RegisterFailure failure;
        failure.code = "krr.unavailable";
        failure.retry_after = retry_after;
        world.freg.failure = failure;
    }

    KeepingWorld kept;
    World& world = kept.world;
    std::vector<std::string> keys;
    std::vector<std::pair<std::size_t, ports::LookUpAnswer>> answers;
    std::size_t wanted = 0;
};

}   // namespace

TEST_CASE(
    "storm: ten systems that ask for the same persons at once cost one call for each person") {
    Storm storm;
    storm.break_loose();
    CHECK(storm.answered("fetched") == persons * systems);
    CHECK(storm.calls() == persons);
    storm.break_loose();
    CHECK(storm.answered("fresh") == persons * systems);
    CHECK(storm.calls() == 0);
    CHECK(storm.kept.log().size() == 2 * persons * systems);
}

TEST_CASE("storm: of a register that is too slow what is held is given, marked, and it is let be") {
    Storm storm;
    storm.break_loose(persons / 2);
    storm.calls();
    storm.world.clock.advance(25h);
    storm.world.freg.hangs = true;
    storm.break_loose();
    CHECK(storm.answered("stale") == persons / 2 * systems);
    CHECK(storm.answers.size() - storm.answered("stale") ==
          storm.refused("records.register_slow") + storm.refused("records.register_unavailable"));
    CHECK(storm.calls() <= persons);
    storm.break_loose();
    CHECK(storm.answered("stale") == persons / 2 * systems);
    CHECK(storm.calls() <= persons);
    storm.world.freg.hangs = false;
    storm.world.clock.advance(10min);
    storm.break_loose();
    CHECK(storm.answered("fetched") == persons * systems);
    CHECK(storm.calls() <= persons);
}

TEST_CASE(
    "storm: a register that fails, or asks to be let be, is asked no oftener than it can bear") {
    Storm storm;
    storm.break_loose();
    storm.calls();
    storm.world.clock.advance(25h);
    storm.fail();
    const auto begun = storm.world.clock.now();
    for (int second = 0; second < 60; ++second) {
        storm.break_loose(3);
        CHECK(storm.answered("stale") == 3 * systems);
        storm.world.clock.advance(1s);
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(storm.world.clock.now() - begun).count();
    // Left alone for two seconds after each failure; at most each of three persons meets it then.
    CHECK(storm.calls() <= static_cast<std::size_t>(3 * (seconds / 2 + 1)));
    storm.world.clock.advance(1min);
    storm.fail(30s);
    for (int second = 0; second < 300; ++second) {
        storm.break_loose(3);
        CHECK(storm.answered("stale") == 3 * systems);
        storm.world.clock.advance(1s);
    }
    CHECK(storm.calls() <= 3 * 11);
    storm.world.freg.failure.reset();
    storm.world.clock.advance(1min);
    storm.break_loose();
    CHECK(storm.answered("fetched") == persons * systems);
    CHECK(storm.calls() == persons);
}

TEST_CASE("look-up: a batch renews what ends soon in the same call, one person alone does not") {
    Storm storm;
    auto question = storm.world.question();
    question.keys = storm.keys;
    storm.world.ask(question);
    CHECK(storm.calls() == 1);
    storm.world.clock.advance(23h);
    storm.world.ask(storm.world.question(storm.keys.front().c_str()));
    CHECK(storm.calls() == 0);
    auto few = question;
    few.keys.resize(9);
    storm.world.ask(few);
    CHECK(storm.calls() == 0);
    const auto renewed = storm.world.ask(question);
    CHECK(renewed.records.front().fields.at("names").freshness == "fetched");
    CHECK(storm.calls() == 1);
    storm.world.clock.advance(2h);
    CHECK(storm.world.ask(few).records.front().fields.at("names").freshness == "fresh");
    CHECK(storm.calls() == 0);
    // It is only a chance taken: what is fresh stays so when the register does not answer.
    storm.world.clock.advance(21h);
    storm.fail();
    const auto kept = storm.world.ask(question);
    CHECK(kept.records.front().fields.at("names").freshness == "fresh");
}
