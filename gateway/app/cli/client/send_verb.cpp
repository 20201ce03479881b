#include "gateway/app/cli/client/file_source.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/ids.hpp"

#include <filesystem>
#include <ostream>
#include <set>

// send: the public API as a specialist system uses it. Files of any size in constant memory.

namespace gateway::app::client {
namespace {

constexpr std::uint64_t slowest_line = 32U << 10U;   // bytes a second a file is given time for
constexpr int tries_max = 3;                         // the same key: a lost answer is asked again
constexpr std::chrono::seconds pause_between{2};
constexpr std::chrono::seconds follow_pause{1};
constexpr int silences_max = 60;

/// A file name as one header parameter (RFC 7578 4.2): quotes and line ends would end it.
std::string header_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"') {
            out += "%22";
        } else if (static_cast<unsigned char>(c) >= 0x20) {
            out.push_back(c);
        }
    }
    return out;
}

json::Value message_of(const SendOptions& options) {
    json::Value recipient = json::Value::object();
    recipient.set(options.to.size() == 11 ? "person" : "organisation", options.to);
    json::Value message = json::Value::object();
    message.set("type", "letter")
        .set("version", 1)
        .set("recipient", std::move(recipient))
        .set("title", options.title);
    if (!options.body.empty()) {
        message.set("body", options.body);
    }
    if (!options.reference.empty()) {
        message.set("reference", options.reference);
    }
    if (!options.kind.empty()) {
        message.set("kind", options.kind);
    }
    json::Value documents = json::Value::array();
    int number = 0;
    for (const auto& file : options.files) {
        json::Value document = json::Value::object();
        document.set("part", "f" + std::to_string(++number))
            .set("name", std::filesystem::path(file).filename().string());
        documents.push(std::move(document));
    }
    if (number > 0) {
        message.set("documents", std::move(documents));
    }
    return message;
}

/// Opened anew for each try: a stream is read once.
core::Result<sdk::HttpRequest> request_of(const SendOptions& options, const std::string& key,
                                          const std::string& boundary) {
    sdk::HttpRequest request("POST", options.dry_run ? "/v1/messages?dryRun=true" : "/v1/messages");
    request.headers.emplace_back("Idempotency-Key", key);
    const auto message = json::write(message_of(options));
    if (options.files.empty()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = message;
        return request;
    }
    request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
    auto chain = std::make_unique<sdk::ChainSource>();
    std::string lead = "--" + boundary +
                       "\r\nContent-Disposition: form-data; name=\"message\"\r\n"
                       "Content-Type: application/json\r\n\r\n" +
                       message;
    int number = 0;
    for (const auto& file : options.files) {
        auto source = open_file_source(file);
        if (!source) {
            return source.error();
        }
        lead += "\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"f" +
                std::to_string(++number) + "\"; filename=\"" +
                header_text(std::filesystem::path(file).filename().string()) +
                "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        chain->add(std::make_unique<sdk::StringSource>(std::move(lead)));
        chain->add(std::move(*source));
        lead.clear();
    }
    chain->add(std::make_unique<sdk::StringSource>("\r\n--" + boundary + "--\r\n"));
    request.stream = std::move(chain);
    return request;
}

std::string use_of(const Desk& desk, const std::string& use) {
    if (use == "passed") {
        return desk.say("Ikke:    ", "Not:      ");
    }
    if (use == "fall_back") {
        return desk.say("Reserve: ", "Reserve:  ");
    }
    if (use == "possible") {
        return desk.say("Kanskje: ", "Possibly: ");
    }
    return desk.say("Vei:     ", "Route:    ");
}

std::string channel_of(const Desk& desk, const std::string& channel) {
    if (channel == "paper") {
        return desk.say("papir", "paper");
    }
    return channel == "portal" ? desk.say("portal", "portal") : desk.say("digital", "digital");
}

int show_dry_run(const Desk& desk, const json::Value& answer) {
    for (const auto& step : answer["route"].items()) {
        desk.out << use_of(desk, step["use"].as_string()) << step["connection"].as_string() << " ("
                 << channel_of(desk, step["channel"].as_string()) << ") – "
                 << step["why"].as_string() << "\n";
    }
    for (const auto& one : answer["problems"].items()) {
        desk.out << (one["pointer"].as_string().empty() ? "-" : one["pointer"].as_string()) << ": "
                 << one["detail"].as_string() << "\n";
    }
    for (const auto& one : answer["warnings"].items()) {
        desk.out << desk.say("Merk: ", "Note: ") << one["detail"].as_string() << "\n";
    }
    const bool fits = answer["ok"].as_bool();
    desk.out << (fits ? desk.say("Brevet kan sendes. Ingenting er sendt.",
                                 "The letter can be sent. Nothing was sent.")
                      : desk.say("Brevet kan ikke sendes slik. Ingenting er sendt.",
                                 "The letter cannot be sent like this. Nothing was sent."))
             << "\n";
    return fits ? exit_ok : exit_failed;
}

