#include "gateway/admin/api.hpp"

#include <algorithm>

// /readyz and /metrics: for machines that ask often, so what costs is remembered for a moment.

namespace gateway::admin {
namespace {

constexpr std::chrono::seconds probe_holds{2};   // a probe writes and flushes

json::Value check_view(std::string name, const core::Code& fault, const core::Params& params,
                       texts::Language language) {
    json::Value view = json::Value::object();
    view.set("name", std::move(name)).set("ok", fault.empty());
    if (!fault.empty()) {
        const auto words = code_view(fault, params, language);
        for (const auto& [member, value] : words.members()) {
            view.set(member, value);
        }
    }
    return view;
}

using StateCounts = std::vector<std::pair<core::DeliveryState, std::uint64_t>>;

/// A state nobody is in any more is not told by the store; its gauge would keep the old number.
StateCounts with_zeros(const StateCounts& counts) {
    StateCounts all;
    for (auto state = core::DeliveryState::queued; state <= core::DeliveryState::held;
         state = static_cast<core::DeliveryState>(static_cast<unsigned char>(state) + 1)) {
        const auto found = std::find_if(counts.begin(), counts.end(),
                                        [&](const auto& count) { return count.first == state; });
        all.emplace_back(state, found == counts.end() ? 0 : found->second);
    }
    return all;
}

}   // namespace

sdk::Task<bool> AdminApi::store_writable(core::Code& why) {
    {
        const std::lock_guard lock(probe_mutex_);
        if (probe_.until > parts_.clock.steady()) {
            why = probe_.fault;
            co_return why.empty();
        }
    }
    // A named lease is a real write with its flush, and leaves one small row behind.
    const auto now = parts_.clock.now();
    const auto written =
        co_await parts_.store.take_named_lease("admin.readyz", "readyz", now, now + probe_holds);
    core::Code fault;
    if (!written) {
        fault = written.error().is(core::Errc::storage_full) ? core::Code("service.storage_full")
                : written.error().is(core::Errc::unavailable)
                    ? core::Code("service.draining")
                    : core::Code("service.storage_failed");
    }
    const std::lock_guard lock(probe_mutex_);
    probe_.until = parts_.clock.steady() + probe_holds;
    probe_.fault = fault;
    why = fault;
    co_return why.empty();
}

sdk::Task<http::Response> AdminApi::ready(const texts::ProblemContext& context) {
    json::Value checks = json::Value::array();
    bool all_well = true;
    core::Code fault;
    const auto system = co_await parts_.status.look();
    const bool writable = co_await store_writable(fault);
    all_well = all_well && writable;
    checks.push(check_view("store", fault, {}, context.language));

    const auto least = parts_.configuration.current()->limits.free_disk_min;
    const core::Code disk = !system.free_bytes           ? core::Code("ready.disk_unreadable")
                            : *system.free_bytes < least ? core::Code("service.storage_full")
                                                         : core::Code();
    all_well = all_well && disk.empty();
    auto disk_view = check_view("disk", disk, {}, context.language);
    if (system.free_bytes) {
        disk_view.set("freeBytes", *system.free_bytes);
    }
    checks.push(std::move(disk_view));

    const core::Code draining = system.draining ? core::Code("service.draining") : core::Code();
    all_well = all_well && draining.empty();
    checks.push(check_view("draining", draining, {}, context.language));

    for (const auto& listener : system.listeners) {
        const core::Code down = listener.up ? core::Code() : core::Code("ready.listener_down");
        all_well = all_well && listener.up;
        auto view = check_view("listener " + listener.name, down, {{"name", listener.name}},
                               context.language);
        view.set("address", listener.address);
        checks.push(std::move(view));
    }
    json::Value answer = json::Value::object();
    answer.set("ready", all_well).set("checks", std::move(checks));
    co_return json_answer(all_well ? 200 : 503, answer);
}

sdk::Task<http::Response> AdminApi::metrics() {
    // The store keeps its counts exact as it goes: asking costs no counting of rows.
    const auto counts = co_await parts_.store.counts();
    if (counts) {
        for (const auto& [state, number] : with_zeros(counts->deliveries)) {
            parts_.metrics.gauge("sluse_deliveries",
                                 {{"state", std::string(core::to_string(state))}},
                                 static_cast<double>(number));
        }
        const auto now = parts_.clock.now();
        const auto waits =
            counts->oldest_waiting ? now - *counts->oldest_waiting : core::Duration(0);
        parts_.metrics.gauge("sluse_events", {}, static_cast<double>(counts->events));
        parts_.metrics.gauge("sluse_store_flushes", {}, static_cast<double>(counts->flushes));
        parts_.metrics.gauge("sluse_quarantine_waiting", {},
                             static_cast<double>(counts->quarantined));
        parts_.metrics.gauge("sluse_oldest_waiting_seconds", {},
                             std::max(0.0, std::chrono::duration<double>(waits).count()));
    }
    http::Response response(200, "text/plain; version=0.0.4; charset=utf-8",
                            parts_.metrics.expose());
    response.headers.emplace_back("Cache-Control", "no-store");
    co_return response;
}

}   // namespace gateway::admin
