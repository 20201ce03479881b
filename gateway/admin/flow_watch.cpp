#include "gateway/admin/flow_watch.hpp"

#include "gateway/admin/flow_now.hpp"

#include <algorithm>

namespace gateway::admin {
namespace {

constexpr std::chrono::seconds trusted{5};      // news is a hint: later it is looked all the same
constexpr std::chrono::seconds told_anew{60};   // rates fall also when nothing comes
constexpr std::chrono::seconds patience{10};
constexpr int share_of_time = 5;   // a look that takes long is made at most so often

}   // namespace

/// Given back wherever the look is cut off, also before its first step.
class FlowWatch::Turn {
public:
    /// With the watch locked.
    Turn(FlowWatch& watch, core::TenantId tenant, Place& place)
        : watch_(watch), tenant_(std::move(tenant)), began_(watch.parts_.clock.steady()) {
        place.looking = true;
        ++place.begun;
    }
    ~Turn() {
        {
            const auto now = watch_.parts_.clock.steady();
            const std::lock_guard lock(watch_.mutex_);
            auto& place = watch_.places_[tenant_];
            place.looking = false;
            place.ended = place.begun;
            place.next = std::max(began_ + pace, now + share_of_time * (now - began_));
        }
        watch_.looked_.notify();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    FlowWatch& watch_;
    core::TenantId tenant_;
    core::SteadyTime began_;
};

bool FlowWatch::is_fresh(const Place& place) const {
    return place.told.number != 0 && !place.fault && place.news == parts_.news.count() &&
           parts_.clock.steady() < place.looked + trusted;
}

sdk::Task<core::Result<FlowWatch::Told>> FlowWatch::look(core::TenantId tenant,
                                                         std::uint64_t known) {
    std::optional<std::uint64_t> begun;   // before we came
    for (;;) {
        const auto looks = looked_.count();
        const auto now = parts_.clock.steady();
        core::SteadyTime next{};
        bool others = false;
        std::optional<Turn> turn;
        {
            const std::lock_guard lock(mutex_);
            auto& place = places_[tenant];
            const bool newer = place.told.number > known && now < place.next;
            if (place.fault && now < place.next) {
                co_return *place.fault;
            }
            begun = begun.value_or(place.begun);
            // A look that began after we came has seen all that we came for.
            const bool seen = place.told.number != 0 && place.ended > *begun;
            if (is_fresh(place) || ((newer || seen) && !place.fault)) {
                co_return place.told;
            }
            others = place.looking;
            next = place.next;
            if (!others && now >= next) {
                turn.emplace(*this, tenant, place);
            }
        }
        if (others) {
            const auto until = parts_.clock.in(patience);
            const bool looked = co_await looked_.wait(parts_.clock, looks, until);
            if (!looked) {
                co_return core::Failure(core::Errc::timed_out, "the flow is looked at too long");
            }
        } else if (now < next) {
            co_await rest(next);
        } else {
            co_return co_await look_anew(tenant);
        }
    }
}

/// Of the one whose turn it is.
sdk::Task<core::Result<FlowWatch::Told>> FlowWatch::look_anew(core::TenantId tenant) {
    const auto began = parts_.clock.steady();
    const auto news = parts_.news.count();   // what comes after it is news again
    ports::EventQuery since;
    since.tenant = tenant;
    since.limit = 1;
    bool moved = false;
    {
        const std::lock_guard lock(mutex_);
        const auto& place = places_[tenant];
        since.after = place.position;
        moved = place.told.number == 0 || began >= place.told_at + told_anew;
    }
    const auto last = co_await parts_.store.last_position();
    if (!last) {
        co_return keep_fault(tenant, last.error());
    }
    if (!moved && *last != since.after) {
        const auto page = co_await parts_.store.events_after(std::move(since));
        if (!page) {
            co_return keep_fault(tenant, page.error());
        }
        moved = !page->items.empty();
    }
    std::shared_ptr<const std::string> text;
    if (moved) {
        const auto flow = co_await flow_now(parts_, tenant);
        if (!flow) {
            co_return keep_fault(tenant, flow.error());
        }
        text = std::make_shared<const std::string>("event: flow\ndata: " + json::write(*flow) +
                                                   "\n\n");
    }
    const std::lock_guard lock(mutex_);
    auto& place = places_[tenant];
    place.position = *last;
    place.news = news;
    place.looked = began;
    place.fault.reset();
    if (text) {
        ++place.told.number;
        place.told.text = std::move(text);
        place.told_at = began;
    }
    co_return place.told;
}

core::Failure FlowWatch::keep_fault(const core::TenantId& tenant, core::Failure failure) {
    const std::lock_guard lock(mutex_);
    places_[tenant].fault = failure;
    return failure;
}

sdk::Task<void> FlowWatch::rest(core::SteadyTime until) {
    const sdk::Deadline deadline(until);
    co_await over_.wait(parts_.clock, over_.count(), deadline);
}

}   // namespace gateway::admin
