#include "gateway/records/eraser.hpp"

#include "gateway/json/value.hpp"
#include "gateway/runtime/crash_point.hpp"

namespace gateway::records {
namespace {

// The writer is shared: a batch is short, and others write between two of them.
constexpr std::size_t batch_max = 200;
constexpr int batches_max = 1'000;
constexpr std::size_t looked_at_max = 500;
// A legal hold may be set between the question and the deed; then it is asked anew.
constexpr int conflicts_max = 8;

}   // namespace

ports::NewLogEntry explain_erasure(const core::TenantConfig& tenant, const ports::RecordRow& row,
                                   core::Time now) {
    ports::NewLogEntry entry;
    entry.kind = ports::LogKind::erased;
    entry.at = now;
    entry.system = core::SystemId(retention_author);
    entry.subject = row.subject;
    entry.dataset = row.dataset;
    if (const auto fields = json::parse(row.fields)) {
        for (const auto& field : fields->items()) {
            entry.fields.push_back(field.as_string());
        }
    }
    if (tenant.datasets.contains(row.dataset)) {
        entry.code = "erasure.dataset_retention";
        return entry;
    }
    const auto purposes = json::parse(row.purposes);
    if (!purposes || purposes->items().empty()) {
        entry.code = "erasure.correction_ended";
        return entry;
    }
    entry.code = "erasure.retention";
    std::chrono::hours longest{0};
    for (const auto& name : purposes->items()) {
        const auto found = tenant.purposes.find(core::PurposeId(name.as_string()));
        if (found != tenant.purposes.end() && found->second.retention > longest) {
            longest = found->second.retention;
            entry.purpose = found->first;
        }
    }
    return entry;
}

ports::RetentionRules rules_of(const core::TenantConfig& tenant) {
    ports::RetentionRules rules;
    for (const auto& [id, purpose] : tenant.purposes) {
        rules.purposes.emplace(id.value, purpose.retention);
    }
    for (const auto& [id, dataset] : tenant.datasets) {
        rules.datasets.emplace(id, dataset.retention);
    }
    return rules;
}

/// What is on its way from a register while a rule changes is written with the old one: so a change
/// is applied once more by the next call.
sdk::Task<void> Eraser::apply_rules(core::TenantId tenant, ports::RetentionRules rules) {
    const auto [known, is_first] = applied_.try_emplace(tenant);
    auto& applied = known->second;
    if (is_first || applied.rules != rules) {
        applied.passes_left = is_first ? 1 : 2;
        applied.rules = rules;
    }
    if (applied.passes_left == 0) {
        co_return;
    }
    std::size_t shortened = 0;
    ports::RecordWish after;
    for (;;) {
        const auto looked = co_await parts_.store.shorten(tenant, rules, after, looked_at_max);
        if (!looked) {
            well_ = false;
            parts_.log.write(sdk::Severity::warning, "retention_not_applied",
                             {{"tenant", tenant.value}, {"why", looked.error().to_string()}});
            co_return;
        }
        shortened += looked->shortened;
        if (!looked->last) {
            break;
        }
        after = *looked->last;
    }
    --applied.passes_left;
    if (shortened > 0) {
        parts_.log.write(sdk::Severity::info, "retention_shortened",
                         {{"tenant", tenant.value}, {"count", std::to_string(shortened)}});
    }
}

sdk::Task<core::Result<std::size_t>> Eraser::erase_batch(core::TenantId tenant) {
    const auto now = parts_.clock.now();
    const auto due = co_await parts_.store.due_for_erasure(tenant, now, batch_max);
    if (!due) {
        co_return due.error();
    }
    const auto configuration = parts_.configuration.current();
    const auto settings = configuration->tenants.find(tenant);
    if (due->empty() || settings == configuration->tenants.end()) {
        co_return std::size_t{0};
    }
    ports::EraseCommand command;
    command.tenant = tenant;
    command.at = now;
    for (const auto& row : *due) {
        command.records.emplace_back(row.subject, row.dataset);
        command.log.push_back(explain_erasure(settings->second, row, now));
    }
    GATEWAY_CRASH_POINT("eraser.before_erase");
    const auto done = co_await parts_.store.erase(std::move(command));
    if (done.has_error()) {
        co_return done.error();
    }
    GATEWAY_CRASH_POINT("eraser.erased");
    if (parts_.prepared != nullptr) {
        std::set<core::Uuid> subjects;
        for (const auto& row : *due) {
            subjects.insert(row.subject);
        }
        parts_.prepared->forget(subjects);
    }
    co_return due->size();
}

sdk::Task<void> Eraser::erase(core::TenantId tenant) {
    std::size_t erased = 0;
    int conflicts = 0;
    for (int batch = 0; batch < batches_max; ++batch) {
        const auto done = co_await erase_batch(tenant);
        if (!done && done.error().is(core::Errc::conflict) && ++conflicts < conflicts_max) {
            continue;
        }
        if (!done) {
            well_ = false;
            parts_.log.write(sdk::Severity::warning, "records_not_erased",
                             {{"tenant", tenant.value}, {"why", done.error().to_string()}});
            break;
        }
        if (*done == 0) {
            break;
        }
        erased += *done;
        parts_.metrics.count("sluse_records_erased_total",
                             {{"tenant", tenant.value}, {"why", "retention"}}, *done);
    }
    if (erased > 0) {
        parts_.log.write(sdk::Severity::info, "records_erased",
                         {{"tenant", tenant.value}, {"count", std::to_string(erased)}});
    }
}

sdk::Task<void> Eraser::erase_all(bool clock_believed) {
    well_ = true;
    if (parts_.prepared != nullptr) {
        parts_.prepared->sweep(parts_.clock.now());
    }
    if (!clock_believed) {
        parts_.log.write(sdk::Severity::warning, "clock_not_believed", {{"act", "records"}});
        co_return;
    }
    const auto configuration = parts_.configuration.current();
    for (const auto& [tenant, settings] : configuration->tenants) {
        co_await apply_rules(tenant, rules_of(settings));
        co_await erase(tenant);
    }
}

}   // namespace gateway::records
