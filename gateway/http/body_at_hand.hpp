#pragma once

// Most bodies come with their head in one packet: they are had at once, without a coroutine that
// waits for them.

#include "gateway/sdk/bytes.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace gateway::http {

/// All of a request's body, if nothing was read of it, all of it is there, and it is not more.
/// Nothing otherwise: it is read as any source then.
std::optional<std::string> take_at_hand(sdk::ByteSource& body, std::size_t bytes_max);

}   // namespace gateway::http
