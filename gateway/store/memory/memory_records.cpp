#include "gateway/store/memory/memory_records.hpp"

#include "gateway/store/record_rules.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Task;

ports::Subject* MemoryRecords::find(const core::TenantId& tenant, core::Uuid handle) {
    const auto found = subjects_.find({tenant, handle});
    return found == subjects_.end() ? nullptr : &found->second;
}

MemoryRecords::Held* MemoryRecords::find_live(const core::TenantId& tenant,
                                              const ports::RecordWish& wish) {
    const auto found = records_.find(RecordKey(tenant, wish.subject, wish.dataset));
    return found == records_.end() || found->second.removed ? nullptr : &found->second;
}

Task<Result<std::vector<ports::Subject>>>
MemoryRecords::subjects(core::TenantId tenant, std::vector<ports::Subject> wanted) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    if (const auto checked = check_subjects(wanted); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    for (auto& one : wanted) {
        const auto same = std::find_if(subjects_.begin(), subjects_.end(), [&](const auto& there) {
            return there.first.first == tenant && there.second.kind == one.kind &&
                   there.second.token == one.token;
        });
        if (same == subjects_.end()) {
            subjects_[{tenant, one.handle}] = one;
        } else {
            one = same->second;
        }
    }
    co_return wanted;
}

Task<Result<std::optional<ports::Subject>>> MemoryRecords::find_subject(core::TenantId tenant,
                                                                        core::Uuid handle) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    std::optional<ports::Subject> found;
    if (const auto* one = find(tenant, handle)) {
        found = *one;
    }
    co_return found;
}

Task<Result<std::optional<ports::Subject>>>
MemoryRecords::find_subject_by_token(core::TenantId tenant, core::RecordKeyKind kind,
                                     std::string token) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    std::optional<ports::Subject> found;
    for (const auto& [key, one] : subjects_) {
        if (key.first == tenant && one.kind == kind && one.token == token) {
            found = one;
        }
    }
    co_return found;
}

std::vector<ports::Subject*> MemoryRecords::linked(const core::TenantId& tenant,
                                                   core::Uuid handle) {
    std::vector<ports::Subject*> all;
    auto* in_use = find(tenant, handle);
    while (in_use != nullptr && in_use->replaced_by) {
        in_use = find(tenant, *in_use->replaced_by);
    }
    if (in_use == nullptr) {
        return all;
    }
    all.push_back(in_use);
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (auto& [key, one] : subjects_) {
            if (key.first == tenant && one.replaced_by == all[i]->handle) {
                all.push_back(&one);
            }
        }
    }
    std::reverse(all.begin(), all.end());
    return all;
}

Task<Result<std::vector<ports::Subject>>> MemoryRecords::linked_subjects(core::TenantId tenant,
                                                                         core::Uuid handle) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    std::vector<ports::Subject> all;
    for (const auto* one : linked(tenant, handle)) {
        all.push_back(*one);
    }
    co_return all;
}

Task<Result<ports::Subject>> MemoryRecords::replace_subject(core::TenantId tenant, core::Uuid ended,
                                                            ports::Subject successor,
                                                            ports::LinkFrom from, core::Time at,
                                                            std::vector<ports::NewLogEntry> log) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::vector<ports::Subject> wanted{successor};
    auto checked = check_subjects(wanted);
    checked = checked ? check_log(log) : checked;
    if (!checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    const auto* one = find(tenant, ended);
    if (one == nullptr || one->token.empty()) {
        co_return Failure(Errc::not_found, "no such subject");
    }
    const auto before = linked(tenant, ended);
    auto* last = before.back();
    const auto known = std::find_if(subjects_.begin(), subjects_.end(), [&](const auto& there) {
        return there.first.first == tenant && there.second.kind == successor.kind &&
               there.second.token == successor.token;
    });
    const bool is_known = known != subjects_.end();
    const auto handle = is_known ? known->second.handle : successor.handle;
    if (is_known && linked(tenant, handle).back() == last) {
        if (last->handle == ended) {
            co_return Failure(Errc::conflict, "it is the one in use");
        }
        co_return *last;
    }
    if (from == ports::LinkFrom::ended && last->handle != ended) {
        co_return Failure(Errc::conflict, "another came after it");
    }
    if (!is_known) {
        subjects_[{tenant, handle}] = successor;
    }
    last->replaced_by = handle;
    const auto all = linked(tenant, ended);
    const bool held =
        std::any_of(all.begin(), all.end(), [](const auto* each) { return each->legal_hold; });
    for (auto* each : all) {
        each->legal_hold = held && !each->token.empty();
    }
    outdate_records(tenant, before, at);
    append(tenant, log);
    co_return *all.back();
}

void MemoryRecords::outdate_records(const core::TenantId& tenant,
                                    const std::vector<ports::Subject*>& of, core::Time at) {
    for (auto& [key, record] : records_) {
        const bool its = std::any_of(of.begin(), of.end(), [&](const auto* each) {
            return std::get<0>(key) == tenant && std::get<1>(key) == each->handle;
        });
        if (its && !record.removed) {
            ++record.row.version;
            record.row.valid_until =
                std::min(record.row.valid_until - std::chrono::microseconds(1), at);
        }
    }
}

