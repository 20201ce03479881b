#pragma once

// How long a receiver waits between two rounds of asking: its usual pause, doubled for each round
// in a row that failed, five minutes at most (its usual pause when that is longer).

#include <chrono>

namespace gateway::sdk {

class PollPace {
public:
    explicit PollPace(std::chrono::seconds usual) : usual_(usual) {}
    /// The pause after a round that went well, or not.
    std::chrono::seconds after(bool good);

private:
    std::chrono::seconds usual_;
    int failures_ = 0;   // in a row
};

}   // namespace gateway::sdk
