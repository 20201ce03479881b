#include "gateway/core/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace gateway::core {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(
        stderr,
        "{\"level\":\"fatal\",\"event\":\"assertion_failed\",\"at\":\"%s:%d\",\"what\":\"%s\"}\n",
        file, line, expression);
    std::abort();
}

}   // namespace gateway::core
