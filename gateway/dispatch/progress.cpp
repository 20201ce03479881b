#include "gateway/dispatch/progress.hpp"

#include <utility>

namespace gateway::dispatch {

DurableProgress::DurableProgress(ports::Store& store, ports::DeliveryKey key, core::Fence fence,
                                 std::string value, Sealer seal, EventOf event_of)
    : store_(store),
      key_(std::move(key)),
      fence_(fence),
      value_(std::move(value)),
      seal_(std::move(seal)),
      event_of_(std::move(event_of)) {}

sdk::Task<sdk::Result<void>> DurableProgress::remember(std::string json) {
    if (json.size() > bytes_max) {
        co_return core::Failure(core::Errc::too_large, "progress");
    }
    auto sealed = seal_("progress", json);
    auto kept = co_await store_.remember(key_, fence_, std::move(sealed), take_notes());
    if (kept.has_error()) {
        lost_lease_ = lost_lease_ || kept.error().is(core::Errc::stale_fence);
        co_return kept.error();
    }
    value_ = std::move(json);
    co_return sdk::Result<void>();
}

void DurableProgress::note(core::Code code, core::Params params) {
    if (notes_.size() < notes_max) {
        notes_.push_back(event_of_(std::move(code), std::move(params)));
    }
}

std::vector<ports::NewEvent> DurableProgress::take_notes() {
    return std::exchange(notes_, {});
}

}   // namespace gateway::dispatch
