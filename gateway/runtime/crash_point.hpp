#pragma once

// Named places where tests let the real program die as by a power button: `_exit(137)` when the
// environment variable SLUSE_CRASH_POINT names it ("name" or "name:3" for the third pass). Costs
// one relaxed load when unset.

namespace gateway::runtime {
void crash_point(const char* name) noexcept;
}   // namespace gateway::runtime

#define GATEWAY_CRASH_POINT(name) ::gateway::runtime::crash_point(name)
