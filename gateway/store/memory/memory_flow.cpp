#include "gateway/store/memory/memory_flow.hpp"

#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace gateway::store {
namespace {

bool is_asked_for(const FlowKey& key, const ports::FlowQuery& query) {
    const auto& wanted = query.connections;
    return key.tenant == query.tenant && key.hour >= query.from && key.hour < query.until &&
           (!query.system || key.system == *query.system) &&
           (!query.type || key.type == *query.type) &&
           (wanted.empty() ||
            std::find(wanted.begin(), wanted.end(), key.connection) != wanted.end());
}

std::int64_t day_start(std::int64_t hour) {
    return ports::first_hour(ports::flow_day(hour));
}

}   // namespace

template <class Take>
void MemoryFlow::each(const ports::FlowQuery& query, Take take) const {
    for (const auto& [key, count] : hours_) {
        if (is_asked_for(key, query)) {
            take(key, query.by_day ? day_start(key.hour) : key.hour, count);
        }
    }
    for (const auto& [key, count] : days_) {
        if (query.by_day && is_asked_for(key, query)) {
            take(key, key.hour, count);
        }
    }
}

ports::FlowSeries MemoryFlow::series(const ports::FlowQuery& query) const {
    ports::FlowSeries series;
    for (const auto* some : {&hours_, &days_}) {
        for (const auto& [key, count] : *some) {
            if (key.tenant == query.tenant) {
                series.first = std::min(series.first.value_or(key.hour), key.hour);
            }
        }
    }
    std::map<std::pair<std::int64_t, int>, std::int64_t> sums;
    each(query, [&](const FlowKey& key, std::int64_t hour, std::int64_t count) {
        sums[{hour, key.figure}] += count;
    });
    for (const auto& [key, count] : sums) {
        if (count != 0) {
            series.points.emplace_back(key.first, key.second, count);
        }
    }
    return series;
}

std::vector<ports::FlowWay> MemoryFlow::ways(const ports::FlowQuery& query) const {
    using Way = std::tuple<core::SystemId, std::string, std::string, int>;
    std::map<Way, std::int64_t> sums;
    each(query, [&](const FlowKey& key, std::int64_t, std::int64_t count) {
        sums[Way(key.system, key.type, key.connection, key.figure)] += count;
    });
    std::vector<ports::FlowWay> ways;
    for (const auto& [key, count] : sums) {
        if (count != 0) {
            ports::FlowWay way;
            std::tie(way.system, way.type, way.connection, way.figure) = key;
            way.count = count;
            ways.push_back(std::move(way));
        }
    }
    return ways;
}

bool MemoryFlow::keep(std::int64_t apart, std::int64_t forget) {
    const auto old = std::find_if(hours_.begin(), hours_.end(), [&](const auto& one) {
        return ports::flow_day(one.first.hour) < apart;
    });
    if (old != hours_.end()) {
        const auto tenant = old->first.tenant;
        const auto day = ports::flow_day(old->first.hour);
        std::erase_if(hours_, [&](const auto& one) {
            if (one.first.tenant != tenant || ports::flow_day(one.first.hour) != day) {
                return false;
            }
            auto key = one.first;
            key.hour = ports::first_hour(day);
            days_[key] += one.second;
            return true;
        });
        return true;
    }
    std::erase_if(days_, [&](const auto& one) {
        return one.second == 0 || ports::flow_day(one.first.hour) < forget;
    });
    return false;
}

bool MemoryEngine::was_sent_anew(const DeliveryRecord& record) const {
    if (!record.row.replaces) {
        return messages_.at({record.tenant, record.row.message}).replaces.has_value();
    }
    return std::any_of(events_.begin(), events_.end(), [&](const auto& event) {
        return event.tenant == record.tenant && event.message == record.row.message &&
               (event.name == "retried" || event.name == "resent");
    });
}

void MemoryEngine::count_moved(const DeliveryRecord& before, const DeliveryRecord& after,
                               core::Time at, bool taken_over) {
    using ports::FlowFigure;
    auto move = flow_move(before.row.state, after.row.state, taken_over);
    const auto& message = messages_.at({after.tenant, after.row.message});
    if (moves_accepted(before.row, after.row)) {
        for (const auto& [connection, by] :
             {std::pair(before.row.connection, -1), std::pair(after.row.connection, 1)}) {
            const FlowKey key(after.tenant, message.created, after.system, message.type,
                              connection);
            flow_.count(key.of(FlowFigure::accepted), by);
        }
    }
    // A copy on paper beside a letter that nobody opened is no second delivery of its message.
    for (auto earlier = after.row.replaces; earlier;) {
        const auto& old = deliveries_.at({after.tenant, *earlier}).row;
        move.handed_over = move.handed_over && !core::is_handed_over(old.state);
        move.delivered = move.delivered && old.state != core::DeliveryState::delivered &&
                         old.state != core::DeliveryState::read;
        earlier = old.replaces;
    }
    const FlowKey key(after.tenant, at, after.system, message.type, after.row.connection);
    if (move.handed_over) {
        flow_.count(key.of(FlowFigure::handed_over), 1);
        if (was_sent_anew(after)) {
            flow_.count(key.of(FlowFigure::mended), 1);
        }
    }
    if (move.delivered) {
        flow_.count(key.of(FlowFigure::delivered), 1);
        flow_.count(key.of(delivery_time_figure(at - message.created)), 1);
    }
    if (move.failed) {
        flow_.count(key.of(FlowFigure::failed), 1);
    }
}

core::Result<ports::FlowSeries> MemoryEngine::flow_series(const ports::FlowQuery& query) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    return flow_.series(query);
}

core::Result<std::vector<ports::FlowWay>> MemoryEngine::flow_ways(const ports::FlowQuery& query) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    return flow_.ways(query);
}

core::Result<bool> MemoryEngine::keep_flow(std::int64_t apart, std::int64_t forget) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    section.changed();
    return flow_.keep(apart, forget);
}

}   // namespace gateway::store
