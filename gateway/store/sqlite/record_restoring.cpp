#include "gateway/store/sqlite/backup.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

namespace gateway::store::sqlite {

void settle_restored_records(Database& db) {
    if (db.value("SELECT count(*) FROM main.sqlite_schema WHERE name = 'record'") == 0) {
        db.script("DELETE FROM main.content_key WHERE kind IN (5, 6)");   // of a later schema
        return;
    }
    db.script("UPDATE main.subject SET token = NULL, sealed = x'' WHERE token IS NOT NULL AND NOT "
              "EXISTS (SELECT 1 FROM main.content_key k WHERE k.tenant = subject.tenant AND k.kind "
              "= 5 AND k.owner = subject.handle)");
    // Positions go on far beyond those that were ever given out, as those of events do.
    db.run("UPDATE main.record SET version = version + 1, position = position + ?, removed = 1, "
           "absent = 0, overridden = 0, sealed = x'', source = '', fields = '', purposes = '', "
           "register_time = NULL, fetched_at = 0, valid_until = 0, stale_until = 0, erase_at = "
           "NULL WHERE removed = 0 AND (EXISTS (SELECT 1 FROM main.subject s WHERE s.tenant = "
           "record.tenant AND s.handle = record.subject AND s.token IS NULL) OR (length(sealed) > "
           "0 AND NOT EXISTS (SELECT 1 FROM main.content_key k WHERE k.tenant = record.tenant AND "
           "k.kind = 6 AND k.owner = CAST(record.subject || record.dataset || '/' || "
           "record.key_version AS BLOB))))",
           positions_skipped);
    db.run("INSERT INTO main.counter (name, value) VALUES ('records', ?1) ON CONFLICT (name) DO "
           "UPDATE SET value = value + ?1",
           2 * positions_skipped);
    db.script("DELETE FROM main.content_key WHERE (kind = 5 AND NOT EXISTS (SELECT 1 FROM "
              "main.subject s WHERE s.tenant = content_key.tenant AND s.handle = owner AND s.token "
              "IS NOT NULL)) OR (kind = 6 AND NOT EXISTS (SELECT 1 FROM main.record r WHERE "
              "r.tenant = content_key.tenant AND r.subject = substr(owner, 1, 16) AND r.removed = "
              "0 AND CAST(r.subject || r.dataset || '/' || r.key_version AS BLOB) = owner))");
}

}   // namespace gateway::store::sqlite
