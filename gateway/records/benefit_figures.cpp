#include "gateway/records/benefit_figures.hpp"

#include "gateway/core/params.hpp"

namespace gateway::records {
namespace {

core::Params labels_of_benefit(const ports::BenefitKey& key) {
    if (key.how == ports::told_event) {
        return {{"tenant", key.tenant.value}, {"system", key.system.value}, {"event", key.what}};
    }
    return {{"tenant", key.tenant.value},
            {"system", key.system.value},
            {"dataset", key.what},
            {"how", key.how}};
}

}   // namespace

std::map<ports::BenefitKey, std::uint64_t> BenefitFigures::counted() const {
    std::map<ports::BenefitKey, std::uint64_t> all;
    for (const auto counter : {ports::answers_counter, ports::life_events_counter}) {
        const bool told = counter == ports::life_events_counter;
        for (const auto& [labels, count] : metrics_.counted(counter)) {
            ports::BenefitKey key;
            key.tenant = core::TenantId(core::param_of(labels, "tenant"));
            key.system = core::SystemId(core::param_of(labels, "system"));
            key.what = core::param_of(labels, told ? "event" : "dataset");
            key.how = told ? std::string(ports::told_event) : core::param_of(labels, "how");
            all[std::move(key)] += count;
        }
    }
    return all;
}

sdk::Task<void> BenefitFigures::read() {
    const auto kept = co_await store_.benefits(std::nullopt, std::nullopt);
    if (!kept) {
        log_.write(sdk::Severity::warning, "benefits_not_read",
                   {{"why", kept.error().to_string()}});
        co_return;
    }
    for (const auto& [key, count] : kept->counts) {
        const bool told = key.how == ports::told_event;
        metrics_.count(told ? ports::life_events_counter : ports::answers_counter,
                       labels_of_benefit(key), count);
        written_[key] = count;
    }
    read_ = true;
}

sdk::Task<void> BenefitFigures::write() {
    if (!read_) {
        co_await read();
    }
    if (!read_) {
        co_return;   // counters that began at nought say nothing about what is to be added
    }
    const auto now = counted();
    std::vector<ports::BenefitCount> more;
    for (const auto& [key, count] : now) {
        const auto before = written_.find(key);
        const auto written = before == written_.end() ? 0 : before->second;
        if (count > written) {
            more.emplace_back(key, count - written);
        }
    }
    if (more.empty()) {
        co_return;
    }
    const auto today = std::chrono::floor<std::chrono::days>(clock_.now());
    const auto done =
        co_await store_.add_benefits(today, std::move(more), today - benefit_days_kept);
    if (!done) {
        log_.write(sdk::Severity::warning, "benefits_not_written",
                   {{"why", done.error().to_string()}});
        co_return;
    }
    written_ = now;
}

}   // namespace gateway::records
