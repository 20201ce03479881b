#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/sdk/percent_encoding.hpp"

#include <ostream>
#include <set>
#include <string>

// search, trace, retry, hold, release, cancel.

namespace gateway::app::client {
namespace {

constexpr int reconnects_max = 60;   // in a row, a second apart: a restart does not end --follow
constexpr std::chrono::seconds reconnect_pause{1};

bool is_id(const Desk& desk, const std::string& id, int& exit_code) {
    if (core::MessageId::parse(id)) {
        return true;
    }
    desk.err << "sluse: "
             << desk.say(
                    "meldings-id-en er på formen 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21; finn den "
                    "med «sluse search --reference ...»",
                    "a message id looks like 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21; find it with "
                    "`sluse search --reference ...`")
             << "\n";
    exit_code = exit_usage;
    return false;
}

TimelineTable table_of(const Desk& desk) {
    TableLook look;
    look.width = static_cast<std::size_t>(desk.width);
    look.colour = desk.colour;
    look.language = desk.language;
    look.time = [&desk](const std::string& time) { return local(desk, time); };
    return TimelineTable(std::move(look));
}

void print_message(const Desk& desk, const json::Value& message) {
    desk.out << desk.say("Melding   ", "Message   ") << message["id"].as_string() << "  "
             << message["type"].as_string() << "\n"
             << desk.say("Tilstand  ", "State     ")
             << state_words(message["state"].as_string(), desk.language) << "\n"
             << desk.say("Fra       ", "From      ") << message["system"].as_string() << ", "
             << message["tenant"].as_string() << "\n";
    if (const auto& title = message["title"].as_string(); !title.empty()) {
        desk.out << desk.say("Tittel    ", "Title     ");
        const auto lines = wrap(title, static_cast<std::size_t>(desk.width) - 10);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            desk.out << (i == 0 ? "" : "          ") << lines[i] << "\n";
        }
    }
    if (const auto& reference = message["reference"].as_string(); !reference.empty()) {
        desk.out << desk.say("Referanse ", "Reference ") << wrap(reference, 4096).front() << "\n";
    }
    desk.out << "\n";
}

/// "2026/17" of `year` and `sequence`; empty when there are none.
std::string pair_of(const json::Value& number) {
    return number.has("year") && number.has("sequence")
               ? std::to_string(number["year"].as_int()) + "/" +
                     std::to_string(number["sequence"].as_int())
               : std::string();
}

/// Where it lies in the archive, once that has said so.
void print_archived(const Desk& desk, const json::Value& message) {
    const auto& result = message["result"];
    const auto& journal = result["record"]["journal"];
    bool any = false;
    const auto add = [&](const std::string& label, const std::string& value) {
        if (!value.empty()) {
            desk.out << label << wrap(value, 4096).front() << "\n";
            any = true;
        }
    };
    std::string number = pair_of(journal);
    if (!number.empty() && journal.has("number")) {
        number += desk.say(" (nr. ", " (no. ") + std::to_string(journal["number"].as_int()) + ")";
    }
    add(desk.say("Journal   ", "Journal   "), number);
    add(desk.say("Sak       ", "Case      "), pair_of(result["case"]));
    for (const char* part : {"record", "registration", "case", "folder", "file"}) {
        if (const auto& where = result[part]["systemId"].as_string(); !where.empty()) {
            add(desk.say("Arkiv-id  ", "Archive   "), where);
            break;
        }
    }
    desk.out << (any ? "\n" : "");
}

/// What a person can do now.
void print_advice(const Desk& desk, const std::string& state, const std::string& id,
                  bool followed) {
    const auto now = core::parse_delivery_state(state);
    desk.out << "\n";
    if (now == core::DeliveryState::failed || now == core::DeliveryState::expired) {
        desk.out << desk.say("Er årsaken rettet: sluse retry ",
                             "When the cause is mended: sluse retry ")
                 << id << " --why \"...\"\n";
    } else if (now == core::DeliveryState::held) {
        desk.out << desk.say("Venter på deg: sluse release, retry eller cancel ",
                             "Waits for you: sluse release, retry or cancel ")
                 << id << " --why \"...\"\n";
    } else if (now && !core::is_terminal(*now) && !followed) {
        desk.out << desk.say("Følg med videre: sluse trace ", "Follow it: sluse trace ") << id
                 << " --follow\n";
    }
    desk.out << std::flush;
}

std::string path_of(const MessageOptions& options) {
    return "/admin/v1/messages/" + sdk::percent_encoded(options.id);
}

/// What is to be said when nothing more happens by itself.
int resting_so(const Desk& desk, const MessageOptions& options, const std::string& state,
               bool is_archived) {
    if (options.json) {
        return exit_ok;
    }
    if (is_archived) {   // the archive has answered since
        int exit_code = exit_ok;
        const auto message = ask(desk, options.place, Question(path_of(options)), false, exit_code);
        if (!message) {
            return exit_code;
        }
        desk.out << "\n";
        print_archived(desk, *message);
    }
    print_advice(desk, state, options.id, true);
    return exit_ok;
}

/// Prints each line once, also over reconnections, until nothing more happens by itself.
int follow(const Desk& desk, Gate& gate, const MessageOptions& options, const std::string& target,
           bool is_archived) {
    const auto table = table_of(desk);
    std::set<std::string> seen;
    std::string resting;
    const OnLine on_line = [&](const json::Value& line) {
        if (!line.has("id")) {   // all lines so far have been given: this is how it stands
            resting = line["rests"].as_bool() ? line["state"].as_string() : "";
            return resting.empty();
        }
        if (seen.insert(line["id"].as_string()).second) {
            desk.out << (options.json ? json::write(line) + "\n" : table.row(line)) << std::flush;
        }
        return true;
    };
    int failures = 0;
    while (failures < reconnects_max) {
        const auto before = seen.size();
        const auto answer = gate.follow(target, on_line);
        if (answer && !answer->good()) {
            return say_refusal(desk, *answer, options.json);
        }
        if (!resting.empty()) {
            return resting_so(desk, options, resting, is_archived);
        }
        failures = seen.size() > before ? 0 : failures + 1;
        gate.pause(reconnect_pause);
    }
    return say_unreachable(desk, core::Failure(core::Errc::unreachable), gate.where());
}

}   // namespace

