#include "gateway/app/cli/context.hpp"
#include "gateway/app/sandbox/demo_calls.hpp"
#include "gateway/app/sandbox/pdf.hpp"

#include <set>

// Into the archive: a journal post over KS Fiks, and its number back.

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using demo::ask_json;
using demo::word;

constexpr std::chrono::seconds archive_time_max{90};
constexpr std::chrono::milliseconds look_again{100};
constexpr const char* boundary = "sluse-demo-arkiv-5e0b";

json::Value journal_post(const DemoPlaces& places) {
    json::Value key = json::Value::object();
    key.set("system", "Sandkassa").set("key", places.reference);
    json::Value folder = json::Value::object();
    folder.set("title", "Brev fra sandkassa").set("externalKey", std::move(key));
    json::Value record = json::Value::object();
    record.set("kind", "U").set("title", "Det første brevet");
    json::Value document = json::Value::object();
    document.set("part", "vedtak").set("name", "vedtak.pdf").set("title", "Vedtak");
    document.set("mediaType", "application/pdf");
    json::Value message = json::Value::object();
    message.set("type", "archive").set("version", 1).set("intent", "searchOrNew");
    message.set("reference", places.reference + "-arkiv");
    message.set("case", std::move(folder)).set("record", std::move(record));
    message.set("documents", json::Value::array().push(std::move(document)));
    return message;
}

std::string body_of(const DemoPlaces& places) {
    const std::string pdf =
        make_pdf({"Det første brevet", "", "Arkivert gjennom KS Fiks.", places.reference});
    const std::string line = std::string("--") + boundary;
    return line +
           "\r\nContent-Disposition: form-data; name=\"message\"\r\n"
           "Content-Type: application/json\r\n\r\n" +
           json::write(journal_post(places)) + "\r\n" + line +
           "\r\nContent-Disposition: form-data; name=\"vedtak\"; filename=\"vedtak.pdf\"\r\n"
           "Content-Type: application/pdf\r\n\r\n" +
           pdf + "\r\n" + line + "--\r\n";
}

/// Its id.
sdk::Task<Result<std::string>> send(sdk::Clock& clock, const DemoPlaces& places) {
    auto request = demo::request_of(places, "POST", "/v1/messages");
    request.headers.emplace_back("Content-Type",
                                 std::string("multipart/form-data; boundary=") + boundary);
    request.headers.emplace_back("Idempotency-Key", places.reference + "-arkiv");
    request.body = body_of(places);
    const auto response = co_await demo::call(clock, std::move(request));
    if (!response) {
        co_return response.error();
    }
    const auto answer = json::parse_or_failure(response->body);
    if (response->status != 202 || !answer) {
        co_return demo::answered(*response);
    }
    co_return (*answer)["id"].as_string();
}

/// "2026/17"; empty while the archive has not said it.
std::string journal_of(const json::Value& message) {
    const json::Value& journal = message["result"]["record"]["journal"];
    return journal.is_object() ? std::to_string(journal["year"].as_int()) + "/" +
                                     std::to_string(journal["sequence"].as_int())
                               : std::string();
}

/// The number, once the archive has given it.
sdk::Task<Result<std::string>> follow(sdk::Clock& clock, const DemoPlaces& places,
                                      const std::string& id) {
    std::set<std::string> seen;
    const core::SteadyTime end = clock.steady() + archive_time_max;
    while (clock.steady() < end) {
        const auto events = co_await ask_json(
            clock, demo::request_of(places, "GET", "/v1/messages/" + id + "/events"));
        if (!events) {
            co_return events.error();
        }
        for (const json::Value& event : (*events)["items"].items()) {
            if (seen.insert(event["id"].as_string()).second) {
                demo::print_event(event);
            }
        }
        const auto message =
            co_await ask_json(clock, demo::request_of(places, "GET", "/v1/messages/" + id));
        if (!message) {
            co_return message.error();
        }
        if (std::string number = journal_of(*message); !number.empty()) {
            co_return number;
        }
        if ((*message)["state"].as_string() == "failed") {
            co_return Failure(Errc::conflict, word(places, "arkivet tok det ikke imot",
                                                   "the archive did not take it"));
        }
        co_await clock.sleep_until(clock.steady() + look_again);
    }
    co_return Failure(Errc::timed_out, word(places, "arkivet svarte ikke i tide",
                                            "the archive did not answer in time"));
}

}   // namespace

sdk::Task<Result<void>> archive_demo_letter(sdk::Clock& clock, DemoPlaces places) {
    const auto id = co_await send(clock, places);
    if (!id) {
        co_return id.error();
    }
    print("");
    print(word(places,
               "Brevet arkiveres gjennom KS Fiks: ", "The letter is archived over KS Fiks: ") +
          *id);
    print("");
    const auto number = co_await follow(clock, places, *id);
    if (!number) {
        co_return number.error();
    }
    const auto page = co_await ask_json(
        clock, demo::request_of(places, "GET", "/v1/messages?journal=" + *number));
    if (!page) {
        co_return page.error();
    }
    const auto& found = (*page)["items"].items();
    if (found.size() != 1 || found.front()["id"].as_string() != *id) {
        co_return Failure(Errc::conflict,
                          word(places, "meldingen finnes ikke igjen på journalnummeret ",
                               "the message is not found by the journal number ") +
                              *number);
    }
    print("");
    print(word(places, "Arkivet har journalført det som ", "The archive has journalled it as ") +
          *number +
          word(places, ", og meldingen finnes igjen på det nummeret.",
               ", and the message is found by that number."));
    co_return Result<void>();
}

}   // namespace gateway::app
