#include "gateway/app/sandbox/demo.hpp"

#include "gateway/app/cli/context.hpp"
#include "gateway/app/sandbox/demo_calls.hpp"
#include "gateway/app/sandbox/pdf.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/json/value.hpp"

#include <set>

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using demo::answered;
using demo::call;
using demo::pad;
using demo::print_event;
using demo::request_of;
using demo::word;

constexpr std::chrono::seconds delivery_time_max{90};
constexpr std::chrono::milliseconds look_again{100};
constexpr const char* boundary = "sluse-demo-7c1f2a9b4d";

json::Value recipient_of(const DemoPlaces& places, DemoLetter kind) {
    json::Value recipient = json::Value::object();
    switch (kind) {
    case DemoLetter::altinn: recipient.set("organisation", places.recipient); break;
    case DemoLetter::digital: recipient.set("person", places.digital_person); break;
    case DemoLetter::paper: recipient.set("person", places.paper_person); break;
    }
    return recipient;
}

json::Value letter_of(const DemoPlaces& places, DemoLetter kind) {
    json::Value document = json::Value::object();
    document.set("part", "vedtak").set("name", "vedtak.pdf").set("title", "Vedtak");
    document.set("mediaType", "application/pdf");
    json::Value letter = json::Value::object();
    letter.set("type", "letter").set("version", 1).set("kind", "information");
    letter.set("reference", places.reference).set("recipient", recipient_of(places, kind));
    letter.set("title", "Det første brevet").set("summary", "Sendt av sluse sandbox --demo");
    letter.set("nonSensitiveTitle", "Brev fra Sandkassa kommune");
    letter.set("body",
               "Dette brevet er sendt av **Sluse** for å vise veien fra fagsystem til Altinn.");
    letter.set("documents", json::Value::array().push(std::move(document)));
    if (kind == DemoLetter::paper) {
        json::Value address = json::Value::object();
        address.set("name", "Kari Sandvik");
        address.set("lines", json::Value::array().push("Sandveien 1"));
        address.set("postalCode", "0150").set("city", "Oslo").set("country", "NO");
        letter.set("address", std::move(address));
    }
    return letter;
}

std::string multipart_of(const json::Value& letter, const std::string& pdf) {
    const std::string line = std::string("--") + boundary;
    return line +
           "\r\nContent-Disposition: form-data; name=\"message\"\r\n"
           "Content-Type: application/json\r\n\r\n" +
           json::write(letter) + "\r\n" + line +
           "\r\nContent-Disposition: form-data; name=\"vedtak\"; filename=\"vedtak.pdf\"\r\n"
           "Content-Type: application/pdf\r\n\r\n" +
           pdf + "\r\n" + line + "--\r\n";
}

const char* name_of(DemoLetter kind) {
    switch (kind) {
    case DemoLetter::digital: return "digital";
    case DemoLetter::paper: return "papir";
    default: return "altinn";
    }
}

std::string introduction(const DemoPlaces& places, DemoLetter kind) {
    switch (kind) {
    case DemoLetter::digital:
        return word(places, "Et brev til en person med digital postkasse.",
                    "A letter to a person with a digital mailbox.");
    case DemoLetter::paper:
        return word(places, "Et brev til en person som har reservert seg mot digital post.",
                    "A letter to a person who has reserved against digital post.");
    default: return word(places, "Et brev til en virksomhet.", "A letter to an organisation.");
    }
}

/// Ids of the correspondences that hold the letter's very bytes.
std::vector<std::string> at_altinn(const json::Value& state, const SentLetter& letter) {
    std::vector<std::string> ids;
    for (const json::Value& correspondence : state["correspondences"].items()) {
        for (const json::Value& file : correspondence["attachments"].items()) {
            if (file["sha256"].as_string() == letter.sha256) {
                ids.push_back(correspondence["correspondenceId"].as_string());
            }
        }
    }
    return ids;
}

/// The same of the messages that an operator has opened.
std::vector<std::string> at_operators(const json::Value& state, const SentLetter& letter) {
    std::vector<std::string> ids;
    for (const json::Value& message : state["messages"].items()) {
        for (const json::Value& file : message["opened"]["documents"].items()) {
            if (file["sha256"].as_string() == letter.sha256) {
                ids.push_back(message["id"].as_string());
            }
        }
    }
    return ids;
}

bool is_good_end(const std::string& state) {
    return state == "delivered" || state == "read";
}

bool is_bad_end(const std::string& state) {
    return state == "failed" || state == "expired" || state == "cancelled" || state == "held";
}

}   // namespace

