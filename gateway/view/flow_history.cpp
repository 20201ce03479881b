#include "gateway/view/flow_history.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace gateway::view {
namespace {

using ports::FlowFigure;

constexpr std::array<std::pair<FlowFigure, std::string_view>, 7> figure_names{
    {{FlowFigure::accepted, "accepted"},
     {FlowFigure::handed_over, "handedOver"},
     {FlowFigure::delivered, "delivered"},
     {FlowFigure::failed, "failed"},
     {FlowFigure::received, "received"},
     {FlowFigure::retried, "retried"},
     {FlowFigure::mended, "mended"}}};
constexpr int first_time = static_cast<int>(FlowFigure::delivery_time);

/// What moved from the row without a way may be told a moment before what it moved from.
std::uint64_t at_least_nought(std::int64_t count) {
    return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

double seconds_of(std::chrono::seconds time) {
    return static_cast<double>(time.count());
}

core::Time time_of_hour(std::int64_t hour) {
    return core::Time(std::chrono::hours(hour));
}

/// Counts by figure, with how long it took.
struct FlowSums {
    std::map<int, std::int64_t> counts;
    DeliveryTimes times;

    void add(int figure, std::int64_t count) {
        counts[figure] += count;
        times.add(figure, count);
    }
    void say(json::Value& view) const {
        for (const auto& [figure, name] : figure_names) {
            const auto found = counts.find(static_cast<int>(figure));
            view.set(name, at_least_nought(found == counts.end() ? 0 : found->second));
        }
        view.set("timeToDelivery", delivery_times_view(times));
    }
    std::int64_t busy() const {
        std::int64_t all = 0;
        for (const auto& [figure, count] : counts) {
            all += figure < first_time ? count : 0;
        }
        return all;
    }
};

json::Value figures_view(const FlowHistory& history, std::int64_t step) {
    const auto& query = history.query;
    const auto points = static_cast<std::size_t>((query.until - query.from) / step);
    json::Value view = json::Value::object();
    for (const auto& [figure, name] : figure_names) {
        std::vector<std::int64_t> counts(points);
        for (const auto& point : history.series.points) {
            const auto at = static_cast<std::size_t>((point.hour - query.from) / step);
            if (point.figure == static_cast<int>(figure) && point.hour >= query.from &&
                at < points) {
                counts[at] += point.count;
            }
        }
        json::Value list = json::Value::array();
        for (const auto count : counts) {
            list.push(at_least_nought(count));
        }
        view.set(name, std::move(list));
    }
    return view;
}

json::Value ways_view(const std::vector<ports::FlowWay>& ways, json::Value& view) {
    using Way = std::tuple<core::SystemId, std::string, std::string>;
    std::map<Way, FlowSums> sums;
    for (const auto& way : ways) {
        sums[Way(way.system, way.type, way.connection)].add(way.figure, way.count);
    }
    std::vector<std::pair<Way, FlowSums>> busiest(sums.begin(), sums.end());
    std::stable_sort(busiest.begin(), busiest.end(), [](const auto& a, const auto& b) {
        return a.second.busy() > b.second.busy();
    });
    const auto shown = std::min(busiest.size(), ports::flow_ways_max);
    view.set("waysLeftOut", static_cast<std::uint64_t>(busiest.size() - shown));
    json::Value list = json::Value::array();
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& [system, type, connection] = busiest[i].first;
        json::Value one = json::Value::object();
        one.set("system", system.value).set("type", type);
        one.set("connection", connection.empty() ? json::Value() : json::Value(connection));
        busiest[i].second.say(one);
        list.push(std::move(one));
    }
    return list;
}

}   // namespace

void DeliveryTimes::add(int figure, std::int64_t count) {
    const auto bucket = static_cast<std::size_t>(figure - first_time);
    if (figure >= first_time && bucket < buckets.size()) {
        buckets[bucket] += at_least_nought(count);
    }
}

std::uint64_t DeliveryTimes::messages() const {
    std::uint64_t all = 0;
    for (const auto count : buckets) {
        all += count;
    }
    return all;
}

std::optional<double> DeliveryTimes::seconds(double share) const {
    const auto all = static_cast<double>(messages());
    if (all == 0) {
        return std::nullopt;
    }
    const auto& ends = ports::delivery_time_ends;
    double left = share * all;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const auto count = static_cast<double>(buckets[i]);
        if (count > 0 && left <= count) {
            const double begin = i == 0 ? 0 : seconds_of(ends[i - 1]);
            return begin + (seconds_of(ends[i]) - begin) * left / count;
        }
        left -= count;
    }
    return seconds_of(ends.back());
}

json::Value delivery_times_view(const DeliveryTimes& times) {
    json::Value view = json::Value::object();
    view.set("messages", times.messages());
    for (const auto& [name, share] : {std::pair("medianSeconds", 0.5), std::pair("p90Seconds", 0.9),
                                      std::pair("p95Seconds", 0.95)}) {
        const auto seconds = times.seconds(share);
        view.set(name, seconds ? json::Value(std::round(*seconds * 10) / 10) : json::Value());
    }
    return view;
}

json::Value flow_history_view(const FlowHistory& history) {
    const auto& query = history.query;
    FlowSums all;
    for (const auto& point : history.series.points) {
        all.add(point.figure, point.count);
    }
    json::Value totals = json::Value::object();
    all.say(totals);
    const auto& first = history.series.first;
    json::Value view = json::Value::object();
    view.set("tenant", query.tenant.value)
        .set("at", core::to_rfc3339(history.now))
        .set("step", query.by_day ? "day" : "hour")
        .set("from", core::to_rfc3339(time_of_hour(query.from)))
        .set("until", core::to_rfc3339(time_of_hour(query.until)))
        .set("countedSince",
             first ? json::Value(core::to_rfc3339(time_of_hour(*first))) : json::Value())
        .set("figures", figures_view(history, query.by_day ? 24 : 1))
        .set("totals", std::move(totals));
    auto ways = ways_view(history.ways, view);
    view.set("ways", std::move(ways));
    return view;
}

json::Value time_to_delivery_view(const std::vector<ports::FlowWay>& ways, std::int64_t from,
                                  std::int64_t until) {
    DeliveryTimes all;
    std::map<core::SystemId, DeliveryTimes> systems;
    for (const auto& way : ways) {
        all.add(way.figure, way.count);
        systems[way.system].add(way.figure, way.count);
    }
    json::Value view = delivery_times_view(all);
    view.set("from", core::to_rfc3339(time_of_hour(from)))
        .set("until", core::to_rfc3339(time_of_hour(until)));
    json::Value list = json::Value::array();
    for (const auto& [system, times] : systems) {
        if (times.messages() > 0) {
            auto one = delivery_times_view(times);
            one.set("system", system.value);
            list.push(std::move(one));
        }
    }
    view.set("systems", std::move(list));
    return view;
}

}   // namespace gateway::view
