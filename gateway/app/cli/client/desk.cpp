#include "gateway/app/cli/client/desk.hpp"

#include "gateway/app/exit_codes.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

namespace gateway::app::client {
namespace {

constexpr int width_least = 60;
constexpr int width_most = 160;

struct StateWord {
    std::string_view state;
    std::string_view nb;
};

constexpr std::array<StateWord, 10> state_table{{
    {"queued", "i kø"},
    {"sending", "sendes"},
    {"pending", "underveis"},
    {"sent", "sendt"},
    {"delivered", "levert"},
    {"read", "lest"},
    {"failed", "feilet"},
    {"expired", "utløpt"},
    {"cancelled", "trukket tilbake"},
    {"held", "holdes igjen"},
}};

std::string local_time(core::Time at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    const ::time_t point = seconds;
    ::tm parts{};
    ::localtime_r(&point, &parts);
    std::array<char, 32> text{};
    const auto size = ::strftime(text.data(), text.size(), "%d.%m. %H:%M:%S", &parts);
    return {text.data(), size};
}

}   // namespace

Desk make_desk(texts::Language language) {
    Desk desk(std::cout, std::cerr);
    desk.language = language;
    desk.local_time = local_time;
    desk.open_gate = open_gate;
    const char* no_colour = std::getenv("NO_COLOR");
    desk.colour = ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
    ::winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        desk.width = std::clamp(static_cast<int>(size.ws_col), width_least, width_most);
    }
    return desk;
}

int say_refusal(const Desk& desk, const Answer& answer, bool raw) {
    if (raw) {
        desk.out << answer.body << "\n";
    } else if (const auto problem = json::parse(answer.body); problem && problem->has("code")) {
        desk.err << "sluse: " << (*problem)["title"].as_string() << "\n";
        for (const auto* member : {"detail", "action"}) {
            if (const auto& text = (*problem)[member].as_string(); !text.empty()) {
                desk.err << "  " << text << "\n";
            }
        }
        for (const auto& one : (*problem)["errors"].items()) {
            const auto& pointer = one["pointer"].as_string();
            desk.err << "  " << (pointer.empty() ? "-" : pointer) << ": "
                     << one["detail"].as_string() << "\n";
        }
        for (const auto& one : (*problem)["mistakes"].items()) {
            desk.err << one["file"].as_string();
            if (one.has("line")) {
                desk.err << ":" << one["line"].as_int() << ":" << one["column"].as_int();
            }
            desk.err << ": " << one["reason"].as_string();
            if (const auto& remedy = one["remedy"].as_string(); !remedy.empty()) {
                desk.err << "; " << remedy;
            }
            desk.err << "\n";
        }
        desk.err << "  (" << (*problem)["code"].as_string() << ", "
                 << desk.say("sporings-id ", "trace ") << (*problem)["trace"].as_string() << ")\n";
    } else {
        desk.err << "sluse: "
                 << desk.say("det som svarte, er ikke Sluse (status ",
                             "what answered is not Sluse (status ")
                 << answer.status << ")\n";
    }
    switch (answer.status) {
    case 400: {
        // What was cut or damaged on its way may be tried again as it stands.
        const auto problem = json::parse(answer.body);
        const auto code = problem ? (*problem)["code"].as_string() : std::string();
        const bool on_its_way =
            code == "request.body_incomplete" || code == "request.checksum_mismatch";
        return on_its_way ? exit_failed : exit_usage;
    }
    case 401:
    case 403: return exit_not_allowed;
    case 404: return exit_not_found;
    default: return exit_failed;
    }
}

int say_unreachable(const Desk& desk, const core::Failure& failure, const std::string& where) {
    desk.err << "sluse: " << desk.say("fikk ikke svar fra ", "no answer from ") << where << " ("
             << failure.to_string() << ")\n  "
             << desk.say("Kjører tjenesten? Prøv «systemctl status sluse», eller oppgi --socket "
                         "eller --url.",
                         "Is the service running? Try `systemctl status sluse`, or give --socket "
                         "or --url.")
             << "\n";
    return exit_unreachable;
}

std::optional<json::Value> ask(const Desk& desk, const GatePlace& place, const Question& question,
                               bool raw, int& exit_code) {
    const auto gate = desk.open_gate(place);
    if (!gate) {
        desk.err << "sluse: " << gate.error().detail << "\n";
        exit_code = gate.error().is(core::Errc::not_found) ? exit_not_found : exit_usage;
        return std::nullopt;
    }
    const auto answer = (*gate)->ask(question);
    if (!answer) {
        exit_code = say_unreachable(desk, answer.error(), (*gate)->where());
        return std::nullopt;
    }
    if (!answer->good()) {
        exit_code = say_refusal(desk, *answer, raw);
        return std::nullopt;
    }
    auto value = json::parse(answer->body,
                             {.bytes_max = 64U << 20U, .depth_max = 64, .values_max = 4'000'000});
    if (!value) {
        exit_code = say_refusal(desk, Answer(answer->status, {}), false);
        return std::nullopt;
    }
    exit_code = exit_ok;
    if (raw) {
        desk.out << answer->body << "\n";
    }
    if (answer->status == 202 && (*value)["code"].as_string() == "approval.waits") {
        // Nothing has been done: whoever reads the exit code is not told otherwise.
        exit_code = exit_waits;
        if (!raw) {
            desk.out << (*value)["text"].as_string() << "\n"
                     << (*value)["action"].as_string() << "\n"
                     << (*value)["approval"]["id"].as_string() << "\n";
        }
        return std::nullopt;
    }
    return std::move(*value);
}

int say_faults(const Desk& desk, const std::vector<std::string>& faults, std::uint64_t found) {
    if (found == 0) {
        desk.out << desk.say("Lageret er helt.", "The store is sound.") << "\n";
        return exit_ok;
    }
    for (const auto& fault : faults) {
        desk.out << fault << "\n";
    }
    desk.err << "sluse: " << found
             << desk.say(" feil funnet. Ta vare på datamappen som den er, og "
                         "hent fra sikkerhetskopi: sluse restore --help",
                         " faults found. Keep the data folder as it is, and "
                         "restore from a backup: sluse restore --help")
             << "\n";
    return exit_failed;
}

std::string state_words(const std::string& state, texts::Language language) {
    if (language != texts::Language::en) {
        for (const auto& word : state_table) {
            if (word.state == state) {
                return std::string(word.nb) + " (" + state + ")";
            }
        }
    }
    return state;
}

std::string local(const Desk& desk, const std::string& rfc3339) {
    const auto time = core::parse_rfc3339(rfc3339);
    return time ? desk.local_time(*time) : rfc3339;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z') || c == '-' || c == '.' || c == '_';
        if (plain) {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[byte >> 4U]);
            out.push_back(digits[byte & 15U]);
        }
    }
    return out;
}

}   // namespace gateway::app::client
