#include "gateway/app/cli/context.hpp"
#include "gateway/app/sandbox/demo_calls.hpp"

#include <utility>

// What happens in the population register reaches the system that knows the person, without a form:
// a move, told of by the event, and the new address from the next look-up.

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using demo::ask_json;
using demo::home_of;
using demo::look_up_person;
using demo::word;

constexpr std::chrono::seconds told_within{60};
constexpr std::chrono::milliseconds look_pace{300};
constexpr int pages_max = 1'000;

/// Goes on from `cursor` to where nothing more is; the event of the person's move, or null.
sdk::Task<Result<json::Value>> read_on(sdk::Clock& clock, const DemoPlaces& places,
                                       const std::string& handle, std::string& cursor) {
    for (int page = 0; page < pages_max; ++page) {
        std::string path = "/v1/events?limit=1000";
        if (!cursor.empty()) {
            path += "&after=" + cursor;
        }
        const auto events = co_await ask_json(clock, demo::request_of(places, "GET", path));
        if (!events) {
            co_return events.error();
        }
        const std::string before = std::exchange(cursor, (*events)["next"].as_string());
        for (const json::Value& event : (*events)["items"].items()) {
            if (event["type"].as_string() == "no.sluse.person.moved.v1" &&
                event["subject"].as_string() == handle) {
                co_return event;
            }
        }
        if (cursor == before) {
            break;
        }
    }
    co_return json::Value();
}

}   // namespace

sdk::Task<Result<void>> move_demo_person(sdk::Clock& clock, DemoPlaces places) {
    const auto before = co_await look_up_person(clock, places);
    if (!before) {
        co_return before.error();
    }
    const std::string handle = (*before)["handle"].as_string();
    std::string cursor;
    for (bool more = true; more;) {   // past moves of an earlier run
        const auto earlier = co_await read_on(clock, places, handle, cursor);
        if (!earlier) {
            co_return earlier.error();
        }
        more = !earlier->is_null();
    }
    sdk::HttpRequest move("POST", places.persons_control + "/control/person");
    move.headers.emplace_back("Content-Type", "application/json");
    move.body =
        json::write(json::Value::object().set("number", places.digital_person).set("act", "move"));
    const auto moved = co_await ask_json(clock, std::move(move));
    if (!moved) {
        co_return moved.error();
    }
    json::Value event;
    const auto latest = clock.steady() + told_within;
    while (event.is_null() && clock.steady() < latest) {
        auto told = co_await read_on(clock, places, handle, cursor);
        if (!told) {
            co_return told.error();
        }
        event = std::move(*told);
        if (event.is_null()) {
            co_await clock.sleep_until(clock.steady() + look_pace);
        }
    }
    if (event.is_null()) {
        co_return Failure(Errc::timed_out,
                          word(places, "flyttingen ble ikke varslet", "the move was not told of"));
    }
    const auto after = co_await look_up_person(clock, places);
    if (!after) {
        co_return after.error();
    }
    print("");
    print(word(places, "Personen flytter. Hendelsen kommer til fagsystemet som kjenner den:",
               "The person moves. The event reaches the system that knows them:"));
    print("  " + event["type"].as_string() + "  " + event["subject"].as_string() + "  " +
          word(places, "formål ", "purpose ") + event["data"]["purpose"].as_string());
    print(word(places, "  før:   ", "  before: ") + home_of(*before));
    print(word(places, "  etter: ", "  after:  ") + home_of(*after));
    if (home_of(*before) == home_of(*after)) {
        co_return Failure(Errc::conflict,
                          word(places, "adressen er den gamle", "the address is the old one"));
    }
    co_return Result<void>();
}

}   // namespace gateway::app
