#include "gateway/records/message_eraser.hpp"

#include "gateway/records/authorise.hpp"
#include "gateway/records/eraser.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>
#include <set>

namespace gateway::records {
namespace {

// The writer is shared: a batch is short, and others write between two of them.
constexpr std::size_t contents_at_once = 100;
constexpr int batches_of_a_call = 100;
constexpr std::size_t sweep_at_once = 5'000;
constexpr int sweeps_of_a_call = 40;
constexpr std::size_t bare_at_once = 100;
constexpr int bare_batches_of_a_call = 100;
// What cannot go yet is looked at again within this: a rule may have changed, a hold been lifted.
constexpr std::chrono::hours look_again_after{24};
constexpr std::size_t persons_of_a_content_max = 1'000;
constexpr std::size_t national_id_length = 11;
// No configuration can name it.
const core::ConnectionId clock_place("sluse.retention");
constexpr const char* clock_key = "clock";
constexpr std::chrono::hours jump_believed{24 * 7};   // of a machine that was off
constexpr std::chrono::minutes drift_believed{10};
constexpr std::chrono::minutes sight_kept{5};   // no need to write it down anew before
constexpr std::chrono::hours doubt{24};

void collect_persons(const json::Value& value, std::set<std::string>& found) {
    if (found.size() >= persons_of_a_content_max) {
        return;
    }
    if (value.is_string() && value.as_string().size() == national_id_length) {
        found.insert(value.as_string());
    }
    for (const auto& item : value.items()) {
        collect_persons(item, found);
    }
    for (const auto& [name, member] : value.members()) {
        collect_persons(member, found);
    }
}

}   // namespace

std::optional<json::Value> open_kept(const crypto::Vault& vault,
                                     const ports::KeptContent& content) {
    const auto owner = content.id.to_bytes();
    const auto key = vault.unwrap(content.wrapped_key, owner);
    if (!key) {
        return std::nullopt;
    }
    const auto text = key->open("content", owner, content.sealed_content);
    if (!text) {
        return std::nullopt;
    }
    auto value = json::parse(*text, {.bytes_max = 8U << 20U, .depth_max = 64});
    return value ? std::move(*value) : json::Value();   // what is no JSON names nobody we know
}

std::optional<core::Time> content_ends(const core::MessageRetention& rule,
                                       const ports::KeptContent& content) {
    const auto& kept = content.finished ? rule.content : rule.unfinished;
    if (content.open || !kept) {
        return std::nullopt;
    }
    return content.changed + *kept;
}

std::vector<std::string> persons_in(const crypto::Vault& vault, const json::Value& content,
                                    const core::RecordsConfig& rules) {
    std::set<std::string> found;
    collect_persons(content, found);
    std::vector<std::string> tokens;
    for (const auto& key : found) {
        if (!check_key(core::RecordKeyKind::person, key, rules).refusal) {
            tokens.push_back(key_token(vault, core::RecordKeyKind::person, key));
        }
    }
    return tokens;
}

ports::QuarantineTerm quarantine_term(const core::TenantId& tenant, std::chrono::hours kept,
                                      core::Time now) {
    ports::QuarantineTerm term;
    term.tenant = tenant;
    term.at = now;
    term.came_before = now - kept;
    term.told_before = now - kept + core::quarantine_notice;
    term.told_until = now - core::quarantine_notice;
    return term;
}

sdk::Task<bool> ClockGuard::believes() {
    const auto now = clock_.now();
    const auto steady = clock_.steady();
    if (!started_) {
        const auto kept = co_await store_.get_state(clock_place, clock_key);
        if (!kept) {
            co_return false;
        }
        version_ = kept->version;
        const auto seen = core::parse_rfc3339(kept->value);
        if (seen.has_value() && now > *seen + jump_believed) {
            doubts_until_ = steady + doubt;
        }
        kept_ = seen.has_value() ? *seen : core::Time();
        started_ = true;
    } else {
        const auto passed = std::chrono::duration_cast<core::Duration>(steady - seen_at_);
        if (now > seen_ + passed + drift_believed) {
            doubts_until_ = steady + doubt;
        }
    }
    seen_ = now;
    seen_at_ = steady;
    const bool believed = !doubts_until_ || *doubts_until_ <= steady;
    if (!believed) {
        co_return false;   // what is in the store stays: a restart does not end the doubt
    }
    doubts_until_.reset();
    if (now >= kept_ && now < kept_ + sight_kept) {
        co_return true;
    }
    auto text = core::to_rfc3339(now);
    const auto put = co_await store_.put_state(clock_place, clock_key, std::move(text), version_);
    if (!put) {
        co_return false;
    }
    version_ = *put;
    kept_ = now;
    co_return true;
}

sdk::Task<core::Result<bool>> MessageEraser::erase_batch(core::TenantId tenant, std::string type,
                                                         core::MessageRetention rule,
                                                         ports::KeptKind kind,
                                                         std::size_t& erased) {
    const auto vault = parts_.vaults.find(tenant);
    if (vault == nullptr) {
        co_return false;
    }
    const auto now = parts_.clock.now();
    ports::RetentionQuery query;
    query.tenant = tenant;
    query.kind = kind;
    query.type = type;
    query.now = now;
    query.before = now - std::min(rule.content.value_or(core::retention_max),
                                  rule.unfinished.value_or(core::retention_max));
    query.limit = contents_at_once;
    const auto page = co_await parts_.retention.retention_page(std::move(query));
    if (!page) {
        co_return page.error();
    }
    if (page->items.empty() && !page->mark) {
        co_return false;
    }
    ports::RetentionStep step;
    step.tenant = tenant;
    step.kind = kind;
    step.type = type;
    step.at = now;
    step.look_again = now + look_again_after;
    step.why = "erasure.message_retention";
    step.mark = page->mark;
    const auto configuration = parts_.configuration.current();
    for (const auto& content : page->items) {
        const auto ends = content_ends(rule, content);
        const auto said = open_kept(*vault, content);
        // A person under a legal hold may stand in what cannot be opened: it stays.
        if (content.held || !ends || *ends > now || !said) {
            ports::ContentLater later;
            later.id = content.id;
            later.looked_for = content.looked_for;
            later.look_at =
                std::min(step.look_again, ends && *ends > now ? *ends : step.look_again);
            step.later.push_back(std::move(later));
            continue;
        }
        ports::ContentErasure one;
        one.id = content.id;
        one.changed = content.changed;
        one.looked_for = content.looked_for;
        one.persons = persons_in(*vault, *said, configuration->records);
        for (std::size_t i = 0; i < content.copies; ++i) {
            one.event_ids.push_back(parts_.ids.next<core::EventId>());
        }
        one.log.kind = ports::LogKind::erased;
        one.log.at = now;
        one.log.system = core::SystemId(retention_author);
        one.log.dataset = type;
        one.log.fields = {content.id.to_string()};
        one.log.code = step.why;
        step.erase.push_back(std::move(one));
    }
    GATEWAY_CRASH_POINT("message_eraser.before");
    const auto done = co_await parts_.retention.retain(std::move(step));
    if (!done) {
        co_return done.error();
    }
    GATEWAY_CRASH_POINT("message_eraser.done");
    erased += *done;
    co_return page->more;
}

sdk::Task<void> MessageEraser::erase(core::TenantId tenant, std::string type,
                                     core::MessageRetention rule, ports::KeptKind kind) {
    std::size_t erased = 0;
    for (int batch = 0; batch < batches_of_a_call; ++batch) {
        const auto more = co_await erase_batch(tenant, type, rule, kind, erased);
        if (!more) {
            well_ = false;
            parts_.log.write(
                sdk::Severity::warning, "messages_not_erased",
                {{"tenant", tenant.value}, {"type", type}, {"why", more.error().to_string()}});
        }
        if (!more || !*more) {
            break;
        }
    }
    if (erased > 0) {
        to_sweep_ = true;   // once more: what it has passed may have become some of it
        parts_.metrics.count("sluse_contents_erased_total",
                             {{"tenant", tenant.value}, {"type", type}}, erased);
        parts_.log.write(
            sdk::Severity::info, "messages_erased",
            {{"tenant", tenant.value}, {"type", type}, {"count", std::to_string(erased)}});
    }
}

sdk::Task<void> MessageEraser::remove_bare(core::TenantId tenant, std::string type,
                                           std::chrono::hours kept, ports::KeptKind kind) {
    std::size_t removed = 0;
    bool more = true;
    for (int batch = 0; more && batch < bare_batches_of_a_call; ++batch) {
        const auto now = parts_.clock.now();
        ports::BareRemoval command;
        command.tenant = tenant;
        command.kind = kind;
        command.type = type;
        command.erased_before = now - kept;
        command.at = sweep_time();
        command.look_again = now + look_again_after;
        command.limit = bare_at_once;
        command.log.kind = ports::LogKind::erased;
        command.log.at = now;
        command.log.system = core::SystemId(retention_author);
        command.log.dataset = type;
        command.log.code = "erasure.message_record";
        GATEWAY_CRASH_POINT("message_eraser.bare_before");
        const auto done = co_await parts_.retention.remove_bare(std::move(command));
        if (!done) {
            well_ = false;
            parts_.log.write(
                sdk::Severity::warning, "bare_records_not_removed",
                {{"tenant", tenant.value}, {"type", type}, {"why", done.error().to_string()}});
            break;
        }
        if (done->removed > 0) {
            GATEWAY_CRASH_POINT("message_eraser.bare_done");
        }
        removed += done->removed;
        more = done->more;
    }
    if (removed > 0) {
        to_sweep_ = true;
        parts_.metrics.count("sluse_bare_records_removed_total",
                             {{"tenant", tenant.value}, {"type", type}}, removed);
        parts_.log.write(
            sdk::Severity::info, "bare_records_removed",
            {{"tenant", tenant.value}, {"type", type}, {"count", std::to_string(removed)}});
    }
}

sdk::Task<void> MessageEraser::retire_quarantine(core::TenantId tenant, std::chrono::hours kept) {
    std::size_t told = 0;
    std::size_t erased = 0;
    bool more = true;
    for (int batch = 0; more && batch < bare_batches_of_a_call; ++batch) {
        const auto now = parts_.clock.now();
        auto term = quarantine_term(tenant, kept, now);
        term.limit = bare_at_once;
        term.log.kind = ports::LogKind::erased;
        term.log.at = now;
        term.log.system = core::SystemId(retention_author);
        term.log.dataset = "quarantine";
        term.log.code = "erasure.quarantine_retention";
        const auto done = co_await parts_.retention.retire_quarantined(std::move(term));
        if (!done) {
            well_ = false;
            parts_.log.write(sdk::Severity::warning, "quarantine_not_retired",
                             {{"tenant", tenant.value}, {"why", done.error().to_string()}});
            break;
        }
        if (done->held > 0) {
            parts_.log.write(sdk::Severity::info, "quarantine_held",
                             {{"tenant", tenant.value}, {"count", std::to_string(done->held)}});
        }
        told += done->told;
        erased += done->erased;
        more = done->more;
    }
    if (told > 0) {
        parts_.log.write(sdk::Severity::warning, "quarantine_ends",
                         {{"tenant", tenant.value}, {"count", std::to_string(told)}});
    }
    if (erased > 0) {
        parts_.metrics.count("sluse_quarantined_erased_total", {{"tenant", tenant.value}}, erased);
        parts_.log.write(sdk::Severity::info, "quarantine_erased",
                         {{"tenant", tenant.value}, {"count", std::to_string(erased)}});
    }
}

core::Time MessageEraser::sweep_time() {
    newest_sweep_time_ = std::max(newest_sweep_time_ + core::Duration(1), parts_.clock.now());
    return newest_sweep_time_;
}

/// A sweep that has begun goes on to its end, however much is erased meanwhile; then the next.
sdk::Task<void> MessageEraser::sweep() {
    for (int turn = 0; turn < sweeps_of_a_call && (to_sweep_ || sweeping_); ++turn) {
        if (!sweeping_) {
            to_sweep_ = false;
            sweep_began_ = sweep_time();
        }
        auto from = sweeping_.value_or(ports::SweepPlace());
        const auto place = co_await parts_.retention.sweep_erased(std::move(from), sweep_at_once);
        if (!place) {
            to_sweep_ = true;
            well_ = false;
            parts_.log.write(sdk::Severity::warning, "erased_not_swept",
                             {{"why", place.error().to_string()}});
            co_return;
        }
        sweeping_ = *place;
        if (sweeping_) {
            continue;
        }
        const auto forgotten = co_await parts_.retention.forget_removed(sweep_began_);
        if (!forgotten) {
            to_sweep_ = true;
            well_ = false;
            parts_.log.write(sdk::Severity::warning, "erased_not_swept",
                             {{"why", forgotten.error().to_string()}});
            co_return;
        }
    }
}

sdk::Task<void> MessageEraser::erase_all(core::MessageRetentions rules) {
    well_ = true;
    const auto configuration = parts_.configuration.current();
    const bool of_quarantine =
        std::any_of(configuration->tenants.begin(), configuration->tenants.end(),
                    [](const auto& tenant) { return tenant.second.quarantine_kept.has_value(); });
    if (rules.empty() && !of_quarantine) {
        co_return;
    }
    const bool believed = co_await guard_.believes();
    if (!believed) {
        parts_.log.write(sdk::Severity::warning, "clock_not_believed", {{"act", "retention"}});
        co_return;
    }
    for (const auto& [tenant, types] : rules) {
        for (const auto& [type, rule] : types) {
            co_await erase(tenant, type, rule, ports::KeptKind::message);
            co_await erase(tenant, type, rule, ports::KeptKind::inbox_item);
            if (rule.record) {
                co_await remove_bare(tenant, type, *rule.record, ports::KeptKind::message);
                co_await remove_bare(tenant, type, *rule.record, ports::KeptKind::inbox_item);
            }
        }
    }
    for (const auto& [tenant, settings] : configuration->tenants) {
        if (settings.quarantine_kept) {
            co_await retire_quarantine(tenant, *settings.quarantine_kept);
        }
    }
    co_await sweep();
}

}   // namespace gateway::records
