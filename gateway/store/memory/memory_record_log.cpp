#include "gateway/records/log_chain.hpp"
#include "gateway/store/memory/memory_records.hpp"
#include "gateway/store/record_rules.hpp"

#include <algorithm>

// The access log, feeds and erasure of the store in memory.

namespace gateway::store {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Task;

ports::LogHead MemoryRecords::head(const core::TenantId& tenant) const {
    ports::LogHead head;
    head.hash = records::first_hash();
    if (const auto log = logs_.find(tenant); log != logs_.end() && !log->second.empty()) {
        head.number = log->second.back().number;
        head.hash = log->second.back().hash;
    }
    return head;
}

void MemoryRecords::append(const core::TenantId& tenant,
                           const std::vector<ports::NewLogEntry>& entries) {
    for (const auto& entry : entries) {
        const auto before = head(tenant);
        ports::LogEntry next;
        next.number = before.number + 1;
        next.entry = entry;
        next.hash =
            records::chain_hash(before.hash, records::canonical_bytes(tenant, next.number, entry));
        logs_[tenant].push_back(std::move(next));
    }
}

void MemoryRecords::append_log(const core::TenantId& tenant,
                               const std::vector<ports::NewLogEntry>& entries) {
    const std::lock_guard lock(mutex_);
    append(tenant, entries);
}

bool MemoryRecords::holds_anybody(const core::TenantId& tenant) {
    const std::lock_guard lock(mutex_);
    return std::any_of(subjects_.begin(), subjects_.end(), [&](const auto& one) {
        return one.first.first == tenant && one.second.legal_hold;
    });
}

std::optional<std::vector<core::Uuid>>
MemoryRecords::known_persons(const core::TenantId& tenant, const std::vector<std::string>& tokens) {
    const std::lock_guard lock(mutex_);
    std::vector<core::Uuid> known;
    for (const auto& token : tokens) {
        for (const auto& [key, one] : subjects_) {
            if (key.first != tenant || one.kind != core::RecordKeyKind::person ||
                one.token != token) {
                continue;
            }
            if (one.legal_hold) {
                return std::nullopt;
            }
            known.push_back(key.second);
        }
    }
    return known;
}

Task<Result<ports::LogHead>> MemoryRecords::write_log(core::TenantId tenant,
                                                      std::vector<ports::NewLogEntry> entries) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    if (const auto checked = check_log(entries); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    append(tenant, entries);
    co_return head(tenant);
}

Task<Result<ports::LogHead>>
MemoryRecords::log_read(core::TenantId tenant, ports::NewLogEntry entry, std::uint64_t version) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::vector<ports::NewLogEntry> entries{std::move(entry)};
    if (const auto checked = check_read(entries.front()); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    const auto* held = find_live(tenant, {*entries.front().subject, entries.front().dataset});
    if (held == nullptr || held->row.version != version) {
        co_return Failure(Errc::conflict, "the record is another by now");
    }
    append(tenant, entries);
    co_return head(tenant);
}

Task<Result<std::vector<ports::LogEntry>>> MemoryRecords::read_log(ports::LogQuery query) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    std::vector<ports::LogEntry> found;
    for (const auto& one : logs_[query.tenant]) {
        if (one.number > query.after && found.size() < query.limit &&
            (!query.subject || one.entry.subject == query.subject) &&
            (!query.system || one.entry.system == *query.system)) {
            found.push_back(one);
        }
    }
    co_return found;
}

Task<Result<ports::LogHead>> MemoryRecords::log_head(core::TenantId tenant) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    co_return head(tenant);
}

Task<Result<ports::FeedCursor>> MemoryRecords::feed_cursor(core::ConnectionId connection,
                                                           core::TenantId tenant) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    const auto found = cursors_.find({connection, tenant});
    ports::FeedCursor cursor;
    if (found != cursors_.end()) {
        cursor = found->second;
    }
    co_return cursor;
}

