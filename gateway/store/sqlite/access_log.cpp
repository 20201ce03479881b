#include "gateway/records/log_chain.hpp"
#include "gateway/store/sqlite/access_log_rows.hpp"
#include "gateway/store/sqlite/record_operations.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

std::string joined(const std::vector<std::string>& fields) {
    std::string text;
    for (const auto& field : fields) {
        if (!text.empty()) {
            text += ',';
        }
        text += field;
    }
    return text;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> fields;
    std::size_t from = 0;
    while (!text.empty() && from <= text.size()) {
        const auto to = std::min(text.find(',', from), text.size());
        fields.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return fields;
}

}   // namespace

ports::LogEntry read_log_entry(const Rows& rows) {
    ports::LogEntry read;
    auto& entry = read.entry;
    read.number = rows.number(0);
    entry.kind = static_cast<ports::LogKind>(rows.integer(1));
    entry.at = rows.instant(2);
    entry.system = core::SystemId(rows.text(3));
    entry.purpose = core::PurposeId(rows.text(4));
    entry.dataset = rows.text(5);
    entry.fields = split(rows.text(6));
    if (!rows.is_null(7)) {
        entry.subject = rows.uuid(7);
    }
    entry.freshness = rows.text(8);
    entry.code = core::Code(rows.text(9));
    entry.sealed_detail = rows.text(10);
    read.hash = rows.text(11);
    return read;
}

ports::LogHead find_head(Database& db, const core::TenantId& tenant) {
    ports::LogHead head;
    head.hash = records::first_hash();
    auto rows = db.query("SELECT number, hash FROM access_log WHERE tenant = ? ORDER BY number "
                         "DESC LIMIT 1",
                         tenant);
    if (rows.next()) {
        head.number = rows.number(0);
        head.hash = rows.text(1);
    }
    return head;
}

namespace {

void append(Engine& engine, const core::TenantId& tenant, const ports::NewLogEntry& entry,
            ports::LogHead& head) {
    ++head.number;
    const auto hash = records::next_hash(head.hash, tenant, head.number, entry);
    head.hash.assign(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    engine.log_rows().emplace_back(tenant, head.number, entry, joined(entry.fields), head.hash);
}

/// Where the log ends, with what this transaction has written: read once, then kept by the engine.
ports::LogHead& head_of(Engine& engine, const core::TenantId& tenant) {
    auto& heads = engine.log_heads();
    const auto known = heads.find(tenant);
    if (known != heads.end()) {
        return known->second;
    }
    return heads.emplace(tenant, find_head(engine.db(), tenant)).first->second;
}

bool stands(Database& db, const core::TenantId& tenant, const ports::NewLogEntry& entry,
            std::uint64_t version) {
    auto rows = db.query("SELECT version FROM record WHERE tenant = ? AND subject = ? AND dataset "
                         "= ? AND removed = 0",
                         tenant, entry.subject, entry.dataset);
    return rows.next() && rows.number(0) == version;
}

}   // namespace

void write_log_rows(Database& db, std::vector<LogRow>& rows) {
    static const Insert into("access_log (tenant, number, kind, at, system, purpose, dataset, "
                             "fields, subject, freshness, code, sealed, hash)",
                             13);
    db.insert(into, rows, [](const LogRow& row, const auto& put) {
        const auto& entry = row.entry;
        put(row.tenant, row.number, static_cast<int>(entry.kind), entry.at, entry.system,
            entry.purpose, entry.dataset, row.fields, entry.subject, entry.freshness,
            entry.code.value, Blob(entry.sealed_detail), Blob(row.hash));
    });
    rows.clear();
}

ports::LogHead append_log(Engine& engine, const core::TenantId& tenant,
                          const std::vector<ports::NewLogEntry>& entries) {
    auto& head = head_of(engine, tenant);
    for (const auto& entry : entries) {
        append(engine, tenant, entry, head);
    }
    return head;
}

ports::LogHead append_log(Engine& engine, const core::TenantId& tenant,
                          const ports::NewLogEntry& entry) {
    auto& head = head_of(engine, tenant);
    append(engine, tenant, entry, head);
    return head;
}

Result<ports::LogHead> write_log(Engine& engine, const core::TenantId& tenant,
                                 const std::vector<ports::NewLogEntry>& entries) {
    return append_log(engine, tenant, entries);
}

Result<ports::LogHead> log_read(Engine& engine, const core::TenantId& tenant,
                                const ports::NewLogEntry& entry, std::uint64_t version) {
    if (!stands(engine.db(), tenant, entry, version)) {
        return core::Failure(core::Errc::conflict, "the record is another by now");
    }
    return append_log(engine, tenant, entry);
}

Result<std::vector<ports::LogEntry>> read_log(Database& db, const ports::LogQuery& query) {
    static const std::string all =
        std::string(log_columns) + "WHERE tenant = ? AND number > ? ORDER BY number LIMIT ?";
    static const std::string of_system =
        std::string(log_columns) +
        "WHERE tenant = ? AND system = ? AND number > ? ORDER BY number LIMIT ?";
    static const std::string of_subject =
        std::string(log_columns) +
        "WHERE tenant = ?1 AND subject = ?2 AND number > ?3 AND (?4 IS NULL OR system = ?4) ORDER "
        "BY number LIMIT ?5";
    std::vector<ports::LogEntry> entries;
    auto rows = query.subject ? db.query(of_subject, query.tenant, query.subject, query.after,
                                         query.system, query.limit)
                : query.system
                    ? db.query(of_system, query.tenant, *query.system, query.after, query.limit)
                    : db.query(all, query.tenant, query.after, query.limit);
    while (rows.next()) {
        entries.push_back(read_log_entry(rows));
    }
    return entries;
}

Result<ports::LogHead> log_head(Database& db, const core::TenantId& tenant) {
    return find_head(db, tenant);
}

}   // namespace gateway::store::sqlite
