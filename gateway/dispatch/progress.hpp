#pragma once

#include "gateway/dispatch/services.hpp"

#include <functional>
#include <string>
#include <vector>

namespace gateway::dispatch {

/// An adapter's durable progress of one claimed delivery. Used from the adapter's strand while a
/// call runs, from the delivery's strand before and after; never by both at once.
class DurableProgress final : public sdk::Progress {
public:
    using Sealer = std::function<std::string(std::string_view purpose, std::string_view plain)>;
    using EventOf = std::function<ports::NewEvent(core::Code, core::Params)>;

    /// `value` is what was remembered before, opened.
    DurableProgress(ports::Store& store, ports::DeliveryKey key, core::Fence fence,
                    std::string value, Sealer seal, EventOf event_of);

    const std::string& value() const override { return value_; }
    /// `too_large` beyond 256 KiB; `stale_fence` when another holder took over.
    sdk::Task<sdk::Result<void>> remember(std::string json) override;
    /// At most 100 lines between two writes; what is beyond is left out.
    void note(core::Code code, core::Params params) override;

    /// Lines noted since the last remember(), for the end of the claim.
    std::vector<ports::NewEvent> take_notes();
    bool lost_lease() const { return lost_lease_; }

    static constexpr std::size_t bytes_max = 256U << 10U;
    static constexpr std::size_t notes_max = 100;

private:
    ports::Store& store_;
    ports::DeliveryKey key_;
    core::Fence fence_;
    std::string value_;
    Sealer seal_;
    EventOf event_of_;
    std::vector<ports::NewEvent> notes_;
    bool lost_lease_ = false;
};

}   // namespace gateway::dispatch
