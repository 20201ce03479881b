#pragma once

// How long things take at Altinn, before the time scale. Facts: wire notes, sections 4 and 7.

#include "gateway/core/time.hpp"

#include <vector>

namespace gateway::altinn_forms::standin {

struct Pace {
    core::Duration scan = std::chrono::seconds(20);
    core::Duration held_back = std::chrono::seconds(30);   // an event in the feed
    core::Duration subscription_lag{0};                    // 3600 s at Altinn: a cache's lifetime
    core::Duration feed_keeps = std::chrono::hours(24 * 90);
    std::vector<core::Duration> webhook_retries;
    std::vector<core::Duration> validation_retries;

    /// `lag` is taken as it is at Altinn, whatever the default here.
    explicit Pace(core::Duration lag = {});
    /// Everything but how long the feed keeps.
    void scale(double times_faster);
};

}   // namespace gateway::altinn_forms::standin
