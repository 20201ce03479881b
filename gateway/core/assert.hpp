#pragma once

// A broken invariant is our fault: say where and stop, in release too. What was stored recovers us.

namespace gateway::core {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;
}   // namespace gateway::core

#define GATEWAY_ASSERT(expression)                                                                 \
    ((expression) ? static_cast<void>(0)                                                           \
                  : ::gateway::core::assertion_failed(#expression, __FILE__, __LINE__))
