#pragma once

// A store of records for the steps above it: keeps what it is given, and fails when the test says
// so. The real stores have a contract of their own.

#include "gateway/ports/record_store.hpp"

#include <map>
#include <tuple>

namespace tests::records {

using namespace gateway;

class Shelf final : public ports::RecordStore {
public:
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

    /// What a feed does: the record is to be fetched anew.
    void outdate(const std::string& dataset, core::Time at);

    bool log_fails = false;
    bool fails = false;   // everything
    std::map<core::TenantId, std::vector<ports::NewLogEntry>> log;
    std::map<std::pair<core::TenantId, core::Uuid>, ports::Subject> subjects_;
    std::map<std::tuple<core::TenantId, core::Uuid, std::string>, ports::RecordRow> rows;
    std::vector<std::pair<core::TenantId, ports::RecordChange>> changes_;
};

}   // namespace tests::records
