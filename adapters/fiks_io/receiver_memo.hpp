#pragma once

// What is kept with an item that came in, to answer its sender by later. Pure.

#include "adapters/fiks_io/receiver_envelope.hpp"

#include <optional>
#include <string>

namespace gateway::fiks_io {

struct Memo {
    std::string account;       // ours, that it came to
    std::string sender;        // account
    std::string id;            // melding-id
    std::string type;          // message type
    std::string correlation;   // empty: none
    std::string error;         // of what could not be taken: the answer's type; empty: it could

    Memo() = default;
    Memo(std::string to, const Envelope& envelope);
    std::string write() const;
    static std::optional<Memo> read(const std::string& text);
};

}   // namespace gateway::fiks_io