Task<Result<void>> MemoryRecords::separate_subject(core::TenantId tenant, core::Uuid ended,
                                                   core::Uuid successor, core::Time at,
                                                   std::vector<ports::NewLogEntry> log) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    if (const auto checked = check_log(log); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    auto* one = find(tenant, ended);
    if (one == nullptr || one->token.empty()) {
        co_return Failure(Errc::not_found, "no such subject");
    }
    if (one->replaced_by != successor) {
        co_return Failure(Errc::conflict, "it is not replaced by that one");
    }
    one->replaced_by.reset();
    outdate_records(tenant, linked(tenant, ended), at);
    append(tenant, log);
    co_return Result<void>();
}

Task<Result<void>> MemoryRecords::hold_subject(core::TenantId tenant, core::Uuid handle, bool held,
                                               std::vector<ports::NewLogEntry> log) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    if (const auto checked = check_log(log); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    auto* one = find(tenant, handle);
    if (one == nullptr || one->token.empty()) {
        co_return Failure(Errc::not_found, "no such subject");
    }
    for (auto* each : linked(tenant, handle)) {
        each->legal_hold = held && !each->token.empty();
    }
    append(tenant, log);
    co_return Result<void>();
}

Task<Result<std::vector<std::optional<ports::RecordRow>>>>
MemoryRecords::records(core::TenantId tenant, std::vector<ports::RecordWish> wishes) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    if (const auto checked = check_wishes(wishes); !checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    std::vector<std::optional<ports::RecordRow>> found(wishes.size());
    for (std::size_t at = 0; at < wishes.size(); ++at) {
        if (const auto* held = find_live(tenant, wishes[at])) {
            found[at] = held->row;
        }
    }
    co_return found;
}

Task<Result<std::vector<ports::RecordRow>>> MemoryRecords::records_of(core::TenantId tenant,
                                                                      core::Uuid subject) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    std::vector<ports::RecordRow> found;
    for (const auto& [key, held] : records_) {
        if (std::get<0>(key) == tenant && std::get<1>(key) == subject && !held.removed) {
            found.push_back(held.row);
        }
    }
    co_return found;
}

Result<ports::KeepAnswer> MemoryRecords::may_keep(const core::TenantId& tenant,
                                                  const std::vector<ports::RecordWrite>& writes) {
    ports::KeepAnswer answer;
    std::map<std::pair<core::Uuid, std::string>, std::uint64_t> written;   // within this call
    for (std::size_t at = 0; at < writes.size(); ++at) {
        const auto& row = writes[at].row;
        const auto* subject = find(tenant, row.subject);
        if (subject == nullptr || subject->token.empty()) {
            return Failure(Errc::not_found, "no such subject");
        }
        const auto held = records_.find(RecordKey(tenant, row.subject, row.dataset));
        const bool is_live = held != records_.end() && !held->second.removed;
        std::uint64_t standing = is_live ? held->second.row.version : 0;
        std::uint64_t last = held == records_.end() ? 0 : held->second.row.version;
        const auto [mine, is_first] = written.try_emplace({row.subject, row.dataset}, 0);
        if (!is_first) {
            standing = last = mine->second;
        }
        if (writes[at].expected && *writes[at].expected != standing) {
            answer.conflict = at;
            return answer;
        }
        mine->second = last + 1;
    }
    return answer;
}

std::vector<std::uint64_t> MemoryRecords::write(const core::TenantId& tenant,
                                                const std::vector<ports::RecordWrite>& writes) {
    std::vector<std::uint64_t> versions;
    for (const auto& one : writes) {
        auto& held = records_[RecordKey(tenant, one.row.subject, one.row.dataset)];
        const auto version = held.row.version + 1;
        held.row = one.row;
        held.row.version = version;
        held.position = ++positions_;
        held.changed = one.row.written_at;
        held.removed = false;
        versions.push_back(version);
    }
    return versions;
}

Task<Result<ports::KeepAnswer>> MemoryRecords::keep(core::TenantId tenant,
                                                    std::vector<ports::RecordWrite> writes,
                                                    std::vector<ports::NewLogEntry> log) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    auto checked = check_writes(writes);
    checked = checked ? check_log(log) : checked;
    if (!checked) {
        co_return checked.error();
    }
    const std::lock_guard lock(mutex_);
    auto answer = may_keep(tenant, writes);
    if (answer && !answer->conflict) {
        answer->versions = write(tenant, writes);
        append(tenant, log);
    }
    co_return answer;
}

Task<Result<std::vector<ports::RecordChange>>> MemoryRecords::record_changes(core::TenantId tenant,
                                                                             std::string dataset,
                                                                             std::uint64_t after,
                                                                             std::size_t limit) {
    if (engine_.is_closed()) {
        co_return closing();
    }
    const std::lock_guard lock(mutex_);
    std::vector<ports::RecordChange> changes;
    for (const auto& [key, held] : records_) {
        if (std::get<0>(key) == tenant && std::get<2>(key) == dataset && held.position > after) {
            ports::RecordChange change;
            change.position = held.position;
            change.subject = std::get<1>(key);
            change.dataset = dataset;
            change.version = held.row.version;
            change.removed = held.removed;
            change.at = held.changed;
            changes.push_back(std::move(change));
        }
    }
    std::sort(changes.begin(), changes.end(),
              [](const auto& a, const auto& b) { return a.position < b.position; });
    changes.resize(std::min(changes.size(), limit));
    co_return changes;
}

}   // namespace gateway::store
