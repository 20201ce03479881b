#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>

using namespace forms_world;

TEST_CASE("forms: 10 000 events, lost, doubled and out of order, end as exactly the right set") {
    World world;
    world.run_for(1s);
    world.validate();
    world.fakes.clock.advance(1min);
    const unsigned seed = Catch::rngSeed() == 0 ? 20260820U : Catch::rngSeed();
    CAPTURE(seed);
    std::mt19937 chance(seed);
    const auto one_of = [&](unsigned n) { return chance() % n == 0; };
    std::set<std::string> right;
    std::size_t too_early = 0;
    world.altinn.on_confirm = [&](const Form& form) {
        const bool stored = std::any_of(
            world.fakes.inbound.messages.rbegin(), world.fakes.inbound.messages.rend(),
            [&](const auto& message) { return message.dedupe_id == "form/" + form.guid; });
        too_early += stored ? 0 : 1;
    };
    std::vector<std::pair<std::string, std::string>> on_the_way;   // app, event
    constexpr int forms_count = 5'300;
    std::size_t events = 0;
    for (int i = 0; i < forms_count; ++i) {
        const std::string app = one_of(5) ? "annet" : "skjema";
        auto& form = world.altinn.add_form(app);
        right.insert("form/" + form.guid);
        const bool in_feed = !one_of(50);
        const std::string text =
            in_feed ? world.altinn.publish(form) : json::write(world.altinn.event_of(form));
        events += in_feed ? 1 : 0;
        if (!one_of(4)) {   // every fourth webhook is lost
            on_the_way.emplace_back(app, text);
        }
        if (one_of(6)) {
            on_the_way.emplace_back(app, text);
        }
        if (i % 500 == 499) {
            std::shuffle(on_the_way.begin(), on_the_way.end(), chance);
            const auto half = on_the_way.size() / 2;   // the rest comes later still
            for (std::size_t k = 0; k < half; ++k) {
                const auto& [of, event] = on_the_way[k];
                CHECK(world.call_back(world.secret(of), event) == sdk::CallbackAnswer::taken);
            }
            on_the_way.erase(on_the_way.begin(), on_the_way.begin() + static_cast<long>(half));
            events += half;
            world.run_for(45s);
            if (i % 1500 == 1499) {
                world.restart();
            }
        }
    }
    for (const auto& [app, event] : on_the_way) {
        CHECK(world.call_back(world.secret(app), event) == sdk::CallbackAnswer::taken);
    }
    events += on_the_way.size();
    world.run_for(70min);
    CHECK(events >= 10'000);
    std::set<std::string> got;
    for (const auto& message : world.fakes.inbound.messages) {
        CHECK(got.insert(message.dedupe_id).second);
    }
    CHECK(got == right);
    CHECK(too_early == 0);
    CHECK(std::all_of(world.altinn.forms.begin(), world.altinn.forms.end(),
                      [](const auto& item) { return item.second.confirmed; }));
}
