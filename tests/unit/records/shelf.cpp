#include "shelf.hpp"

#include <algorithm>

namespace tests::records {

using core::Errc;
using core::Failure;

namespace {
Failure down() {
    return Failure(Errc::storage_failed, "by the test");
}
}   // namespace

sdk::Task<core::Result<std::vector<ports::Subject>>>
Shelf::subjects(core::TenantId tenant, std::vector<ports::Subject> wanted) {
    if (fails) {
        co_return down();
    }
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

sdk::Task<core::Result<std::optional<ports::Subject>>> Shelf::find_subject(core::TenantId tenant,
                                                                           core::Uuid handle) {
    if (fails) {
        co_return down();
    }
    std::optional<ports::Subject> found;
    if (const auto one = subjects_.find({tenant, handle}); one != subjects_.end()) {
        found = one->second;
    }
    co_return found;
}

sdk::Task<core::Result<std::optional<ports::Subject>>>
Shelf::find_subject_by_token(core::TenantId tenant, core::RecordKeyKind kind, std::string token) {
    std::optional<ports::Subject> found;
    for (const auto& [key, one] : subjects_) {
        if (key.first == tenant && one.kind == kind && one.token == token) {
            found = one;
        }
    }
    co_return found;
}

sdk::Task<core::Result<ports::Subject>>
Shelf::replace_subject(core::TenantId tenant, core::Uuid ended, ports::Subject successor,
                       ports::LinkFrom, core::Time at, std::vector<ports::NewLogEntry> entries) {
    std::vector<ports::Subject> wanted{std::move(successor)};
    const auto made = co_await subjects(tenant, std::move(wanted));
    if (!made) {
        co_return made.error();
    }
    auto& old = subjects_.at({tenant, ended});
    if (old.replaced_by != made->front().handle) {
        old.replaced_by = made->front().handle;
        for (auto& [key, row] : rows) {
            if (std::get<1>(key) == ended) {
                ++row.version;
                row.valid_until = std::min(row.valid_until, at);
            }
        }
        auto& own = log[tenant];
        own.insert(own.end(), entries.begin(), entries.end());
    }
    co_return made->front();
}

sdk::Task<core::Result<void>> Shelf::separate_subject(core::TenantId tenant, core::Uuid ended,
                                                      core::Uuid, core::Time,
                                                      std::vector<ports::NewLogEntry>) {
    subjects_.at({tenant, ended}).replaced_by.reset();
    co_return core::Result<void>();
}

sdk::Task<core::Result<std::vector<ports::Subject>>> Shelf::linked_subjects(core::TenantId tenant,
                                                                            core::Uuid handle) {
    std::vector<ports::Subject> all;
    auto one = subjects_.find({tenant, handle});
    while (one != subjects_.end() && one->second.replaced_by) {
        all.push_back(one->second);
        one = subjects_.find({tenant, *one->second.replaced_by});
    }
    if (one != subjects_.end()) {
        all.push_back(one->second);
    }
    co_return all;
}

sdk::Task<core::Result<void>> Shelf::hold_subject(core::TenantId tenant, core::Uuid handle,
                                                  bool held, std::vector<ports::NewLogEntry>) {
    subjects_.at({tenant, handle}).legal_hold = held;
    co_return core::Result<void>();
}

sdk::Task<core::Result<std::vector<std::optional<ports::RecordRow>>>>
Shelf::records(core::TenantId tenant, std::vector<ports::RecordWish> wishes) {
    if (fails) {
        co_return down();
    }
    std::vector<std::optional<ports::RecordRow>> found(wishes.size());
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        const auto row = rows.find({tenant, wishes[i].subject, wishes[i].dataset});
        if (row != rows.end()) {
            found[i] = row->second;
        }
    }
    co_return found;
}

sdk::Task<core::Result<std::vector<ports::RecordRow>>> Shelf::records_of(core::TenantId tenant,
                                                                         core::Uuid subject) {
    std::vector<ports::RecordRow> found;
    for (const auto& [key, row] : rows) {
        if (std::get<0>(key) == tenant && std::get<1>(key) == subject) {
            found.push_back(row);
        }
    }
    co_return found;
}

sdk::Task<core::Result<ports::KeepAnswer>> Shelf::keep(core::TenantId tenant,
                                                       std::vector<ports::RecordWrite> writes,
                                                       std::vector<ports::NewLogEntry> entries) {
    if (fails) {
        co_return down();
    }
    ports::KeepAnswer answer;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const auto& row = writes[i].row;
        const auto there = rows.find({tenant, row.subject, row.dataset});
        const auto version = there == rows.end() ? 0 : there->second.version;
        if (writes[i].expected && *writes[i].expected != version) {
            answer.conflict = i;
            co_return answer;
        }
    }
    for (const auto& write : writes) {
        auto& row = rows[{tenant, write.row.subject, write.row.dataset}];
        const auto version = row.version + 1;
        row = write.row;
        row.version = version;
        answer.versions.push_back(version);
        ports::RecordChange change;
        change.position = changes_.size() + 1;
        change.subject = row.subject;
        change.dataset = row.dataset;
        change.version = version;
        changes_.emplace_back(tenant, change);
    }
    auto& own = log[tenant];
    own.insert(own.end(), entries.begin(), entries.end());
    co_return answer;
}