sdk::Task<Result<SentLetter>> send_demo_letter(sdk::Clock& clock, DemoPlaces places,
                                               DemoLetter kind) {
    places.reference += std::string("-") + name_of(kind);
    std::vector<std::string> lines{"Det første brevet", "", "Sendt fra et fagsystem gjennom Sluse.",
                                   "Referanse: " + places.reference};
    const std::string pdf = make_pdf(lines);
    SentLetter letter;
    letter.kind = kind;
    letter.sha256 = crypto::sha256(pdf).to_hex();
    letter.bytes = pdf.size();
    sdk::HttpRequest request = request_of(places, "POST", "/v1/messages");
    request.headers.emplace_back("Content-Type",
                                 std::string("multipart/form-data; boundary=") + boundary);
    request.headers.emplace_back("Idempotency-Key", places.reference);
    request.body = multipart_of(letter_of(places, kind), pdf);
    const auto response = co_await call(clock, std::move(request));
    if (!response) {
        co_return response.error();
    }
    const auto answer = json::parse_or_failure(response->body);
    if (response->status != 202 || !answer) {
        co_return answered(*response);
    }
    letter.id = (*answer)["id"].as_string();
    print("");
    print(introduction(places, kind));
    print(word(places, "Brevet er tatt imot og lagret (202): ",
               "The letter is accepted and stored (202): ") +
          letter.id);
    print("  vedtak.pdf, " + std::to_string(letter.bytes) + " byte, SHA-256 " + letter.sha256);
    co_return letter;
}

sdk::Task<Result<void>> follow_letter(sdk::Clock& clock, DemoPlaces places, SentLetter letter) {
    std::set<std::string> seen;
    std::string state;
    const core::SteadyTime end = clock.steady() + delivery_time_max;
    print("");
    print("  " + pad(word(places, "tid (UTC)", "time (UTC)"), 14) +
          pad(word(places, "tilstand", "state"), 11) + pad(word(places, "hendelse", "event"), 22) +
          pad(word(places, "forbindelse", "connection"), 14) + word(places, "hva", "what"));
    while (clock.steady() < end) {
        sdk::HttpRequest request =
            request_of(places, "GET", "/v1/messages/" + letter.id + "/events");
        const auto response = co_await call(clock, std::move(request));
        if (!response) {
            co_return response.error();
        }
        const auto answer = json::parse_or_failure(response->body);
        if (response->status != 200 || !answer) {
            co_return answered(*response);
        }
        for (const json::Value& event : (*answer)["items"].items()) {
            if (seen.insert(event["id"].as_string()).second) {
                print_event(event);
                state = event["state"].as_string();
            }
        }
        if (is_good_end(state)) {
            co_return Result<void>();
        }
        if (is_bad_end(state)) {
            co_return Failure(Errc::conflict,
                              word(places, "brevet endte som ", "the letter ended as ") + state);
        }
        co_await clock.sleep_until(clock.steady() + look_again);
    }
    co_return Failure(Errc::timed_out, word(places, "brevet kom ikke fram i tide; siste tilstand: ",
                                            "the letter did not arrive in time; last state: ") +
                                           state);
}

sdk::Task<Result<void>> find_letter(sdk::Clock& clock, DemoPlaces places, SentLetter letter) {
    const bool by_altinn = letter.kind == DemoLetter::altinn;
    sdk::HttpRequest request("GET",
                             (by_altinn ? places.altinn_control : places.digital_post_control) +
                                 "/control/state");
    const auto response = co_await call(clock, std::move(request));
    if (!response) {
        co_return response.error();
    }
    const auto state = json::parse_or_failure(response->body, {.bytes_max = 64U << 20U});
    if (response->status != 200 || !state) {
        co_return answered(*response);
    }
    const auto found = by_altinn ? at_altinn(*state, letter) : at_operators(*state, letter);
    const std::string who = by_altinn ? "Altinn"
                            : letter.kind == DemoLetter::paper
                                ? word(places, "Trykkeriet", "The printer")
                                : "Digipost";
    if (found.size() != 1) {
        co_return Failure(
            Errc::conflict,
            who + word(places, " har brevet så mange ganger: ", " has the letter so many times: ") +
                std::to_string(found.size()));
    }
    print("");
    print(who +
          word(places, " har nøyaktig ett brev med akkurat disse bytene: ",
               " has exactly one letter with exactly these bytes: ") +
          found.front());
    co_return Result<void>();
}

}   // namespace gateway::app
