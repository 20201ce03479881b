#pragma once

// Records and the access log in memory, beside the engine's messages. Private to this folder.

#include "gateway/ports/record_store.hpp"
#include "gateway/store/memory/memory_engine.hpp"

#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>

namespace gateway::store {

class MemoryRecords final : public ports::RecordStore {
public:
    /// Life events go to the engine, which is closed before these are.
    explicit MemoryRecords(MemoryEngine& engine) : engine_(engine) {}

    sdk::Task<core::Result<std::vector<ports::Subject>>>
    subjects(core::TenantId tenant, std::vector<ports::Subject> wanted) override;
    sdk::Task<core::Result<std::optional<ports::Subject>>> find_subject(core::TenantId tenant,
                                                                        core::Uuid handle) override;
    sdk::Task<core::Result<std::optional<ports::Subject>>>
    find_subject_by_token(core::TenantId tenant, core::RecordKeyKind kind,
                          std::string token) override;
    sdk::Task<core::Result<ports::Subject>>
    replace_subject(core::TenantId tenant, core::Uuid ended, ports::Subject successor,
                    ports::LinkFrom from, core::Time at,
                    std::vector<ports::NewLogEntry> log) override;
    sdk::Task<core::Result<void>> separate_subject(core::TenantId tenant, core::Uuid ended,
                                                   core::Uuid successor, core::Time at,
                                                   std::vector<ports::NewLogEntry> log) override;
    sdk::Task<core::Result<std::vector<ports::Subject>>>
    linked_subjects(core::TenantId tenant, core::Uuid handle) override;
    sdk::Task<core::Result<void>> hold_subject(core::TenantId tenant, core::Uuid handle, bool held,
                                               std::vector<ports::NewLogEntry> log) override;
    sdk::Task<core::Result<std::vector<std::optional<ports::RecordRow>>>>
    records(core::TenantId tenant, std::vector<ports::RecordWish> wishes) override;
    sdk::Task<core::Result<std::vector<ports::RecordRow>>> records_of(core::TenantId tenant,
                                                                      core::Uuid subject) override;
    sdk::Task<core::Result<ports::KeepAnswer>> keep(core::TenantId tenant,
                                                    std::vector<ports::RecordWrite> writes,
                                                    std::vector<ports::NewLogEntry> log) override;
    sdk::Task<core::Result<std::vector<ports::RecordChange>>>
    record_changes(core::TenantId tenant, std::string dataset, std::uint64_t after,
                   std::size_t limit) override;
    sdk::Task<core::Result<ports::LogHead>>
    write_log(core::TenantId tenant, std::vector<ports::NewLogEntry> entries) override;
    sdk::Task<core::Result<ports::LogHead>>
    log_read(core::TenantId tenant, ports::NewLogEntry entry, std::uint64_t version) override;
    sdk::Task<core::Result<std::vector<ports::LogEntry>>> read_log(ports::LogQuery query) override;
    sdk::Task<core::Result<ports::LogHead>> log_head(core::TenantId tenant) override;
    sdk::Task<core::Result<ports::FeedCursor>> feed_cursor(core::ConnectionId connection,
                                                           core::TenantId tenant) override;
    sdk::Task<core::Result<void>> advance_feed(ports::FeedStep step) override;
    sdk::Task<core::Result<ports::ShortenAnswer>> shorten(core::TenantId tenant,
                                                          ports::RetentionRules rules,
                                                          ports::RecordWish after,
                                                          std::size_t limit) override;
    sdk::Task<core::Result<std::vector<ports::RecordRow>>>
    due_for_erasure(core::TenantId tenant, core::Time now, std::size_t limit) override;
    sdk::Task<core::Result<void>> erase(ports::EraseCommand command) override;

    /// For retention, which is the engine's: of whom these tokens are, as far as they are known;
    /// nothing: a legal hold stands on one of them.
    std::optional<std::vector<core::Uuid>> known_persons(const core::TenantId& tenant,
                                                         const std::vector<std::string>& tokens);
    bool holds_anybody(const core::TenantId& tenant);
    void append_log(const core::TenantId& tenant, const std::vector<ports::NewLogEntry>& entries);

private:
    struct Held {
        ports::RecordRow row;   // its version also when removed
        std::uint64_t position = 0;
        core::Time changed{};
        bool removed = false;
    };
    using RecordKey = std::tuple<core::TenantId, core::Uuid, std::string>;

    /// Of one person, who is in use last.
    std::vector<ports::Subject*> linked(const core::TenantId& tenant, core::Uuid handle);
    ports::Subject* find(const core::TenantId& tenant, core::Uuid handle);
    void outdate_records(const core::TenantId& tenant, const std::vector<ports::Subject*>& of,
                         core::Time at);
    Held* find_live(const core::TenantId& tenant, const ports::RecordWish& wish);
    core::Result<ports::KeepAnswer> may_keep(const core::TenantId& tenant,
                                             const std::vector<ports::RecordWrite>& writes);
    std::vector<std::uint64_t> write(const core::TenantId& tenant,
                                     const std::vector<ports::RecordWrite>& writes);
    void append(const core::TenantId& tenant, const std::vector<ports::NewLogEntry>& entries);
    ports::LogHead head(const core::TenantId& tenant) const;

    MemoryEngine& engine_;
    std::mutex mutex_;
    std::map<std::pair<core::TenantId, core::Uuid>, ports::Subject> subjects_;
    std::map<RecordKey, Held> records_;
    std::map<core::TenantId, std::vector<ports::LogEntry>> logs_;
    std::map<std::pair<core::ConnectionId, core::TenantId>, ports::FeedCursor> cursors_;
    std::map<std::tuple<core::TenantId, core::SystemId, std::string>, core::Time> told_;
    std::uint64_t positions_ = 0;
};

}   // namespace gateway::store
