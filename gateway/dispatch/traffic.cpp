#include "gateway/dispatch/traffic.hpp"

#include <algorithm>
#include <utility>

namespace gateway::dispatch {
namespace {

std::size_t index(ports::Lane lane) {
    return lane == ports::Lane::attempts ? 0 : 1;
}

const char* name(ports::Lane lane) {
    return lane == ports::Lane::attempts ? "attempts" : "receipts";
}

}   // namespace

Place::Place(Traffic& traffic, core::ConnectionId connection, ports::Lane lane)
    : traffic_(&traffic), connection_(std::move(connection)), lane_(lane) {}

Place::Place(Place&& other) noexcept
    : traffic_(std::exchange(other.traffic_, nullptr)),
      connection_(std::move(other.connection_)),
      lane_(other.lane_),
      told_(other.told_) {}

Place& Place::operator=(Place&& other) noexcept {
    if (this != &other) {
        leave();
        traffic_ = std::exchange(other.traffic_, nullptr);
        connection_ = std::move(other.connection_);
        lane_ = other.lane_;
        told_ = other.told_;
    }
    return *this;
}

Place::~Place() {
    leave();
}

void Place::leave() noexcept {
    if (traffic_ != nullptr) {
        std::exchange(traffic_, nullptr)->leave(connection_, lane_, told_);
    }
}

void Place::tell(bool target_at_fault) {
    if (traffic_ != nullptr && !std::exchange(told_, true)) {
        traffic_->tell(connection_, target_at_fault);
    }
}

Traffic::Traffic(sdk::Clock& clock, sdk::Log& log, sdk::Metrics& metrics)
    : clock_(clock), log_(log), metrics_(metrics) {}

std::optional<Place> Traffic::enter(const core::ConnectionId& connection, ports::Lane lane,
                                    int in_flight_max, const core::DispatchConfig& rules) {
    const auto now = clock_.steady();
    int inside = 0;
    {
        const std::lock_guard lock(mutex_);
        auto found = ways_.find(connection);
        if (found == ways_.end()) {
            Way way(CircuitBreaker(rules.breaker_failures, rules.breaker_pause));
            found = ways_.emplace(connection, way).first;
        }
        Way& way = found->second;
        way.places = {std::max(1, in_flight_max), std::max(1, in_flight_max / 2)};
        if (way.inside[index(lane)] >= way.places[index(lane)] || !way.breaker.try_enter(now)) {
            return std::nullopt;
        }
        inside = ++way.inside[index(lane)];
    }
    metrics_.gauge("sluse_dispatch_in_flight",
                   {{"connection", connection.value}, {"lane", name(lane)}}, inside);
    return std::optional<Place>(std::in_place, *this, connection, lane);
}

std::vector<core::ConnectionId> Traffic::shut(ports::Lane lane) const {
    const auto now = clock_.steady();
    std::vector<core::ConnectionId> result;
    const std::lock_guard lock(mutex_);
    for (const auto& [connection, way] : ways_) {
        const bool full = way.inside[index(lane)] >= way.places[index(lane)];
        if (full || way.breaker.is_shut(now)) {
            result.push_back(connection);
        }
    }
    return result;
}

bool Traffic::is_circuit_open(const core::ConnectionId& connection) const {
    const auto now = clock_.steady();
    const std::lock_guard lock(mutex_);
    const auto found = ways_.find(connection);
    return found != ways_.end() && found->second.breaker.state(now) == CircuitBreaker::State::open;
}

bool Traffic::is_circuit_in_doubt(const core::ConnectionId& connection) const {
    const auto now = clock_.steady();
    const std::lock_guard lock(mutex_);
    const auto found = ways_.find(connection);
    return found != ways_.end() && found->second.breaker.is_in_doubt(now);
}

std::optional<core::SteadyTime> Traffic::next_probe() const {
    const auto now = clock_.steady();
    std::optional<core::SteadyTime> next;
    const std::lock_guard lock(mutex_);
    for (const auto& [connection, way] : ways_) {
        const auto opens = way.breaker.opens_at();
        if (opens && *opens > now && (!next || *opens < *next)) {
            next = opens;
        }
    }
    return next;
}

int Traffic::in_flight(const core::ConnectionId& connection, ports::Lane lane) const {
    const std::lock_guard lock(mutex_);
    const auto found = ways_.find(connection);
    return found == ways_.end() ? 0 : found->second.inside[index(lane)];
}

void Traffic::leave(const core::ConnectionId& connection, ports::Lane lane, bool told) {
    int inside = 0;
    {
        const std::lock_guard lock(mutex_);
        const auto found = ways_.find(connection);
        if (found == ways_.end()) {
            return;
        }
        inside = --found->second.inside[index(lane)];
        if (!told) {
            found->second.breaker.abandoned();
        }
    }
    metrics_.gauge("sluse_dispatch_in_flight",
                   {{"connection", connection.value}, {"lane", name(lane)}}, inside);
}

void Traffic::tell(const core::ConnectionId& connection, bool target_at_fault) {
    auto change = CircuitBreaker::Change::none;
    const auto now = clock_.steady();
    {
        const std::lock_guard lock(mutex_);
        const auto found = ways_.find(connection);
        if (found == ways_.end()) {
            return;
        }
        auto& breaker = found->second.breaker;
        change = target_at_fault ? breaker.faulted(now) : breaker.answered();
    }
    say(connection, change);
}

void Traffic::say(const core::ConnectionId& connection, CircuitBreaker::Change change) {
    if (change == CircuitBreaker::Change::none) {
        return;
    }
    const bool opened = change == CircuitBreaker::Change::opened;
    log_.write(opened ? sdk::Severity::warning : sdk::Severity::info,
               opened ? "circuit_opened" : "circuit_closed", {{"connection", connection.value}});
    metrics_.gauge("sluse_circuit_open", {{"connection", connection.value}}, opened ? 1 : 0);
    if (opened) {
        metrics_.count("sluse_circuit_opened_total", {{"connection", connection.value}});
    }
}

}   // namespace gateway::dispatch
