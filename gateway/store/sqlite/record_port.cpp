#include "gateway/store/sqlite/record_port.hpp"

#include "gateway/store/record_rules.hpp"
#include "gateway/store/sqlite/record_operations.hpp"

namespace gateway::store::sqlite {

using sdk::Task;

Task<Result<std::vector<ports::Subject>>>
SqliteRecords::subjects(core::TenantId tenant, std::vector<ports::Subject> wanted) {
    using Answer = Result<std::vector<ports::Subject>>;
    auto work = [tenant = std::move(tenant), wanted = std::move(wanted)](Engine& engine) {
        const auto checked = check_subjects(wanted);
        return checked ? sqlite::subjects(engine, tenant, wanted) : Answer(checked.error());
    };
    return writer_->call<Answer>(std::move(work));
}

Task<Result<std::optional<ports::Subject>>> SqliteRecords::find_subject(core::TenantId tenant,
                                                                        core::Uuid handle) {
    auto work = [tenant = std::move(tenant), handle](Database& db) {
        return sqlite::find_subject(db, tenant, handle);
    };
    return readers_->call<Result<std::optional<ports::Subject>>>(std::move(work));
}

Task<Result<std::optional<ports::Subject>>>
SqliteRecords::find_subject_by_token(core::TenantId tenant, core::RecordKeyKind kind,
                                     std::string token) {
    auto work = [tenant = std::move(tenant), kind, token = std::move(token)](Database& db) {
        return sqlite::find_subject_by_token(db, tenant, kind, token);
    };
    return readers_->call<Result<std::optional<ports::Subject>>>(std::move(work));
}

Task<Result<ports::Subject>> SqliteRecords::replace_subject(core::TenantId tenant, core::Uuid ended,
                                                            ports::Subject successor,
                                                            ports::LinkFrom from, core::Time at,
                                                            std::vector<ports::NewLogEntry> log) {
    using Answer = Result<ports::Subject>;
    auto work = [tenant = std::move(tenant), ended, successor = std::move(successor), from, at,
                 log = std::move(log)](Engine& engine) {
        auto checked = check_subjects({successor});
        checked = checked ? check_log(log) : checked;
        return checked ? sqlite::replace_subject(engine, tenant, ended, successor, from, at, log)
                       : Answer(checked.error());
    };
    return writer_->call<Answer>(std::move(work));
}

Task<Result<void>> SqliteRecords::separate_subject(core::TenantId tenant, core::Uuid ended,
                                                   core::Uuid successor, core::Time at,
                                                   std::vector<ports::NewLogEntry> log) {
    auto work = [tenant = std::move(tenant), ended, successor, at,
                 log = std::move(log)](Engine& engine) {
        const auto checked = check_log(log);
        return checked ? sqlite::separate_subject(engine, tenant, ended, successor, at, log)
                       : Result<void>(checked.error());
    };
    return writer_->call<Result<void>>(std::move(work));
}

Task<Result<std::vector<ports::Subject>>> SqliteRecords::linked_subjects(core::TenantId tenant,
                                                                         core::Uuid handle) {
    auto work = [tenant = std::move(tenant), handle](Database& db) {
        return sqlite::linked_subjects(db, tenant, handle);
    };
    return readers_->call<Result<std::vector<ports::Subject>>>(std::move(work));
}

Task<Result<void>> SqliteRecords::hold_subject(core::TenantId tenant, core::Uuid handle, bool held,
                                               std::vector<ports::NewLogEntry> log) {
    auto work = [tenant = std::move(tenant), handle, held, log = std::move(log)](Engine& engine) {
        const auto checked = check_log(log);
        return checked ? sqlite::hold_subject(engine, tenant, handle, held, log) : checked;
    };
    return writer_->call<Result<void>>(std::move(work));
}

Task<Result<std::vector<std::optional<ports::RecordRow>>>>
SqliteRecords::records(core::TenantId tenant, std::vector<ports::RecordWish> wishes) {
    using Answer = Result<std::vector<std::optional<ports::RecordRow>>>;
    auto work = [tenant = std::move(tenant), wishes = std::move(wishes)](Database& db) {
        const auto checked = check_wishes(wishes);
        return checked ? sqlite::records(db, tenant, wishes) : Answer(checked.error());
    };
    return readers_->call<Answer>(std::move(work));
}

Task<Result<std::vector<ports::RecordRow>>> SqliteRecords::records_of(core::TenantId tenant,
                                                                      core::Uuid subject) {
    auto work = [tenant = std::move(tenant), subject](Database& db) {
        return sqlite::records_of(db, tenant, subject);
    };
    return readers_->call<Result<std::vector<ports::RecordRow>>>(std::move(work));
}

Task<Result<ports::KeepAnswer>> SqliteRecords::keep(core::TenantId tenant,
                                                    std::vector<ports::RecordWrite> writes,
                                                    std::vector<ports::NewLogEntry> log) {
    using Answer = Result<ports::KeepAnswer>;
    auto work = [tenant = std::move(tenant), writes = std::move(writes),
                 log = std::move(log)](Engine& engine) {
        auto checked = check_writes(writes);
        checked = checked ? check_log(log) : checked;
        return checked ? sqlite::keep(engine, tenant, writes, log) : Answer(checked.error());
    };
    return writer_->call<Answer>(std::move(work));
}

Task<Result<std::vector<ports::RecordChange>>> SqliteRecords::record_changes(core::TenantId tenant,
                                                                             std::string dataset,
                                                                             std::uint64_t after,
                                                                             std::size_t limit) {
    auto work = [tenant = std::move(tenant), dataset = std::move(dataset), after,
                 limit](Database& db) {
        return sqlite::record_changes(db, tenant, dataset, after, limit);
    };
    return readers_->call<Result<std::vector<ports::RecordChange>>>(std::move(work));
}

Task<Result<ports::LogHead>> SqliteRecords::write_log(core::TenantId tenant,
                                                      std::vector<ports::NewLogEntry> entries) {
    using Answer = Result<ports::LogHead>;
    auto work = [tenant = std::move(tenant), entries = std::move(entries)](Engine& engine) {
        const auto checked = check_log(entries);
        return checked ? sqlite::write_log(engine, tenant, entries) : Answer(checked.error());
    };
    return writer_->call<Answer>(std::move(work));
}

Task<Result<ports::LogHead>>
SqliteRecords::log_read(core::TenantId tenant, ports::NewLogEntry entry, std::uint64_t version) {
    using Answer = Result<ports::LogHead>;
    auto work = [tenant = std::move(tenant), entry = std::move(entry), version](Engine& engine) {
        const auto checked = check_read(entry);
        return checked ? sqlite::log_read(engine, tenant, entry, version) : Answer(checked.error());
    };
    return writer_->call<Answer>(std::move(work));
}

Task<Result<std::vector<ports::LogEntry>>> SqliteRecords::read_log(ports::LogQuery query) {
    auto work = [query = std::move(query)](Database& db) { return sqlite::read_log(db, query); };
    return readers_->call<Result<std::vector<ports::LogEntry>>>(std::move(work));
}

Task<Result<ports::LogHead>> SqliteRecords::log_head(core::TenantId tenant) {
    auto work = [tenant = std::move(tenant)](Database& db) { return sqlite::log_head(db, tenant); };
    return readers_->call<Result<ports::LogHead>>(std::move(work));
}

Task<Result<ports::FeedCursor>> SqliteRecords::feed_cursor(core::ConnectionId connection,
                                                           core::TenantId tenant) {
    auto work = [connection = std::move(connection), tenant = std::move(tenant)](Database& db) {
        return sqlite::feed_cursor(db, connection, tenant);
    };
    return readers_->call<Result<ports::FeedCursor>>(std::move(work));
}

Task<Result<void>> SqliteRecords::advance_feed(ports::FeedStep step) {
    auto work = [step = std::move(step)](Engine& engine) {
        const auto checked = check_step(step);
        return checked ? sqlite::advance_feed(engine, step) : checked;
    };
    return writer_->call<Result<void>>(std::move(work));
}

Task<Result<ports::ShortenAnswer>> SqliteRecords::shorten(core::TenantId tenant,
                                                          ports::RetentionRules rules,
                                                          ports::RecordWish after,
                                                          std::size_t limit) {
    auto work = [tenant = std::move(tenant), rules = std::move(rules), after = std::move(after),
                 limit](Engine& engine) {
        return sqlite::shorten(engine, tenant, rules, after, limit);
    };
    return writer_->call<Result<ports::ShortenAnswer>>(std::move(work));
}

Task<Result<std::vector<ports::RecordRow>>>
SqliteRecords::due_for_erasure(core::TenantId tenant, core::Time now, std::size_t limit) {
    auto work = [tenant = std::move(tenant), now, limit](Database& db) {
        return sqlite::due_for_erasure(db, tenant, now, limit);
    };
    return readers_->call<Result<std::vector<ports::RecordRow>>>(std::move(work));
}

Task<Result<void>> SqliteRecords::erase(ports::EraseCommand command) {
    auto work = [command = std::move(command)](Engine& engine) {
        const auto checked = check_erasing(command);
        return checked ? sqlite::erase(engine, command) : checked;
    };
    return writer_->call<Result<void>>(std::move(work));
}

}   // namespace gateway::store::sqlite