sdk::Task<core::Result<std::vector<ports::RecordChange>>>
Shelf::record_changes(core::TenantId tenant, std::string dataset, std::uint64_t after,
                      std::size_t limit) {
    std::vector<ports::RecordChange> found;
    for (const auto& [whose, change] : changes_) {
        if (whose == tenant && change.dataset == dataset && change.position > after &&
            found.size() < limit) {
            found.push_back(change);
        }
    }
    co_return found;
}

sdk::Task<core::Result<ports::LogHead>> Shelf::write_log(core::TenantId tenant,
                                                         std::vector<ports::NewLogEntry> entries) {
    if (fails || log_fails) {
        co_return down();
    }
    auto& own = log[tenant];
    own.insert(own.end(), entries.begin(), entries.end());
    ports::LogHead head;
    head.number = own.size();
    co_return head;
}

sdk::Task<core::Result<ports::ShortenAnswer>> Shelf::shorten(core::TenantId, ports::RetentionRules,
                                                             ports::RecordWish, std::size_t) {
    co_return ports::ShortenAnswer();
}

sdk::Task<core::Result<ports::LogHead>>
Shelf::log_read(core::TenantId tenant, ports::NewLogEntry entry, std::uint64_t version) {
    const auto row = rows.find({tenant, *entry.subject, entry.dataset});
    if (row == rows.end() || row->second.version != version) {
        co_return core::Failure(core::Errc::conflict, "the record is another by now");
    }
    std::vector<ports::NewLogEntry> entries{std::move(entry)};
    co_return co_await write_log(std::move(tenant), std::move(entries));
}

sdk::Task<core::Result<std::vector<ports::LogEntry>>> Shelf::read_log(ports::LogQuery query) {
    std::vector<ports::LogEntry> found;
    const auto& own = log[query.tenant];
    for (std::size_t i = 0; i < own.size(); ++i) {
        if (i + 1 > query.after && found.size() < query.limit &&
            (!query.subject || own[i].subject == query.subject)) {
            ports::LogEntry entry;
            entry.number = i + 1;
            entry.entry = own[i];
            found.push_back(std::move(entry));
        }
    }
    co_return found;
}

sdk::Task<core::Result<ports::LogHead>> Shelf::log_head(core::TenantId tenant) {
    ports::LogHead head;
    head.number = log[tenant].size();
    co_return head;
}

sdk::Task<core::Result<ports::FeedCursor>> Shelf::feed_cursor(core::ConnectionId, core::TenantId) {
    co_return ports::FeedCursor();
}

sdk::Task<core::Result<void>> Shelf::advance_feed(ports::FeedStep) {
    co_return Failure(Errc::unsupported);
}

sdk::Task<core::Result<std::vector<ports::RecordRow>>>
Shelf::due_for_erasure(core::TenantId, core::Time, std::size_t) {
    if (fails) {
        co_return Failure(Errc::storage_failed);
    }
    co_return std::vector<ports::RecordRow>();
}

sdk::Task<core::Result<void>> Shelf::erase(ports::EraseCommand) {
    co_return Failure(Errc::unsupported);
}

void Shelf::outdate(const std::string& dataset, core::Time at) {
    for (auto& [key, row] : rows) {
        if (std::get<2>(key) == dataset) {
            row.valid_until = std::min(row.valid_until, at);
            ++row.version;
        }
    }
}

}   // namespace tests::records
