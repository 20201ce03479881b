#include "gateway/app/cli/context.hpp"
#include "gateway/app/sandbox/demo_calls.hpp"

// Data stored once: a person from the population register, fetched once and reused, and who saw it.

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using demo::ask_json;
using demo::home_of;
using demo::look_up_person;
using demo::pad;
using demo::word;

/// How many persons the register has been asked about.
sdk::Task<Result<std::int64_t>> persons_asked(sdk::Clock& clock, const DemoPlaces& places) {
    sdk::HttpRequest request("GET", places.persons_control + "/control/state");
    const auto state = co_await ask_json(clock, std::move(request));
    if (!state) {
        co_return state.error();
    }
    co_return (*state)["persons_asked"].as_int();
}

const std::string& freshness_of(const json::Value& answer) {
    return answer["fields"]["names"]["freshness"].as_string();
}

/// For people; nothing is fresh of what was only told of.
std::string how(const DemoPlaces& places, const std::string& freshness) {
    if (freshness.empty()) {
        return word(places, "varslet", "told");
    }
    if (freshness == "fetched") {
        return word(places, "hentet", "fetched");
    }
    return freshness == "fresh" ? word(places, "lagret", "held") : freshness;
}

void print_person(const json::Value& answer) {
    const json::Value& names = answer["values"]["names"];
    print("  " + names["first"].as_string() + " " + names["last"].as_string() + ", " +
          home_of(answer));
}

std::string list_of(const json::Value& fields) {
    std::string list;
    for (const json::Value& field : fields.items()) {
        list += (list.empty() ? "" : ", ") + field.as_string();
    }
    return list;
}

void print_log(const DemoPlaces& places, const json::Value& log) {
    print("");
    print(word(places, "Innsynsloggen for personen:", "The person's access log:"));
    print("");
    print("  " + pad(word(places, "tid (UTC)", "time (UTC)"), 22) +
          pad(word(places, "system", "system"), 12) + pad(word(places, "formål", "purpose"), 10) +
          pad(word(places, "hjemmel", "legal basis"), 22) +
          pad(word(places, "hvordan", "how"), 10) + word(places, "opplysninger", "fields"));
    for (const json::Value& entry : log["items"].items()) {
        print("  " + pad(entry["at"].as_string().substr(0, 19), 22) +
              pad(entry["system"].as_string(), 12) + pad(entry["purpose"].as_string(), 10) +
              pad(entry["legalBasis"].as_string(), 22) +
              pad(how(places, entry["freshness"].as_string()), 10) + list_of(entry["fields"]));
    }
}

/// Entries of reads of the person's record.
std::size_t reads_in(const json::Value& log) {
    std::size_t count = 0;
    for (const json::Value& entry : log["items"].items()) {
        count += entry["kind"].as_string() == "read" ? 1 : 0;
    }
    return count;
}

}   // namespace

sdk::Task<Result<void>> look_up_demo_person(sdk::Clock& clock, DemoPlaces places) {
    const auto before = co_await persons_asked(clock, places);
    if (!before) {
        co_return before.error();
    }
    const auto first = co_await look_up_person(clock, places);
    if (!first) {
        co_return first.error();
    }
    const auto again = co_await look_up_person(clock, places);
    if (!again) {
        co_return again.error();
    }
    const auto after = co_await persons_asked(clock, places);
    if (!after) {
        co_return after.error();
    }
    // In a folder that was kept, the first look-up may find what an earlier run fetched.
    const bool fetched = freshness_of(*first) == "fetched";
    if (freshness_of(*again) != "fresh" || *after - *before != (fetched ? 1 : 0)) {
        co_return Failure(Errc::conflict, word(places, "Folkeregisteret er spurt så mange ganger: ",
                                               "the register was asked so many times: ") +
                                              std::to_string(*after - *before));
    }
    print("");
    print(word(places, "Et oppslag i Folkeregisteret, til opptak i barnehage: ",
               "A look-up in the population register, for admission to kindergarten: ") +
          how(places, freshness_of(*first)));
    print_person(*first);
    print(word(places, "Samme oppslag igjen: ", "The same look-up again: ") +
          how(places, freshness_of(*again)) +
          word(places, ". Så mange ganger er Folkeregisteret spurt: ",
               ". So many times the register was asked: ") +
          std::to_string(*after - *before));
    const auto log = co_await ask_json(
        clock, demo::request_of(places, "GET",
                                "/v1/persons/" + (*first)["handle"].as_string() + "/access-log"));
    if (!log) {
        co_return log.error();
    }
    print_log(places, *log);
    if (reads_in(*log) < 2) {
        co_return Failure(Errc::conflict, word(places, "begge oppslagene står ikke i loggen",
                                               "the log does not have both look-ups"));
    }
    co_return Result<void>();
}

}   // namespace gateway::app
