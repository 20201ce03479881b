#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// doctor: what works and what does not, one line a step; what is red also with its remedy.

namespace gateway::app::client {
namespace {

constexpr std::chrono::seconds patience{20};   // the gateway needs ten

struct Words {
    const char* name;
    const char* nb;
    const char* en;
};

constexpr Words step_words[] = {
    {"dns", "navn", "name"},           {"tcp", "port", "port"},
    {"tls", "sertifikat", "TLS"},      {"clock", "klokke", "clock"},
    {"token", "token", "token"},       {"scope", "scope", "scope"},
    {"call", "kall", "call"},          {"data", "datamappe", "data"},
    {"disk", "disk", "disk"},          {"keys", "nøkler", "keys"},
    {"scanner", "skanner", "scanner"}, {"connection", "oppstart", "start"},
};

constexpr Words state_words_of[] = {
    {"green", "ok", "ok"},
    {"yellow", "obs", "note"},
    {"red", "FEIL", "FAULT"},
    {"skipped", "-", "-"},
};

constexpr Words owner_words[] = {
    {"us", "oss", "us"},
    {"component", "den vi kaller", "the component"},
    {"network", "nettet", "the network"},
};

template <std::size_t size>
std::string words_for(const Desk& desk, const Words (&all)[size], const std::string& name) {
    for (const auto& one : all) {
        if (name == one.name) {
            return desk.say(one.nb, one.en);
        }
    }
    return name;
}

/// In characters, of which some are two bytes.
std::string padded(std::string text, std::size_t width) {
    std::size_t count = 0;
    for (const char c : text) {
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    }
    text.append(width > count ? width - count : 1, ' ');
    return text;
}

std::string coloured(const Desk& desk, const std::string& state, std::string text) {
    if (!desk.colour) {
        return text;
    }
    const char* const code = state == "red"      ? "31;1"
                             : state == "yellow" ? "33"
                             : state == "green"  ? "32"
                                                 : "2";
    return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

/// What was seen, in a few words.
std::string seen_words(const Desk& desk, const json::Value& step) {
    const auto& seen = step["seen"];
    const auto number = [&](const char* member) { return std::to_string(seen[member].as_int()); };
    if (seen.has("daysLeft")) {
        return seen["version"].as_string() + ", " + number("daysLeft") +
               desk.say(" dager igjen", " days left");
    }
    if (seen.has("secondsAhead")) {
        return number("secondsAhead") + desk.say(" s foran deres", " s ahead of theirs");
    }
    if (seen.has("secondsLeft")) {
        return desk.say("gjelder i ", "good for ") + number("secondsLeft") + " s";
    }
    if (seen.has("address")) {
        return seen["address"].as_string();
    }
    if (seen.has("freeBytes")) {
        return std::to_string(seen["freeBytes"].as_int() >> 20U) +
               desk.say(" MB ledig", " MB free");
    }
    if (seen.has("provesAccess")) {
        return seen["provesAccess"].as_bool()
                   ? desk.say("vi slipper inn", "we are let in")
                   : desk.say("svarer; tilgangen er ikke prøvd", "answers; access is not tried");
    }
    return {};
}

void print_step(const Desk& desk, const json::Value& step) {
    const auto& state = step["state"].as_string();
    const auto about = step["place"].as_string();
    desk.out << "  " << coloured(desk, state, padded(words_for(desk, state_words_of, state), 6))
             << padded(words_for(desk, step_words, step["step"].as_string()), 12);
    if (state == "green") {
        const auto seen = seen_words(desk, step);
        desk.out << padded(about, 34) << seen << "\n";
        return;
    }
    desk.out << padded(about, 34) << step["title"].as_string() << "\n";
    if (state == "skipped") {
        return;
    }
    const std::string indent(20, ' ');
    desk.out << indent << step["text"].as_string() << "\n"
             << indent << desk.say("Gjør: ", "Do: ") << step["action"].as_string() << "\n"
             << indent << desk.say("Hos: ", "With: ")
             << words_for(desk, owner_words, step["owner"].as_string()) << "  ("
             << step["code"].as_string() << ")\n";
}

void print_examination(const Desk& desk, const json::Value& one) {
    const auto& state = one["state"].as_string();
    std::string title = desk.say("Denne maskinen", "This machine");
    if (one.has("connection")) {
        const auto& environment = one["environment"].as_string();
        title = one["connection"].as_string() + " (" + one["adapter"].as_string() +
                (environment.empty() ? "" : ", " + environment) + ")";
    }
    desk.out << coloured(desk, state, padded(words_for(desk, state_words_of, state), 6)) << title
             << "\n";
    for (const auto& step : one["steps"].items()) {
        print_step(desk, step);
    }
    desk.out << "\n";
}

}   // namespace

int run_doctor(const Desk& desk, const DoctorOptions& options) {
    json::Value body = json::Value::object();
    std::string target = "/admin/v1/examine";
    if (!options.connection.empty()) {
        target = "/admin/v1/connections/" + encoded(options.connection) + "/examine";
        if (!options.tenant.empty()) {
            body.set("tenant", options.tenant);
        }
    }
    Question question("POST", std::move(target), std::move(body));
    question.patience = patience;
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer) {
        return exit_code;
    }
    const bool red = (*answer)["state"].as_string() == "red";
    if (!options.json) {
        for (const auto& one : (*answer)["examinations"].items()) {
            print_examination(desk, one);
        }
        desk.out << (red ? desk.say("Noe er rødt; begynn øverst.",
                                    "Something is red; begin at the top.")
                         : desk.say("Ingenting er rødt.", "Nothing is red."))
                 << "\n";
    }
    return red ? exit_failed : exit_ok;
}

}   // namespace gateway::app::client
