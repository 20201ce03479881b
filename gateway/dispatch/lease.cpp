#include "gateway/dispatch/lease.hpp"

namespace gateway::dispatch {

sdk::Task<void> keep_lease(ports::Store& store, sdk::Clock& clock, Lease lease) {
    const auto third = std::chrono::duration_cast<core::Duration>(lease.length) / 3;
    for (;;) {
        co_await clock.sleep_until(clock.steady() + third);
        const auto until = clock.now() + lease.length;
        const auto extended = co_await store.extend(lease.key, lease.fence, until);
        // Any other failure is the store's trouble: the fence still guards what is written later.
        if (extended.has_error() && extended.error().is(core::Errc::stale_fence)) {
            co_return;
        }
    }
}

}   // namespace gateway::dispatch
