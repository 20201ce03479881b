#include "gateway/store/sqlite/content_rows.hpp"

namespace gateway::store::sqlite {

void insert_contents(Database& database, const std::vector<ContentRow>& contents) {
    static const Insert into("message_bytes (id, sealed)", 2);
    database.insert(into, contents, [](const ContentRow& row, const auto& put) {
        put(row.number, Blob(row.sealed));
    });
}

std::string find_content(Database& database, const core::TenantId& tenant, core::Uuid message) {
    auto rows = database.query(
        "SELECT coalesce((SELECT b.sealed FROM message_bytes b WHERE b.id = m.bytes), (SELECT "
        "c.sealed FROM message_content c WHERE c.tenant = m.tenant AND c.message = m.id)) FROM "
        "message m WHERE m.tenant = ? AND m.id = ?",
        tenant, message);
    return rows.next() ? rows.text(0) : std::string();
}

void empty_content(Database& database, const core::TenantId& tenant, core::Uuid message) {
    database.run("UPDATE message_bytes SET sealed = x'' WHERE id = (SELECT bytes FROM message "
                 "WHERE tenant = ? AND id = ?)",
                 tenant, message);
    database.run("UPDATE message_content SET sealed = x'' WHERE tenant = ? AND message = ?", tenant,
                 message);
}

void remove_content(Database& database, const core::TenantId& tenant, core::Uuid message) {
    database.run("DELETE FROM message_bytes WHERE id = (SELECT bytes FROM message WHERE tenant = ? "
                 "AND id = ?)",
                 tenant, message);
    database.run("DELETE FROM message_content WHERE tenant = ? AND message = ?", tenant, message);
}

}   // namespace gateway::store::sqlite
