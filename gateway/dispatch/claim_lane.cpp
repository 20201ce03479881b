#include "gateway/dispatch/claim_lane.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace gateway::dispatch {
namespace {

constexpr std::size_t batch_max = 256;
// After a claim that found nothing, whatever is told meanwhile: under load every commit tells of
// work, most of it not for this lane, and a look costs the writer a turn.
constexpr std::chrono::milliseconds breath{20};

const char* name(ports::Lane lane) {
    switch (lane) {
    case ports::Lane::receipts: return "receipts";
    case ports::Lane::choices: return "choices";
    case ports::Lane::attempts: break;
    }
    return "attempts";
}

}   // namespace

ClaimLane::ClaimLane(ports::Lane lane, Services services, Traffic& traffic, Carrier& carrier,
                     runtime::TaskGroup& carryings, boost::asio::any_io_executor executor)
    : lane_(lane),
      services_(services),
      traffic_(traffic),
      carrier_(carrier),
      carryings_(carryings),
      executor_(std::move(executor)) {}

std::function<void()> ClaimLane::hint() const {
    return [bell = std::weak_ptr<runtime::Signal>(bell_)] {
        if (const auto alive = bell.lock()) {
            alive->notify();
        }
    };
}

void ClaimLane::stop() {
    stopping_ = true;
    bell_->notify();
}

int ClaimLane::free_places() const {
    const int all = services_.configuration.current()->dispatch.in_flight_max;
    const int mine = lane_ == ports::Lane::attempts ? all : std::max(1, all / 2);
    return std::max(0, mine - running_.load());
}

int ClaimLane::connection_places(const core::ConnectionId& connection) const {
    const auto found = services_.connections.find(connection);
    return found == nullptr ? 1 : found->in_flight_max();
}

std::vector<core::ConnectionId> ClaimLane::closed() const {
    auto result = traffic_.shut(lane_);
    for (const auto& [connection, queue] : waiting_) {
        if (std::find(result.begin(), result.end(), connection) == result.end()) {
            result.push_back(connection);
        }
    }
    return result;
}

sdk::Task<void> ClaimLane::run() {
    while (!stopping_) {
        start_waiting();
        const bool found = co_await claim_batch();
        if (!stopping_) {
            co_await rest(!found);
        }
    }
    co_await give_back_waiting();
}

/// Claims until the store has no more or every place is taken. False when the last claim found
/// nothing.
sdk::Task<bool> ClaimLane::claim_batch() {
    bool found = false;
    while (!stopping_) {
        const auto limit = std::min(batch_max, static_cast<std::size_t>(free_places()));
        if (limit == 0) {
            break;
        }
        ports::ClaimCommand command;
        command.now = services_.clock.now();
        command.lease_until = command.now + services_.configuration.current()->dispatch.lease;
        command.limit = limit;
        command.lane = lane_;
        command.excluded = closed();
        auto claimed = co_await services_.store.claim(std::move(command));
        if (claimed.has_error()) {
            core::Params fields{{"lane", name(lane_)}, {"error", claimed.error().to_string()}};
            services_.log.write(sdk::Severity::error, "claim_failed", fields);
            break;
        }
        found = found || !claimed->empty();
        for (auto& one : *claimed) {
            admit(std::move(one));
        }
        if (claimed->size() < limit) {
            break;
        }
    }
    co_return found;
}

void ClaimLane::admit(ports::ClaimedDelivery claimed) {
    const auto connection = carrier_.needs(claimed);
    if (!connection) {
        start(std::move(claimed), Place());
        return;
    }
    const auto queue = waiting_.find(*connection);
    if (queue == waiting_.end() && try_start(*connection, claimed)) {
        return;
    }
    const auto lease = services_.configuration.current()->dispatch.lease;
    leased_until_[claimed.row.id] = services_.clock.now() + lease;
    waiting_[*connection].push_back(std::move(claimed));
}

bool ClaimLane::try_start(const core::ConnectionId& connection, ports::ClaimedDelivery& claimed) {
    if (free_places() == 0) {
        return false;
    }
    const auto rules = services_.configuration.current()->dispatch;
    auto place = traffic_.enter(connection, lane_, connection_places(connection), rules);
    if (!place) {
        return false;
    }
    start(std::move(claimed), std::move(*place));
    return true;
}

/// Those whose lease is half over are left to it: a renewal would keep them from other nodes for
/// nothing. So are all of a connection whose circuit opened.
void ClaimLane::start_waiting() {
    const auto half = services_.configuration.current()->dispatch.lease / 2;
    const auto now = services_.clock.now();
    for (auto queue = waiting_.begin(); queue != waiting_.end();) {
        auto& [connection, items] = *queue;
        const bool hopeless = traffic_.is_circuit_open(connection);
        while (!items.empty()) {
            const auto id = items.front().row.id;
            const bool stale = leased_until_[id] - half <= now;
            if (!stale && !hopeless && !try_start(connection, items.front())) {
                break;
            }
            leased_until_.erase(id);
            items.pop_front();
        }
        queue = items.empty() ? waiting_.erase(queue) : std::next(queue);
    }
}

void ClaimLane::start(ports::ClaimedDelivery claimed, Place place) {
    running_.fetch_add(1);
    auto strand = boost::asio::make_strand(executor_);
    if (!carryings_.spawn_on(std::move(strand), carry_one(std::move(claimed), std::move(place)))) {
        running_.fetch_sub(1);
    }
}

sdk::Task<void> ClaimLane::carry_one(ports::ClaimedDelivery claimed, Place place) {
    struct End {
        ClaimLane& lane;
        explicit End(ClaimLane& of) : lane(of) {}
        ~End() {
            lane.running_.fetch_sub(1);
            lane.bell_->notify();
        }
    };
    const End end(*this);
    co_await carrier_.carry(std::move(claimed), std::move(place));
}

sdk::Task<void> ClaimLane::rest(bool found_nothing) {
    if (found_nothing) {
        co_await services_.clock.sleep_until(services_.clock.steady() + breath);
    }
    const auto now = services_.clock.steady();
    auto latest = now + look_again;
    if (free_places() > 0) {
        const auto due = co_await services_.store.next_due(lane_, closed());
        if (due.has_value() && due->has_value()) {
            const auto wait = std::max(core::Duration{0}, **due - services_.clock.now());
            latest = std::min(latest, now + wait);
        }
    }
    if (const auto probe = traffic_.next_probe()) {
        latest = std::min(latest, *probe);
    }
    co_await bell_->wait(services_.clock, heard_, sdk::Deadline(latest));
    heard_ = bell_->count();
}

sdk::Task<void> ClaimLane::give_back_waiting() {
    for (auto& [connection, items] : waiting_) {
        for (auto& item : items) {
            co_await carrier_.give_back(std::move(item));
        }
    }
    waiting_.clear();
    leased_until_.clear();
}

}   // namespace gateway::dispatch
