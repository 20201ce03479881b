#pragma once

// What one call to a register came to, key by key. Pure.

#include "gateway/sdk/register.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::registers {

using Keys = std::vector<std::string>;

/// What is known of one key: a value, or why there is none.
struct Reply {
    sdk::RegisterEntry entry;
    std::optional<sdk::RegisterFailure> failure;

    Reply() = default;
};

struct Reading {
    std::map<std::string, Reply> replies;   // one for each key that was asked for
    /// None of the keys has a reply: the answer as a whole says nothing.
    std::optional<sdk::RegisterFailure> failure;
    /// The request was refused as it stands: one of the keys may be the reason.
    bool refused_as_asked = false;

    Reading() = default;
};

}   // namespace gateway::registers
