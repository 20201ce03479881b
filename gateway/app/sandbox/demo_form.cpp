#include "gateway/app/cli/context.hpp"
#include "gateway/app/sandbox/demo_calls.hpp"

#include <set>

// The way in: from a form at Altinn to a system's inbox.

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using demo::ask_json;
using demo::word;

constexpr std::chrono::seconds arrival_time_max{60};
constexpr std::chrono::milliseconds look_again{100};

/// Somebody sends in a form; its id at Altinn, "<party>/<guid>".
sdk::Task<Result<std::string>> submit(sdk::Clock& clock, const DemoPlaces& places) {
    sdk::HttpRequest request("POST", places.forms_control + "/control/forms");
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = "{}";
    const auto made = co_await ask_json(clock, std::move(request));
    if (!made) {
        co_return made.error();
    }
    const auto& instances = (*made)["instances"].items();
    if (instances.size() != 1) {
        co_return Failure(Errc::bad_answer, "/control/forms");
    }
    co_return instances.front().as_string();
}

/// The instance as the stand-in has it.
sdk::Task<Result<json::Value>> at_altinn(sdk::Clock& clock, const DemoPlaces& places,
                                         const std::string& instance) {
    sdk::HttpRequest request("GET", places.forms_control + "/control/state");
    const auto state = co_await ask_json(clock, std::move(request));
    if (!state) {
        co_return state.error();
    }
    for (const json::Value& one : (*state)["instances"].items()) {
        if (one["id"].as_string() == instance) {
            co_return one;
        }
    }
    co_return Failure(Errc::not_found, "Altinn: " + instance);
}

/// The item that this form became, leased.
sdk::Task<Result<json::Value>> fetch(sdk::Clock& clock, const DemoPlaces& places,
                                     const std::string& instance) {
    const std::string guid = instance.substr(instance.find('/') + 1);
    const core::SteadyTime end = clock.steady() + arrival_time_max;
    while (clock.steady() < end) {
        const auto page =
            co_await ask_json(clock, demo::request_of(places, "GET", "/v1/inbox?wait=5&max=100"));
        if (!page) {
            co_return page.error();
        }
        for (const json::Value& item : (*page)["items"].items()) {
            if (item["upstreamId"].as_string().find(guid) != std::string::npos) {
                co_return item;
            }
        }
    }
    co_return Failure(Errc::timed_out, word(places, "skjemaet kom ikke til innboksen i tide",
                                            "the form did not reach the inbox in time"));
}

sdk::Task<Result<void>> acknowledge(sdk::Clock& clock, const DemoPlaces& places,
                                    const json::Value& item) {
    json::Value substatus = json::Value::object();
    substatus.set("label", "Mottatt").set("description", "Sandkassa kommune har fått skjemaet");
    json::Value answer = json::Value::object();
    answer.set("substatus", std::move(substatus));
    json::Value body = json::Value::object();
    body.set("lease", item["lease"]).set("answer", std::move(answer));
    auto request = demo::request_of(places, "POST", "/v1/inbox/" + item["id"].as_string() + "/ack");
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = json::write(body);
    const auto settled = co_await ask_json(clock, std::move(request));
    if (!settled) {
        co_return settled.error();
    }
    co_return Result<void>();
}

/// Confirmed once, and who sent the form is shown what the system said.
bool is_settled(const json::Value& instance) {
    return instance["completeConfirmations"].items().size() == 1 &&
           instance["status"]["substatus"]["label"].as_string() == "Mottatt";
}

/// The hashes of the files in the inbox, and of those that were sent in.
bool same_bytes(const json::Value& item, const json::Value& instance) {
    std::multiset<std::string> stored;
    std::multiset<std::string> sent;
    for (const json::Value& document : item["documents"].items()) {
        stored.insert(document["sha256"].as_string());
    }
    for (const auto& [id, hash] : instance["sha256"].members()) {
        sent.insert(hash.as_string());
    }
    return !sent.empty() && stored == sent;
}

void print_item(const DemoPlaces& places, const json::Value& item) {
    print(word(places,
               "Det ligger i innboksen til fagsystemet: ", "It lies in the system's inbox: ") +
          item["id"].as_string() + " (" + item["type"].as_string() + ", " +
          item["connection"].as_string() + ")");
    for (const json::Value& document : item["documents"].items()) {
        print("  " + document["name"].as_string() + ", " +
              std::to_string(document["size"].as_int()) + " byte, SHA-256 " +
              document["sha256"].as_string());
    }
}

}   // namespace

sdk::Task<Result<void>> receive_demo_form(sdk::Clock& clock, DemoPlaces places) {
    const auto instance = co_await submit(clock, places);
    if (!instance) {
        co_return instance.error();
    }
    print("");
    print(word(places, "Et skjema fra en innbygger, sendt inn i Altinn: ",
               "A form from a citizen, sent in at Altinn: ") +
          *instance);
    const auto item = co_await fetch(clock, places, *instance);
    if (!item) {
        co_return item.error();
    }
    print_item(places, *item);
    const auto acknowledged = co_await acknowledge(clock, places, *item);
    if (!acknowledged) {
        co_return acknowledged.error();
    }
    const core::SteadyTime end = clock.steady() + arrival_time_max;
    while (clock.steady() < end) {
        const auto seen = co_await at_altinn(clock, places, *instance);
        if (!seen) {
            co_return seen.error();
        }
        if (is_settled(*seen) && !same_bytes(*item, *seen)) {
            co_return Failure(Errc::conflict,
                              word(places, "innboksen har andre filer enn de som ble sendt inn",
                                   "the inbox has other files than were sent in"));
        }
        if (is_settled(*seen)) {
            print("");
            print(word(places,
                       "Fagsystemet har kvittert. Altinn vet at akkurat disse filene er hentet, og "
                       "innbyggeren ser «Mottatt».",
                       "The system has acknowledged. Altinn knows that exactly these files were "
                       "fetched, and the citizen is shown \"Mottatt\"."));
            co_return Result<void>();
        }
        co_await clock.sleep_until(clock.steady() + look_again);
    }
    co_return Failure(Errc::timed_out, word(places, "Altinn fikk ikke vite om skjemaet i tide",
                                            "Altinn was not told of the form in time"));
}

}   // namespace gateway::app
