#pragma once

// Records and the access log: the part of the store behind gateway/records. The rules and errors of
// ports/store.hpp hold: each call is one transaction, fsynced before it returns when it changed
// anything; ids, times and random values come from the caller; every call names the tenant.

#include "gateway/ports/record_types.hpp"
#include "gateway/sdk/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// What a link begins at: the id in use of the person whose id ended, or the ended id alone, after
/// which nothing may have come yet.
enum class LinkFrom : std::uint8_t { in_use, ended };

class RecordStore {
public:
    virtual ~RecordStore() = default;

    /// Each by its token, made as given (in the same order) where there is none. At most 1000.
    virtual sdk::Task<core::Result<std::vector<Subject>>> subjects(core::TenantId tenant,
                                                                   std::vector<Subject> wanted) = 0;
    virtual sdk::Task<core::Result<std::optional<Subject>>> find_subject(core::TenantId tenant,
                                                                         core::Uuid handle) = 0;
    virtual sdk::Task<core::Result<std::optional<Subject>>>
    find_subject_by_token(core::TenantId tenant, core::RecordKeyKind kind, std::string token) = 0;
    /// The ended one's key was replaced by the successor's, who is made as given where there is
    /// none by its token; gives who is in use. From now on they are one person: a legal hold of
    /// either stands over all, and what is held of the ended is to be fetched anew. Once more
    /// changes nothing, and logs nothing. `not_found`: the ended one is not known, or forgotten;
    /// `conflict`: it is the one in use of those that the successor is one of; or a link from the
    /// ended one alone was asked for, and another came after that already.
    virtual sdk::Task<core::Result<Subject>> replace_subject(core::TenantId tenant,
                                                             core::Uuid ended, Subject successor,
                                                             LinkFrom from, core::Time at,
                                                             std::vector<NewLogEntry> log) = 0;
    /// The ended one's key was replaced by nobody's after all: what was linked to it, and what it
    /// was linked to, are two persons again, and what is held of the first is to be fetched anew. A
    /// legal hold that stood over both stands over both. `not_found`: it is not known, or
    /// forgotten; `conflict`: it is not replaced, or no longer by that one.
    virtual sdk::Task<core::Result<void>> separate_subject(core::TenantId tenant, core::Uuid ended,
                                                           core::Uuid successor, core::Time at,
                                                           std::vector<NewLogEntry> log) = 0;
    /// All of one person, whom the handle is one of; who is in use last. Empty: nobody.
    virtual sdk::Task<core::Result<std::vector<Subject>>> linked_subjects(core::TenantId tenant,
                                                                          core::Uuid handle) = 0;
    /// Of all that are of one person.
    virtual sdk::Task<core::Result<void>> hold_subject(core::TenantId tenant, core::Uuid handle,
                                                       bool held, std::vector<NewLogEntry> log) = 0;

    /// Those that are there, in the order of the wishes; nothing is logged: what is read here has
    /// not left.
    virtual sdk::Task<core::Result<std::vector<std::optional<RecordRow>>>>
    records(core::TenantId tenant, std::vector<RecordWish> wishes) = 0;
    /// Everything held of a subject.
    virtual sdk::Task<core::Result<std::vector<RecordRow>>> records_of(core::TenantId tenant,
                                                                       core::Uuid subject) = 0;
    /// All or nothing. The key of the version before is destroyed.
    virtual sdk::Task<core::Result<KeepAnswer>>
    keep(core::TenantId tenant, std::vector<RecordWrite> writes, std::vector<NewLogEntry> log) = 0;
    /// Of one dataset, in commit order.
    virtual sdk::Task<core::Result<std::vector<RecordChange>>>
    record_changes(core::TenantId tenant, std::string dataset, std::uint64_t after,
                   std::size_t limit) = 0;

    /// Appends to the tenant's chain, in this order. Only after this may data leave. Gives the
    /// head.
    virtual sdk::Task<core::Result<LogHead>> write_log(core::TenantId tenant,
                                                       std::vector<NewLogEntry> entries) = 0;
    /// The same of one entry about a subject's record, where that is of this version still.
    /// `conflict`: it is not, and nothing was written.
    virtual sdk::Task<core::Result<LogHead>> log_read(core::TenantId tenant, NewLogEntry entry,
                                                      std::uint64_t version) = 0;
    virtual sdk::Task<core::Result<std::vector<LogEntry>>> read_log(LogQuery query) = 0;
    virtual sdk::Task<core::Result<LogHead>> log_head(core::TenantId tenant) = 0;

    virtual sdk::Task<core::Result<FeedCursor>> feed_cursor(core::ConnectionId connection,
                                                            core::TenantId tenant) = 0;
    /// `conflict`: the cursor moved meanwhile, nothing was changed.
    virtual sdk::Task<core::Result<void>> advance_feed(FeedStep step) = 0;

    /// Looks at so many records behind `after` (by subject and dataset), and lets go earlier what
    /// these rules keep less long. Nothing is kept longer by it. What a local correction stands
    /// over keeps its time, and so does what was fetched for a purpose that there is no rule of.
    virtual sdk::Task<core::Result<ShortenAnswer>>
    shorten(core::TenantId tenant, RetentionRules rules, RecordWish after, std::size_t limit) = 0;
    /// Whose time has come, of subjects without a legal hold.
    virtual sdk::Task<core::Result<std::vector<RecordRow>>>
    due_for_erasure(core::TenantId tenant, core::Time now, std::size_t limit) = 0;
    /// `conflict`: a legal hold stands on a subject of it, nothing was changed.
    virtual sdk::Task<core::Result<void>> erase(EraseCommand command) = 0;
};

}   // namespace gateway::ports
