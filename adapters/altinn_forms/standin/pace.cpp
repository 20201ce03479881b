#include "adapters/altinn_forms/standin/pace.hpp"

namespace gateway::altinn_forms::standin {

using namespace std::chrono_literals;

// 12 attempts: the first, and eleven more over some 39 hours.
Pace::Pace(core::Duration lag)
    : subscription_lag(lag),
      webhook_retries{10s, 30s, 1min, 5min, 10min, 30min, 1h, 3h, 6h, 12h, 12h},
      validation_retries{1s, 5s, 10s, 30s, 1min, 2min, 2min, 2min} {}

void Pace::scale(double times_faster) {
    const auto faster = [times_faster](core::Duration& time) {
        time = core::Duration(
            static_cast<core::Duration::rep>(static_cast<double>(time.count()) / times_faster));
    };
    faster(scan);
    faster(held_back);
    faster(subscription_lag);
    for (auto& wait : webhook_retries) {
        faster(wait);
    }
    for (auto& wait : validation_retries) {
        faster(wait);
    }
}

}   // namespace gateway::altinn_forms::standin
