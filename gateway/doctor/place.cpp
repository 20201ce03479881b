#include "gateway/doctor/place.hpp"

#include <algorithm>

namespace gateway::doctor {

namespace {

sdk::Deadline limit(const sdk::Clock& clock, std::chrono::milliseconds most, sdk::Deadline end) {
    return sdk::Deadline(std::min(clock.steady() + most, end.at));
}

void skip_rest(PlaceChart& chart, const Place& place, std::size_t done) {
    constexpr const char* names[] = {"dns", "tcp", "tls", "clock"};
    for (std::size_t i = done; i < std::size(names); ++i) {
        Step step(names[i], place.name());
        step.skipped_after(names[done - 1]);
        chart.steps.push_back(std::move(step));
    }
}

/// Adds the step with the time it took; false: it is red.
bool add(PlaceChart& chart, const sdk::Clock& clock, core::SteadyTime since, Step step) {
    step.took = std::chrono::duration_cast<core::Duration>(clock.steady() - since);
    const bool red = step.finding == Finding::red;
    chart.steps.push_back(std::move(step));
    return !red;
}

sdk::Task<void> run(Bench bench, Network& network, PlaceChart& chart, const Place& place,
                    std::string ca_file, sdk::Deadline end) {
    auto& clock = bench.clock;
    auto since = clock.steady();
    auto resolving = network.resolve(place.host, place.port);
    const auto found =
        co_await within(bench, limit(clock, dns_time_max, end), std::move(resolving));
    if (!add(chart, clock, since, judge_dns(place, found))) {
        skip_rest(chart, place, 1);
        co_return;
    }
    since = clock.steady();
    const auto tcp_end = limit(clock, tcp_time_max, end);
    auto connecting = network.connect(*found, place.port, tcp_end);
    const auto connected = co_await within(bench, tcp_end, std::move(connecting));
    if (!add(chart, clock, since, judge_tcp(place, connected))) {
        skip_rest(chart, place, 2);
        co_return;
    }
    Spot spot;
    spot.address = *connected;
    spot.port = place.port;
    spot.host = place.host;
    spot.tls = place.tls;
    spot.ca_file = std::move(ca_file);
    since = clock.steady();
    if (place.tls) {
        auto looking = network.look_at_tls(spot);
        const auto sight =
            co_await within(bench, limit(clock, tls_time_max, end), std::move(looking));
        if (!add(chart, clock, since, judge_tls(place, sight, clock.now()))) {
            skip_rest(chart, place, 3);
            co_return;
        }
    } else {
        Step plain("tls", place.name());
        plain.found(Finding::skipped, "doctor.skipped.no_tls");
        add(chart, clock, since, std::move(plain));
    }
    since = clock.steady();
    if (!place.http) {
        Step silent("clock", place.name());
        silent.found(Finding::skipped, "doctor.skipped.not_http");
        add(chart, clock, since, std::move(silent));
        chart.answers = true;
        co_return;
    }
    const auto clock_end = limit(clock, clock_time_max, end);
    auto listening = network.listen(spot, clock_end);
    const auto heard = co_await within(bench, clock_end, std::move(listening));
    add(chart, clock, since, judge_clock(place, heard, clock.now()));
    chart.answers = heard.has_value();
}

}   // namespace

sdk::Task<void> examine_place(Bench bench, Network& network, std::shared_ptr<PlaceChart> chart,
                              std::string ca_file, sdk::Deadline end) {
    const auto place = read_place(chart->url);
    if (place) {
        co_await run(bench, network, *chart, *place, std::move(ca_file), end);
    }
    chart->done = true;
}

}   // namespace gateway::doctor
