#pragma once

#include "gateway/app/cli/client/desk.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway::app::client {

/// What was found in one tenant's access log.
struct LogAnswer {
    struct Fault {
        std::string title;
        std::string detail;
        std::string action;
    };
    std::string tenant;
    std::uint64_t entries = 0;
    std::uint64_t proved = 0;
    std::uint64_t checkpoints = 0;
    std::uint64_t found = 0;
    std::string public_key;   // base64url; empty: not known
    std::vector<Fault> faults;

    LogAnswer() = default;
};

/// Says it to a person; gives the exit code.
int say_logs(const Desk& desk, const std::vector<LogAnswer>& logs);

}   // namespace gateway::app::client
