// What the gateway does by the clock: looks at the disk, measures, collects documents nobody refers
// to, erases records whose time has come.

#include "gateway/app/gateway.hpp"
#include "gateway/ports/flow_store.hpp"
#include "gateway/records/message_eraser.hpp"
#include "gateway/runtime/memory.hpp"
#include "gateway/view/statistics.hpp"

#include <algorithm>
#include <fstream>
#include <functional>

#include <unistd.h>

namespace gateway::app {
namespace {

// A full disk is noticed, and a mended one used again, within this.
constexpr std::chrono::seconds disk_pace{1};
constexpr std::chrono::seconds measure_pace{5};
constexpr std::chrono::seconds retry_pace{1};
constexpr std::chrono::minutes collect_pace{10};
constexpr std::chrono::minutes erase_pace{10};
constexpr std::chrono::minutes checkpoint_pace_min{1};
// What a kill costs of the figures of benefit.
constexpr std::chrono::minutes benefit_pace{1};
constexpr std::chrono::minutes flow_pace{30};
// What the start was busy with is over by the first.
constexpr std::chrono::milliseconds settled_after{500};
constexpr std::chrono::minutes give_back_pace{1};
// A document may be uploaded long before the message that refers to it.
constexpr std::chrono::hours document_age_min{24};

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    file >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}   // namespace

sdk::Task<void> Gateway::look_at_disk() {
    auto ask = [this] { return files_->free_bytes(); };
    const auto free_bytes = co_await blocking_->run(std::move(ask));
    if (!free_bytes) {
        log_->write(sdk::Severity::error, "disk_unreadable",
                    {{"why", free_bytes.error().to_string()}});
        co_return;
    }
    metrics_.gauge("sluse_disk_free_bytes", {}, static_cast<double>(*free_bytes));
    const bool full = *free_bytes < config_.current()->limits.free_disk_min;
    if (disk_full_.exchange(full) != full) {
        const auto severity = full ? sdk::Severity::error : sdk::Severity::info;
        log_->write(severity, full ? "disk_full" : "disk_has_room",
                    {{"free_bytes", std::to_string(*free_bytes)}});
    }
    metrics_.gauge("sluse_disk_full", {}, full ? 1 : 0);
}

sdk::Task<void> Gateway::watch_disk() {
    for (;;) {
        co_await clock_->sleep_until(clock_->steady() + disk_pace);
        co_await look_at_disk();
    }
}

sdk::Task<void> Gateway::measure() {
    for (;;) {
        const auto messages = co_await store_->message_counts(std::nullopt);
        if (messages) {
            for (const auto& system : view::statistics_of(*messages)) {
                for (const auto& [outcome, number] : system.outcomes()) {
                    const core::Params labels{{"tenant", system.tenant.value},
                                              {"system", system.system.value},
                                              {"outcome", std::string(outcome)}};
                    metrics_.gauge("sluse_messages", labels, static_cast<double>(number));
                }
            }
        }
        metrics_.gauge("sluse_deliveries_running", {}, dispatcher_->running());
        metrics_.gauge("sluse_resident_bytes", {}, resident_bytes());
        metrics_.gauge("sluse_http_connections", {},
                       static_cast<double>(public_server_->connections()));
        co_await clock_->sleep_until(clock_->steady() + measure_pace);
    }
}

/// The first at once: whether the log still is what the last one proved is seen at the start.
sdk::Task<void> Gateway::write_checkpoints() {
    for (;;) {
        co_await checkpoints_->write_all();
        housekeeping_.did("write_checkpoints", checkpoints_->well());
        std::vector<alarms::LogSight> set_back;
        for (const auto& loss : checkpoints_->lost()) {
            auto& one = set_back.emplace_back();
            one.tenant = loss.tenant;
            one.entry = loss.head.number;
        }
        housekeeping_.saw_logs(std::move(set_back));
        const auto pace =
            std::max(config_.current()->records.checkpoint_every, checkpoint_pace_min);
        co_await clock_->sleep_until(clock_->steady() + pace);
    }
}

sdk::Task<void> Gateway::erase_records() {
    auto* const retention = ports::retention_store_of(*store_);
    GATEWAY_ASSERT(retention != nullptr);
    const records::MessageEraserParts parts{*store_, *retention, config_, vaults_,
                                            *clock_, *ids_,      *log_,   metrics_};
    records::MessageEraser messages(parts);
    for (;;) {
        const bool believed = co_await messages.believes_clock();
        co_await eraser_->erase_all(believed);
        housekeeping_.did("erase_records", eraser_->well());
        const auto rules = config_.retentions();
        co_await messages.erase_all(*rules);
        housekeeping_.did("erase_messages", messages.well());
        co_await clock_->sleep_until(clock_->steady() + erase_pace);
    }
}

sdk::Task<void> Gateway::keep_benefits() {
    for (;;) {
        co_await clock_->sleep_until(clock_->steady() + benefit_pace);
        co_await benefits_->write();
    }
}

sdk::Task<void> Gateway::give_back_memory() {
    auto next = clock_->steady() + settled_after;
    for (;;) {
        co_await clock_->sleep_until(next);
        std::function<void()> give_back = runtime::give_back_unused_memory;
        co_await blocking_->completed(std::move(give_back));
        next = clock_->steady() + give_back_pace;
    }
}

/// Figures by hour become figures by day, and those go when their time has come.
sdk::Task<void> Gateway::keep_flow() {
    auto& flow = ports::flow_store_of(*store_);
    for (;;) {
        const auto today = ports::flow_day(ports::flow_hour(clock_->now()));
        const auto kept = config_.current()->history_kept;
        const auto more =
            co_await flow.keep_flow(today - ports::flow_hours_kept.count(), today - kept.count());
        housekeeping_.did("keep_flow", more.has_value());
        if (!more) {
            log_->write(sdk::Severity::warning, "flow_not_kept",
                        {{"why", more.error().to_string()}});
        }
        auto next = clock_->steady() + flow_pace;
        if (more && *more) {
            next = clock_->steady() + retry_pace;   // a day of one tenant a second
        }
        co_await clock_->sleep_until(next);
    }
}

/// What operators retry together goes on after a restart by itself.
sdk::Task<void> Gateway::retry_groups() {
    failures::Retries retries(retry_parts());
    for (;;) {
        const auto stepped = co_await retries.step();
        housekeeping_.did("retry_groups", stepped.has_value());
        if (!stepped) {
            log_->write(sdk::Severity::warning, "group_retry_waits",
                        {{"why", stepped.error().to_string()}});
        }
        co_await clock_->sleep_until(clock_->steady() + retry_pace);
    }
}

/// What was approved before a restart is done after it, and what nobody approved ends.
sdk::Task<void> Gateway::settle_asked() {
    while (admin_) {
        const auto settled = co_await admin_->settle_asked();
        housekeeping_.did("settle_asked", settled.has_value());
        if (!settled) {
            log_->write(sdk::Severity::warning, "asked_acts_wait",
                        {{"why", settled.error().to_string()}});
        }
        co_await clock_->sleep_until(clock_->steady() + retry_pace);
    }
}

sdk::Task<void> Gateway::collect_documents() {
    for (;;) {
        const auto removed = co_await documents_->collect(clock_->now() - document_age_min);
        housekeeping_.did("collect_documents", removed.has_value());
        if (!removed) {
            log_->write(sdk::Severity::warning, "documents_not_collected",
                        {{"why", removed.error().to_string()}});
        } else if (*removed > 0) {
            log_->write(sdk::Severity::info, "documents_collected",
                        {{"count", std::to_string(*removed)}});
        }
        const auto expired = co_await uploads_->collect();
        housekeeping_.did("collect_uploads", expired.has_value());
        if (!expired) {
            log_->write(sdk::Severity::warning, "uploads_not_collected",
                        {{"why", expired.error().to_string()}});
        }
        co_await clock_->sleep_until(clock_->steady() + collect_pace);
    }
}

}   // namespace gateway::app
