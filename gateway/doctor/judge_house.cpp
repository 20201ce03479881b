#include "gateway/doctor/judge_house.hpp"

namespace gateway::doctor {

using core::Errc;

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t megabyte = 1U << 20U;
constexpr std::chrono::sys_days made_at{2026y / 1 / 1};
constexpr std::chrono::sys_days never_at{2060y / 1 / 1};

/// Whether the answer never came; then the step says so.
template <class T>
bool hung(Step& step, const core::Result<T>& answer) {
    if (answer.has_value() || !answer.error().is(Errc::timed_out)) {
        return false;
    }
    step.found(Finding::red, "doctor.house.silent",
               {{"seconds", std::to_string(house_time_max.count() / 1000)}});
    return true;
}

}   // namespace

Step judge_data(const std::string& path, const core::Result<void>& written) {
    Step step("data", path);
    if (hung(step, written)) {
        return step;
    }
    if (written.has_error()) {
        return step.found(Finding::red, "doctor.house.data_unwritable", {{"path", path}});
    }
    return step.green();
}

Step judge_disk(const core::Result<House::Disk>& disk) {
    Step step("disk", "");
    if (hung(step, disk)) {
        return step;
    }
    if (disk.has_error()) {
        return step.found(Finding::red, "ready.disk_unreadable");
    }
    step.seen.set("freeBytes", disk->free);
    core::Params params{{"free", std::to_string(disk->free / megabyte)},
                        {"least", std::to_string(disk->least / megabyte)}};
    if (disk->free < disk->least) {
        return step.found(Finding::red, "doctor.house.disk_full", std::move(params));
    }
    if (disk->free / 2 < disk->least) {
        return step.found(Finding::yellow, "doctor.house.disk_low", std::move(params));
    }
    return step.green();
}

Step judge_own_clock(const core::Result<KernelClock>& kernel, core::Time now) {
    Step step("clock", "");
    step.seen.set("now", core::to_rfc3339(now));
    if (now < made_at || now > never_at) {
        return step.found(Finding::red, "doctor.house.clock_implausible");
    }
    if (kernel.has_value() && *kernel == KernelClock::free_running) {
        return step.found(Finding::yellow, "doctor.house.clock_not_set");
    }
    return step.green();
}

Step judge_keys(const core::Result<std::vector<core::TenantId>>& unreadable) {
    Step step("keys", "");
    if (hung(step, unreadable)) {
        return step;
    }
    if (unreadable.has_error()) {
        return step.found(Finding::red, "service.internal");
    }
    if (!unreadable->empty()) {
        step.seen.set("unreadable", static_cast<std::int64_t>(unreadable->size()));
        return step.found(Finding::red, "doctor.house.key_unreadable",
                          {{"tenant", unreadable->front().value}});
    }
    return step.green();
}

Step judge_scanner(const core::Result<std::optional<bool>>& answers) {
    Step step("scanner", "");
    if (answers.has_value() && !answers->has_value()) {
        return step.found(Finding::skipped, "doctor.skipped.no_scanner");
    }
    if (answers.has_error() || !**answers) {
        return step.found(Finding::red, "doctor.house.scanner_down");
    }
    return step.green();
}

}   // namespace gateway::doctor
