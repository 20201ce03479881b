#pragma once

// Where a client verb works: what it writes on, in which language, and the gateway it asks. Tests
// give it another desk. One thread.

#include "gateway/app/cli/client/gate.hpp"
#include "gateway/core/time.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::app::client {

struct Desk {
    std::ostream& out;
    std::ostream& err;
    texts::Language language = texts::Language::nb;
    bool colour = false;   // the output is a terminal, and NO_COLOR is not set
    int width = 100;       // of the terminal, in characters
    std::function<std::string(core::Time)> local_time;   // "03.02. 08:00:04"
    std::function<core::Result<std::unique_ptr<Gate>>(const GatePlace&)> open_gate;

    Desk(std::ostream& to, std::ostream& errors) : out(to), err(errors) {}
    std::string say(const char* nb, const char* en) const {
        return language == texts::Language::en ? en : nb;
    }
};

/// The program's own desk.
Desk make_desk(texts::Language language);

/// A refusal said to a person (what, why, what to do), or raw when `json`; gives the exit code.
int say_refusal(const Desk& desk, const Answer& answer, bool json);
/// No answer at all: who was asked, and what to try.
int say_unreachable(const Desk& desk, const core::Failure& failure, const std::string& where);

/// Asks; a failure or a refusal is said, and gives its exit code through `exit_code`.
std::optional<json::Value> ask(const Desk& desk, const GatePlace& place, const Question& question,
                               bool raw, int& exit_code);

/// What `verify` found; gives the exit code.
int say_faults(const Desk& desk, const std::vector<std::string>& faults, std::uint64_t found);

/// "failed" -> "feilet (failed)".
std::string state_words(const std::string& state, texts::Language language);
/// As one part of a path or a query's value.
std::string encoded(std::string_view text);
/// RFC 3339 as local time; as it stands when it is none.
std::string local(const Desk& desk, const std::string& rfc3339);

}   // namespace gateway::app::client