/// The timeline as the sending system sees it, until nothing more will come.
int follow_sent(const Desk& desk, Gate& gate, const std::string& id, bool raw) {
    TableLook look;
    look.width = static_cast<std::size_t>(desk.width);
    look.colour = desk.colour;
    look.language = desk.language;
    look.time = [&desk](const std::string& time) { return local(desk, time); };
    const TimelineTable table(std::move(look));
    if (!raw) {
        desk.out << table.head();
    }
    std::set<std::string> seen;
    int silences = 0;
    while (silences < silences_max) {
        const auto answer = gate.ask(Question("/v1/messages/" + id + "/events"));
        if (answer && !answer->good()) {
            return say_refusal(desk, *answer, raw);
        }
        silences = answer ? 0 : silences + 1;
        const auto page = answer ? json::parse(answer->body) : json::parse("{}");
        bool over = false;
        bool failed = false;
        if (page) {
            for (const auto& item : (*page)["items"].items()) {
                if (seen.insert(item["id"].as_string()).second) {
                    desk.out << (raw ? json::write(item) + "\n" : table.row(item)) << std::flush;
                }
                const auto state = core::parse_delivery_state(item["state"].as_string());
                // Held waits for a person: nothing more comes by itself.
                over = state && (core::is_terminal(*state) || *state == core::DeliveryState::held ||
                                 *state == core::DeliveryState::delivered);
                failed = over && *state != core::DeliveryState::read;
            }
        }
        if (over) {
            return failed ? exit_failed : exit_ok;
        }
        gate.pause(follow_pause);
    }
    return say_unreachable(desk, core::Failure(core::Errc::unreachable), gate.where());
}

}   // namespace

int run_send(const Desk& desk, const SendOptions& options) {
    const bool organisation = core::is_organisation_number(options.to);
    if (!organisation && !core::is_person_number(options.to)) {
        desk.err << "sluse: "
                 << desk.say(
                        "--to er et organisasjonsnummer (9 siffer) eller et fødselsnummer (11); "
                        "kontrollsifrene stemmer ikke",
                        "--to is an organisation number (9 digits) or a person's (11); the check "
                        "digits do not fit")
                 << "\n";
        return exit_usage;
    }
    if (options.body.empty() && options.files.empty()) {
        desk.err << "sluse: "
                 << desk.say("brevet trenger --body, --file eller begge",
                             "the letter needs --body, --file or both")
                 << "\n";
        return exit_usage;
    }
    std::uint64_t bytes = 0;
    for (const auto& file : options.files) {
        const auto source = open_file_source(file);
        if (!source) {
            desk.err << "sluse: " << desk.say("filen kan ikke leses: ", "the file cannot be read: ")
                     << file << "\n";
            return exit_not_found;
        }
        bytes += (*source)->size().value_or(0);
    }
    const auto gate = desk.open_gate(options.place);
    if (!gate) {
        desk.err << "sluse: " << gate.error().detail << "\n";
        return gate.error().is(core::Errc::not_found) ? exit_not_found : exit_usage;
    }
    const auto clock = runtime::make_system_clock();
    const auto ids = runtime::make_system_ids(*clock);
    const auto key =
        options.idempotency_key.empty() ? ids->uuid().to_string() : options.idempotency_key;
    const auto boundary = "sluse-" + ids->uuid().to_string();
    const std::chrono::seconds patience{120 + bytes / slowest_line};
    core::Result<Answer> answer = core::Failure(core::Errc::unreachable);
    for (int tries = 0; tries < tries_max; ++tries) {
        if (tries > 0) {
            (*gate)->pause(pause_between);
        }
        auto request = request_of(options, key, boundary);
        if (!request) {
            desk.err << "sluse: " << request.error().to_string() << "\n";
            return exit_failed;
        }
        answer = (*gate)->send(std::move(*request), patience);
        if (answer || !answer.error().is(core::Errc::answer_lost)) {
            break;
        }
    }
    if (!answer) {
        const int exit_code = say_unreachable(desk, answer.error(), (*gate)->where());
        if (!answer.error().is(core::Errc::unreachable)) {
            // It may have been accepted: the key makes the repeat harmless.
            desk.err << "  "
                     << desk.say(
                            "Uvisst om brevet ble tatt imot. Gjenta trygt med --idempotency-key ",
                            "Unknown whether the letter was accepted. Repeat safely with "
                            "--idempotency-key ")
                     << key << "\n";
        }
        return exit_code;
    }
    if (!answer->good()) {
        return say_refusal(desk, *answer, options.json);
    }
    const auto view = json::parse(answer->body);
    if (!view) {
        return say_refusal(desk, Answer(answer->status, {}), false);
    }
    if (options.json) {
        desk.out << answer->body << "\n" << std::flush;
    }
    if (options.dry_run) {
        const bool fits = (*view)["ok"].as_bool();
        return options.json ? (fits ? exit_ok : exit_failed) : show_dry_run(desk, *view);
    }
    const auto& id = (*view)["id"].as_string();
    if (!options.json) {
        desk.out << id << "\n" << std::flush;
        desk.err << desk.say("Tatt imot og lagret. Følg med: sluse trace ",
                             "Accepted and stored. Follow it: sluse trace ")
                 << id << " --follow\n";
    }
    return options.follow ? follow_sent(desk, **gate, id, options.json) : exit_ok;
}

}   // namespace gateway::app::client
