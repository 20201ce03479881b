#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

ports::DocumentRecord read_document(const Rows& rows) {
    ports::DocumentRecord record;
    record.tenant = core::TenantId(rows.text(0));
    record.hash = rows.sha256(1);
    record.md5_hex = rows.text(2);
    record.size = rows.number(3);
    record.uploader = core::SystemId(rows.text(4));
    record.created = rows.instant(5);
    record.wrapped_key = rows.text(6);
    record.sealed = rows.text(7);
    return record;
}

constexpr const char* document_columns =
    "SELECT d.tenant, d.hash, d.md5, d.size, d.uploader, d.created, k.wrapped, "
    "b.sealed FROM document d LEFT JOIN content_key k ON k.tenant = d.tenant AND k.kind = 2 AND "
    "k.owner = d.hash LEFT JOIN document_bytes b ON b.id = d.bytes ";

}   // namespace

bool has_document(Database& db, const core::TenantId& tenant, core::Sha256 hash) {
    return db.query("SELECT 1 FROM document WHERE tenant = ? AND hash = ?", tenant, hash).next();
}

void use_document(Database& db, const core::TenantId& tenant, int kind, const core::Uuid& owner,
                  std::size_t place, const core::SystemId& system, core::Sha256 hash) {
    db.run("INSERT INTO document_use (tenant, owner, kind, place, system, hash) VALUES (?, ?, ?, "
           "?, ?, ?)",
           tenant, owner, kind, place, system, hash);
    db.run("UPDATE document SET uses = uses + 1 WHERE tenant = ? AND hash = ?", tenant, hash);
}

Result<ports::DocumentRecord> put_document(Engine& engine, const ports::DocumentRecord& record) {
    auto& db = engine.db();
    std::optional<std::int64_t> bytes;
    if (!record.sealed.empty()) {
        bytes = db.value("SELECT coalesce(max(id), 0) + 1 FROM document_bytes");
    }
    const auto fresh = db.run(
        "INSERT INTO document (tenant, hash, md5, size, uploader, created, uses, bytes) VALUES (?, "
        "?, ?, ?, ?, ?, 0, ?) ON CONFLICT (tenant, hash) DO NOTHING",
        record.tenant, record.hash, record.md5_hex, record.size, record.uploader, record.created,
        bytes);
    if (fresh > 0) {
        put_key(db, record.tenant, Content::document, record.hash.to_bytes(), record.wrapped_key);
        if (bytes) {
            db.run("INSERT INTO document_bytes (id, sealed) VALUES (?, ?)", bytes,
                   Blob(record.sealed));
        }
    } else {
        // Uploaded again: not to be collected as an orphan before it can be referred to.
        db.run("UPDATE document SET created = max(created, ?) WHERE tenant = ? AND hash = ?",
               record.created, record.tenant, record.hash);
    }
    db.run("INSERT OR IGNORE INTO document_uploader (tenant, hash, system) VALUES (?, ?, ?)",
           record.tenant, record.hash, record.uploader);
    if (fresh > 0) {
        return record;
    }
    const auto stored = find_document(db, record.tenant, record.hash);
    return stored && *stored ? **stored : record;
}

Result<std::optional<ports::DocumentRecord>>
find_document(Database& db, const core::TenantId& tenant, core::Sha256 hash) {
    static const std::string sql =
        std::string(document_columns) + "WHERE d.tenant = ? AND d.hash = ?";
    std::optional<ports::DocumentRecord> record;
    auto rows = db.query(sql, tenant, hash);
    if (rows.next()) {
        record = read_document(rows);
    }
    return record;
}

Result<bool> may_read_document(Database& db, const core::TenantId& tenant,
                               const core::SystemId& system, bool sees_all, core::Sha256 hash) {
    if (db.query("SELECT 1 FROM document_uploader WHERE tenant = ? AND hash = ? AND system = ?",
                 tenant, hash, system)
            .next() ||
        db.query("SELECT 1 FROM document_use WHERE tenant = ? AND hash = ? AND system = ? LIMIT 1",
                 tenant, hash, system)
            .next()) {
        return true;
    }
    return sees_all && db.query("SELECT 1 FROM document_use WHERE tenant = ? AND hash = ? LIMIT 1",
                                tenant, hash)
                           .next();
}

Result<std::vector<ports::DocumentRecord>> orphan_documents(Database& db, core::Time before,
                                                            std::size_t limit) {
    // What waits for a person, and what its adapter has not been told yet, may need any of them.
    static const std::string sql =
        std::string(document_columns) +
        "WHERE d.tenant = ? AND d.uses = 0 AND d.created < ? AND NOT EXISTS (SELECT 1 FROM "
        "quarantine q WHERE q.tenant = d.tenant AND q.resolved IS NULL) AND NOT EXISTS (SELECT 1 "
        "FROM settlement s WHERE s.tenant = d.tenant AND s.due IS NOT NULL AND s.kind > 0) ORDER "
        "BY d.created LIMIT ?";
    std::vector<ports::DocumentRecord> orphans;
    core::TenantId tenant;
    while (orphans.size() < limit) {
        {
            auto next = db.query("SELECT tenant FROM document INDEXED BY document_orphaned WHERE "
                                 "uses = 0 AND tenant > "
                                 "? ORDER BY tenant LIMIT 1",
                                 tenant);
            if (!next.next()) {
                break;
            }
            tenant = core::TenantId(next.text(0));
        }
        auto rows = db.query(sql, tenant, before, limit - orphans.size());
        while (rows.next()) {
            orphans.push_back(read_document(rows));
        }
    }
    return orphans;
}

Result<std::vector<ports::DocumentRecord>>
documents_after(Database& db, const core::TenantId& tenant, core::Sha256 hash, std::size_t limit) {
    static const std::string sql =
        std::string(document_columns) +
        "WHERE (d.tenant, d.hash) > (?, ?) ORDER BY d.tenant, d.hash LIMIT ?";
    std::vector<ports::DocumentRecord> records;
    auto rows = db.query(sql, tenant, hash, limit);
    while (rows.next()) {
        records.push_back(read_document(rows));
    }
    return records;
}

Result<void> forget_document(Engine& engine, const core::TenantId& tenant, core::Sha256 hash) {
    auto& db = engine.db();
    {
        auto rows =
            db.query("SELECT uses FROM document WHERE tenant = ? AND hash = ?", tenant, hash);
        if (!rows.next()) {
            return Failure(Errc::not_found, "no such document");
        }
        if (rows.integer(0) != 0) {
            return Failure(Errc::conflict, "a message refers to it");
        }
    }
    db.run("DELETE FROM content_key WHERE tenant = ? AND kind = 2 AND owner = ?", tenant, hash);
    db.run("DELETE FROM document_uploader WHERE tenant = ? AND hash = ?", tenant, hash);
    db.run("DELETE FROM document_bytes WHERE id = (SELECT bytes FROM document WHERE tenant = ? AND "
           "hash = ?)",
           tenant, hash);
    db.run("DELETE FROM document WHERE tenant = ? AND hash = ?", tenant, hash);
    engine.destroyed_key();
    return {};
}

}   // namespace gateway::store::sqlite
