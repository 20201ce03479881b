#include "gateway/sdk/poll_pace.hpp"

#include <algorithm>

namespace gateway::sdk {
namespace {

constexpr std::chrono::seconds pause_max{300};
constexpr int failures_max = 10;   // more change nothing

}   // namespace

std::chrono::seconds PollPace::after(bool good) {
    failures_ = good ? 0 : std::min(failures_ + 1, failures_max);
    auto pause = usual_;
    for (int i = 0; i < failures_ && pause < pause_max; ++i) {
        pause = std::min(pause * 2, std::max(pause_max, usual_));
    }
    return pause;
}

}   // namespace gateway::sdk