Task<Result<void>> MemoryRecords::advance_feed(ports::FeedStep step) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    if (const auto checked = check_step(step); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    auto& cursor = cursors_[{step.connection, step.tenant}];
    if (cursor.version != step.expected) {
        co_return Failure(Errc::conflict, "the cursor has moved");
    }
    const auto may = may_keep(step.tenant, step.writes);
    if (!may) {
        co_return may.error();
    }
    if (may->conflict) {
        co_return Failure(Errc::conflict, "a record has moved");
    }
    for (const auto& telling : step.events) {
        const auto* subject = find(step.tenant, telling.subject);
        if (subject == nullptr || subject->token.empty()) {
            co_return Failure(Errc::not_found, "no such subject");
        }
    }
    cursor.cursor = step.cursor;
    cursor.at = step.at;
    ++cursor.version;
    for (const auto& wish : step.outdated) {
        if (auto* held = find_live(step.tenant, wish)) {
            ++held->row.version;
            // Less than it was, always: that is how it is known to be outdated.
            held->row.valid_until =
                std::min(held->row.valid_until - std::chrono::microseconds(1), step.at);
        }
    }
    write(step.tenant, step.writes);
    append(step.tenant, step.log);
    std::erase_if(told_, [&](const auto& one) {
        return std::get<0>(one.first) == step.tenant && one.second < step.at - told_kept;
    });
    std::vector<ports::FeedStep::Telling> fresh;
    for (const auto& telling : step.events) {
        if (told_.try_emplace({step.tenant, telling.system, telling.dedupe_id}, step.at).second) {
            fresh.push_back(telling);
            if (telling.log) {
                append(step.tenant, {*telling.log});
            }
        }
    }
    engine_.tell(step.tenant, fresh);
    co_return Result<void>();
}

Task<Result<ports::ShortenAnswer>> MemoryRecords::shorten(core::TenantId tenant,
                                                          ports::RetentionRules rules,
                                                          ports::RecordWish after,
                                                          std::size_t limit) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    ports::ShortenAnswer answer;
    std::size_t looked_at = 0;
    const RecordKey behind(tenant, after.subject, after.dataset);
    for (auto at = records_.upper_bound(behind);
         at != records_.end() && std::get<0>(at->first) == tenant && looked_at < limit; ++at) {
        auto& held = at->second;
        if (held.removed || !held.row.erase_at) {
            continue;
        }
        ++looked_at;
        answer.last.emplace(held.row.subject, held.row.dataset);
        if (const auto end = earlier_end(held.row, rules)) {
            held.row.erase_at = end;
            ++answer.shortened;
        }
    }
    co_return answer;
}

Task<Result<std::vector<ports::RecordRow>>>
MemoryRecords::due_for_erasure(core::TenantId tenant, core::Time now, std::size_t limit) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    std::vector<ports::RecordRow> due;
    for (const auto& [key, held] : records_) {
        const bool is_due = std::get<0>(key) == tenant && !held.removed && held.row.erase_at &&
                            *held.row.erase_at <= now;
        if (is_due && !find(tenant, held.row.subject)->legal_hold) {
            due.push_back(held.row);
        }
    }
    std::sort(due.begin(), due.end(), [](const auto& a, const auto& b) {
        return std::tie(*a.erase_at, a.subject, a.dataset) <
               std::tie(*b.erase_at, b.subject, b.dataset);
    });
    due.resize(std::min(due.size(), limit));
    co_return due;
}

Task<Result<void>> MemoryRecords::erase(ports::EraseCommand command) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    if (const auto checked = check_erasing(command); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    const auto& tenant = command.tenant;
    auto whole = command.also;
    if (command.subject) {
        whole.push_back(*command.subject);
    }
    for (const auto& handle : whole) {
        if (find(tenant, handle) == nullptr) {
            co_return Failure(Errc::not_found, "no such subject");
        }
    }
    const auto is_held = [&](core::Uuid handle) {
        const auto* one = find(tenant, handle);
        return one != nullptr && one->legal_hold;
    };
    if (std::any_of(whole.begin(), whole.end(), is_held) ||
        std::any_of(command.records.begin(), command.records.end(),
                    [&](const auto& wish) { return is_held(wish.subject); })) {
        co_return Failure(Errc::conflict, "a legal hold stands on it");
    }
    const auto is_due = [&](const ports::RecordWish& wish) {
        const auto* held = find_live(tenant, wish);
        return held == nullptr || (held->row.erase_at && *held->row.erase_at <= command.at);
    };
    if (!std::all_of(command.records.begin(), command.records.end(), is_due)) {
        co_return Failure(Errc::conflict, "it was written anew, and is not due");
    }
    auto wishes = command.records;
    for (const auto& [key, held] : records_) {
        const bool goes = std::find(whole.begin(), whole.end(), std::get<1>(key)) != whole.end();
        if (goes && std::get<0>(key) == tenant) {
            wishes.emplace_back(std::get<1>(key), std::get<2>(key));
        }
    }
    for (const auto& wish : wishes) {
        if (auto* held = find_live(tenant, wish)) {
            const auto version = held->row.version + 1;
            held->row = ports::RecordRow();
            held->row.subject = wish.subject;
            held->row.dataset = wish.dataset;
            held->row.version = version;
            held->position = ++positions_;
            held->changed = command.at;
            held->removed = true;
        }
    }
    for (const auto& handle : whole) {
        auto* forgotten = find(tenant, handle);
        forgotten->token.clear();
        forgotten->sealed_key.clear();
        forgotten->wrapped_key.clear();
    }
    append(tenant, command.log);
    co_return Result<void>();
}

}   // namespace gateway::store
