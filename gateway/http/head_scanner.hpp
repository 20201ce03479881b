#pragma once

// Finds the end of a message's head and refuses the shapes that two parsers could read differently
// (request smuggling), which Beast lets through: folded lines, a CR or LF alone, control
// characters. Pure.

#include <cstddef>
#include <string_view>

namespace gateway::http {

/// One per message. Feed it everything since the message began, each time more bytes came; it goes
/// on where it stopped.
class HeadScanner {
public:
    enum class State { more, done, bad };

    State scan(std::string_view bytes);
    /// Bytes of the head with its empty line, once done.
    std::size_t size() const { return at_; }
    /// Bytes looked at, for callers that wait for more.
    bool started() const { return at_ > 0; }

private:
    std::size_t at_ = 0;
    std::size_t line_ = 0;   // where the current line began
};

}   // namespace gateway::http