int run_search(const Desk& desk, const SearchOptions& options) {
    json::Value body = json::Value::object();
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            body.set(name, value);
        }
    };
    add("tenant", options.tenant);
    add("reference", options.reference);
    add("case", options.case_id);
    add("fileName", options.file_name);
    add("journal", options.journal);
    add("archive", options.archive);
    add("upstream", options.upstream);
    add("type", options.type);
    add("state", options.state);
    add("connection", options.connection);
    add("from", options.from);
    add("to", options.to);
    add("cursor", options.cursor);
    if (!options.recipient.empty()) {
        auto number = options.recipient;
        std::erase(number, ' ');   // as people write it: 310 002 003
        json::Value recipient = json::Value::object();
        recipient.set(number.size() == 11 ? "person" : "organisation", number);
        body.set("recipient", std::move(recipient));
    }
    body.set("limit", options.limit);
    // By body, always: no search leaves a name or number in a URL.
    const Question question("POST", "/admin/v1/messages/search", std::move(body));
    int exit_code = exit_ok;
    const auto page = ask(desk, options.place, question, options.json, exit_code);
    if (!page || options.json) {
        return exit_code;
    }
    const auto& items = (*page)["items"].items();
    if (items.empty()) {
        desk.out << desk.say("Ingen treff.", "Nothing found.") << "\n";
        return exit_ok;
    }
    for (const auto& item : items) {
        const auto title = wrap(item["title"].as_string(), 40);
        desk.out << item["id"].as_string() << "  " << local(desk, item["created"].as_string())
                 << "  " << padded(state_words(item["state"].as_string(), desk.language), 28)
                 << (title.empty() ? "" : title.front()) << "\n";
    }
    desk.out << "\n"
             << desk.say("Se en av dem: sluse trace <id>", "Look at one: sluse trace <id>") << "\n";
    if (const auto& next = (*page)["next"].as_string(); !next.empty()) {
        desk.out << desk.say("Det er flere: --cursor ", "There are more: --cursor ") << next
                 << "\n";
    }
    return exit_ok;
}

int run_trace(const Desk& desk, const MessageOptions& options) {
    int exit_code = exit_ok;
    if (!is_id(desk, options.id, exit_code)) {
        return exit_code;
    }
    const auto path = path_of(options);
    const auto message =
        ask(desk, options.place, Question(path), options.json && !options.follow, exit_code);
    if (!message) {
        return exit_code;
    }
    if (!options.json) {
        print_message(desk, *message);
        print_archived(desk, *message);
        desk.out << table_of(desk).head();
    }
    if (options.follow) {
        const auto gate = desk.open_gate(options.place);
        if (!gate) {
            return exit_failed;   // it was there a moment ago
        }
        const bool is_archived = (*message)["type"].as_string().starts_with("archive/") &&
                                 !(*message)["result"].has("record");
        return follow(desk, **gate, options, path + "/events", is_archived);
    }
    const auto timeline =
        ask(desk, options.place, Question(path + "/events"), options.json, exit_code);
    if (!timeline || options.json) {
        return exit_code;
    }
    const auto table = table_of(desk);
    for (const auto& item : (*timeline)["items"].items()) {
        desk.out << table.row(item);
    }
    print_advice(desk, (*message)["state"].as_string(), options.id, false);
    return exit_ok;
}

int run_act(const Desk& desk, const MessageOptions& options) {
    int exit_code = exit_ok;
    if (!is_id(desk, options.id, exit_code)) {
        return exit_code;
    }
    json::Value body = json::Value::object();
    body.set("why", options.why);
    const Question question(
        "POST", "/admin/v1/messages/" + sdk::percent_encoded(options.id) + "/" + options.act,
        std::move(body));
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    if (options.act == "retry") {
        desk.out << desk.say("Prøves på nytt som en ny forsendelse: ",
                             "Is tried again as a new delivery: ")
                 << (*answer)["delivery"].as_string() << "\n";
    } else if (options.act == "hold") {
        desk.out << desk.say("Holdes igjen til noen slipper den.",
                             "Held until somebody releases it.")
                 << "\n";
    } else if (options.act == "release") {
        desk.out << desk.say("Sluppet. Den går videre av seg selv.",
                             "Released. It goes on by itself.")
                 << "\n";
    } else if ((*answer)["state"].as_string() == "cancelled") {
        desk.out << desk.say("Trukket tilbake.", "Withdrawn.") << "\n";
    } else {
        desk.out << desk.say("Bedt om tilbaketrekking. Mottakersystemet avgjør om det er for sent.",
                             "Withdrawal asked for. The component decides whether it is too late.")
                 << "\n";
    }
    desk.out << desk.say("Følg med: sluse trace ", "Follow it: sluse trace ") << options.id
             << " --follow\n";
    return exit_ok;
}

}   // namespace gateway::app::client
