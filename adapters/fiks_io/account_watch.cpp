#include "adapters/fiks_io/account_watch.hpp"

#include <utility>

namespace gateway::fiks_io {

namespace {

constexpr std::chrono::seconds look_time{20};
/// So many looks in a row with more waiting than before, and not few: somebody should know.
constexpr int growing_max = 5;
constexpr std::int64_t unfetched_few = 100;

}   // namespace

sdk::Task<void> AccountWatch::look(bool consuming) {
    for (const auto& account : settings_.accounts) {
        const auto status = co_await desk_.status(account.account, host_.clock.in(look_time));
        if (status.value) {
            judge(account.account, *status.value, consuming);
        } else {
            host_.metrics.count("sluse_fiks_io_looks_failed_total",
                                {{"code", status.outcome.code.value}});
        }
    }
}

void AccountWatch::judge(const std::string& account, const AccountStatus& status, bool consuming) {
    const core::Params labels{{"account", account}};
    host_.metrics.gauge("sluse_fiks_io_unfetched", labels, static_cast<double>(status.unfetched));
    host_.metrics.gauge("sluse_fiks_io_consumers", labels, static_cast<double>(status.consumers));
    Seen& seen = seen_[account];
    const bool more = status.unfetched > seen.unfetched && status.unfetched > unfetched_few;
    seen.growing = more ? seen.growing + 1 : 0;
    seen.unfetched = status.unfetched;
    if (!status.valid_receiver) {
        say(account, seen, "fiks_io.account_not_valid", labels);
    } else if (consuming && status.consumers == 0) {
        say(account, seen, "fiks_io.account_without_consumer", labels);
    } else if (seen.growing >= growing_max) {
        core::Params params = labels;
        params.emplace_back("count", std::to_string(status.unfetched));
        say(account, seen, "fiks_io.unfetched_growing", std::move(params));
    } else {
        say(account, seen, {}, {});
    }
}

/// Logged when it changes.
void AccountWatch::say(const std::string& account, Seen& seen, core::Code code,
                       core::Params params) {
    if (code != seen.code) {
        const auto severity = code.empty() ? sdk::Severity::info : sdk::Severity::error;
        host_.log.write(severity, code.empty() ? "fiks_io.account_well" : code.value,
                        {{"account", account}});
    }
    seen.code = std::move(code);
    seen.params = std::move(params);
}

sdk::Health AccountWatch::health() const {
    for (const auto& [account, seen] : seen_) {
        if (!seen.code.empty()) {
            return sdk::Health(sdk::Condition::degraded, seen.code, seen.params);
        }
    }
    return sdk::Health();
}

}   // namespace gateway::fiks_io
