#include "gateway/store/sqlite/record_operations.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

namespace gateway::store::sqlite {
namespace {

std::vector<ports::RecordRow> read_all(Rows rows) {
    std::vector<ports::RecordRow> found;
    while (rows.next()) {
        found.push_back(read_record(rows));
    }
    return found;
}

}   // namespace

ports::RecordRow read_record(const Rows& rows) {
    ports::RecordRow row;
    row.subject = rows.uuid(0);
    row.dataset = rows.text(1);
    row.version = rows.number(2);
    row.absent = rows.integer(3) != 0;
    row.overridden = rows.integer(4) != 0;
    row.sealed_value = rows.text(5);
    row.source = rows.text(6);
    row.fields = rows.text(7);
    row.purposes = rows.text(8);
    row.register_time = rows.optional_time(9);
    row.fetched_at = rows.instant(10);
    row.written_at = rows.instant(11);
    row.valid_until = rows.instant(12);
    row.stale_until = rows.instant(13);
    row.erase_at = rows.optional_time(14);
    row.wrapped_key = rows.text(15);
    return row;
}

Result<std::vector<std::optional<ports::RecordRow>>>
records(Database& db, const core::TenantId& tenant, const std::vector<ports::RecordWish>& wishes) {
    static const std::string sql =
        std::string(record_columns) +
        "WHERE r.tenant = ? AND r.subject = ? AND r.dataset = ? AND r.removed = 0";
    std::vector<std::optional<ports::RecordRow>> found(wishes.size());
    for (std::size_t at = 0; at < wishes.size(); ++at) {
        auto rows = db.query(sql, tenant, wishes[at].subject, wishes[at].dataset);
        if (rows.next()) {
            found[at] = read_record(rows);
        }
    }
    return found;
}

Result<std::vector<ports::RecordRow>> records_of(Database& db, const core::TenantId& tenant,
                                                 core::Uuid subject) {
    static const std::string sql =
        std::string(record_columns) +
        "WHERE r.tenant = ? AND r.subject = ? AND r.removed = 0 ORDER BY r.dataset";
    return read_all(db.query(sql, tenant, subject));
}

Result<std::vector<ports::RecordChange>> record_changes(Database& db, const core::TenantId& tenant,
                                                        const std::string& dataset,
                                                        std::uint64_t after, std::size_t limit) {
    std::vector<ports::RecordChange> changes;
    auto rows = db.query(
        "SELECT position, subject, version, removed, changed FROM record WHERE tenant = ? AND "
        "dataset = ? AND position > ? ORDER BY position LIMIT ?",
        tenant, dataset, after, limit);
    while (rows.next()) {
        ports::RecordChange change;
        change.position = rows.number(0);
        change.subject = rows.uuid(1);
        change.dataset = dataset;
        change.version = rows.number(2);
        change.removed = rows.integer(3) != 0;
        change.at = rows.instant(4);
        changes.push_back(std::move(change));
    }
    return changes;
}

Result<std::vector<ports::RecordRow>> due_for_erasure(Database& db, const core::TenantId& tenant,
                                                      core::Time now, std::size_t limit) {
    static const std::string sql =
        std::string(record_columns) +
        "JOIN subject s ON s.tenant = r.tenant AND s.handle = r.subject WHERE r.tenant = ? AND "
        "r.erase_at <= ? AND s.held = 0 ORDER BY r.erase_at, r.subject, r.dataset LIMIT ?";
    return read_all(db.query(sql, tenant, now, limit));
}

RecordPlace find_place(Database& db, const core::TenantId& tenant, const ports::RecordWish& wish) {
    RecordPlace place;
    auto rows = db.query("SELECT version, key_version, removed FROM record WHERE tenant = ? AND "
                         "subject = ? AND dataset = ?",
                         tenant, wish.subject, wish.dataset);
    if (rows.next()) {
        place.version = rows.number(0);
        place.key_version = rows.number(1);
        place.live = rows.integer(2) == 0;
    }
    return place;
}

}   // namespace gateway::store::sqlite
