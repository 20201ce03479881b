#pragma once

// Why something failed, as data: schemas/texts/causes.json says which codes are one cause and what
// is safe to do about it. The words are those of the cause's code; there is no second list of them.

#include "gateway/core/code.hpp"
#include "gateway/texts/texts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::texts {

/// What to press. Only `look_first` forbids sending many again at once: they may have arrived.
enum class Press {
    retry,         // as they are
    retry_later,   // when the other side works
    mend,          // something of ours first
    ask,           // somebody else first
    correct,       // a corrected message must come from its system
    other_way,     // this way does not reach the recipient
    look_first,    // may have arrived
    release,       // held, and nothing was sent
    nothing
};

struct Cause {
    std::string id = "unknown";   // stable: the code that explains it
    Press press = Press::look_first;
    std::string owner = "us";   // us | sender | recipient | national

    Cause() = default;
    bool known() const { return id != "unknown"; }
};

/// Unknown is a cause of its own: nobody is told something that we do not know.
Cause cause_of(const core::Code& code);
std::string_view name(Press press);
/// The cause in words. `params` are those of one of its failures.
Text render(const Cause& cause, const core::Code& code, const core::Params& params,
            Language language);
/// Title, why, and what to do: of the button.
Text render(Press press, Language language);
/// The ids of all there are.
std::vector<std::string> causes();

}   // namespace gateway::texts
