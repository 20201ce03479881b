#include "gateway/store/sqlite/operations.hpp"

#include <array>
#include <utility>

namespace gateway::store::sqlite {
namespace {

constexpr int faults_max = 100;   // of each kind: more say nothing new

/// Each statement finds rows that should not be; its first column is what to name.
constexpr std::array<std::pair<const char*, const char*>, 44> rules{{
    {"message without its key",
     "SELECT hex(m.id) FROM message m LEFT JOIN content_key k ON k.tenant = m.tenant AND "
     "k.kind = 1 AND k.owner = m.id LEFT JOIN erased_content e ON e.tenant = m.tenant AND e.kind = "
     "1 AND e.owner = m.id WHERE (k.owner IS NULL) <> (e.owner IS NOT NULL)"},
    {"message without its content",
     "SELECT hex(m.id) FROM message m LEFT JOIN message_bytes b ON b.id = m.bytes LEFT JOIN "
     "message_content c ON c.tenant = m.tenant AND c.message = m.id WHERE (b.id IS NULL) = "
     "(c.message IS NULL) OR (m.bytes IS NULL) <> (b.id IS NULL)"},
    {"content of no message",
     "SELECT b.id FROM message_bytes b WHERE b.id NOT IN (SELECT bytes FROM message WHERE bytes IS "
     "NOT NULL)"},
    {"message without a delivery",
     "SELECT hex(m.id) FROM message m LEFT JOIN delivery d ON d.tenant = m.tenant AND d.id "
     "= m.newest AND d.message = m.id WHERE d.id IS NULL"},
    {"message without an event",
     "SELECT hex(m.id) FROM message m WHERE NOT EXISTS (SELECT 1 FROM event e WHERE "
     "e.tenant = m.tenant AND e.message = m.id)"},
    {"message whose state is not that of its newest delivery",
     "SELECT hex(m.id) FROM message m JOIN delivery d ON d.tenant = m.tenant AND d.id = m.newest "
     "WHERE d.state <> "
     "m.state OR d.connection <> m.connection"},
    {"message whose newest delivery is not the newest",
     "SELECT hex(m.id) FROM delivery d JOIN message m ON m.tenant = d.tenant AND m.id = d.message "
     "JOIN delivery n ON n.tenant = m.tenant AND n.id = m.newest WHERE d.number > n.number"},
    {"delivery that is neither its message's newest nor replaced once",
     "SELECT hex(d.id) FROM delivery d JOIN message m ON m.tenant = d.tenant AND m.id = d.message "
     "LEFT JOIN (SELECT tenant, message, replaces, count(*) AS times FROM delivery WHERE replaces "
     "IS NOT NULL GROUP BY tenant, message, replaces) r ON r.tenant = d.tenant AND r.message = "
     "d.message AND r.replaces = d.id WHERE coalesce(r.times, 0) <> (d.id <> m.newest)"},
    {"event that its id does not lead to",
     "SELECT e.first FROM (SELECT tenant, position / 1024 AS run, min(position) AS first FROM "
     "event "
     "GROUP BY tenant, position / 1024) e LEFT JOIN (SELECT DISTINCT tenant, run FROM event_place) "
     "p ON p.tenant = e.tenant AND p.run = e.run WHERE p.run IS NULL"},
    {"message that fails and is not among the failures, or the other way round",
     "SELECT hex(m.id) FROM message m LEFT JOIN failure f ON f.tenant = m.tenant AND f.delivery = "
     "m.newest WHERE (m.state IN (7, 8, 10) AND NOT EXISTS (SELECT 1 FROM erased_content e WHERE "
     "e.tenant = m.tenant AND e.kind = 1 AND e.owner = m.id)) <> (f.delivery IS NOT NULL) UNION "
     "SELECT "
     "hex(f.message) FROM failure f LEFT JOIN message m ON m.tenant = f.tenant AND m.id = "
     "f.message "
     "WHERE m.newest IS NULL OR m.newest <> f.delivery OR m.state <> f.state"},
    {"failures that are counted wrongly",
     "SELECT coalesce(k.code, f.code) FROM failure_kind k FULL JOIN (SELECT tenant, code, detail, "
     "connection, type, count(*) AS counted FROM failure GROUP BY tenant, code, detail, "
     "connection, type) f ON f.tenant = k.tenant AND f.code = k.code AND f.detail = k.detail AND "
     "f.connection = k.connection AND f.type = k.type WHERE k.count IS NOT f.counted"},
    {"replaced message that is not closed, or not there",
     "SELECT hex(r.old) FROM replacement r LEFT JOIN message o ON o.tenant = r.tenant AND o.id = "
     "r.old WHERE o.state IS NOT 9"},
    {"delivery without its message",
     "SELECT hex(d.id) FROM delivery d LEFT JOIN message m ON m.tenant = d.tenant AND "
     "m.id = d.message WHERE m.id IS NULL"},
    {"event without its message",
     "SELECT e.position FROM event e LEFT JOIN message m ON m.tenant = e.tenant AND m.id = "
     "e.message WHERE m.id IS NULL AND e.subscription IS NULL AND e.subject IS NULL AND NOT EXISTS "
     "(SELECT 1 FROM "
     "inbound i WHERE i.tenant = "
     "e.tenant AND i.id = e.message)"},
    {"idempotency key without its message",
     "SELECT hex(i.message) FROM idempotency i LEFT JOIN message m ON m.tenant = "
     "i.tenant AND m.id = i.message LEFT JOIN erased_content e ON e.tenant = i.tenant AND e.kind = "
     "1 AND e.owner = i.message WHERE m.id IS NULL AND e.removed IS NULL"},
    {"search token without its message",
     "SELECT hex(t.message) FROM search_token t LEFT JOIN message m ON m.tenant = "
     "t.tenant AND m.id = t.message LEFT JOIN erased_content e ON e.tenant = t.tenant AND e.kind = "
     "1 AND e.owner = t.message WHERE m.id IS NULL AND e.removed IS NULL"},
    {"erased content of what is not there, or removed and there",
     "SELECT hex(e.owner) FROM erased_content e WHERE (EXISTS (SELECT 1 FROM message m WHERE "
     "m.tenant = e.tenant AND m.id = e.owner AND e.kind = 1) OR EXISTS (SELECT 1 FROM inbound i "
     "WHERE i.tenant = e.tenant AND i.id = e.owner AND e.kind = 3)) = (e.removed IS NOT NULL)"},
    {"document reference without its document",
     "SELECT hex(u.hash) FROM document_use u LEFT JOIN document d ON d.tenant = u.tenant AND "
     "d.hash = u.hash WHERE "
     "d.hash IS NULL"},
    {"document without its key",
     "SELECT hex(d.hash) FROM document d LEFT JOIN content_key k ON k.tenant = d.tenant AND "
     "k.kind = 2 AND k.owner = d.hash WHERE k.owner IS NULL"},
    {"document without its bytes",
     "SELECT hex(d.hash) FROM document d LEFT JOIN document_bytes b ON b.id = d.bytes WHERE "
     "d.bytes IS NOT NULL AND b.id IS NULL"},
    {"bytes of no document",
     "SELECT b.id FROM document_bytes b WHERE b.id NOT IN (SELECT bytes FROM document WHERE bytes "
     "IS NOT NULL)"},
    {"document whose uses are counted wrongly",
     "SELECT hex(d.hash) FROM document d WHERE d.uses <> (SELECT count(*) FROM document_use u "
     "WHERE u.tenant = d.tenant "
     "AND u.hash = d.hash)"},
    {"inbox item without its key",
     "SELECT hex(i.id) FROM inbound i LEFT JOIN content_key k ON k.tenant = i.tenant AND "
     "k.kind = 3 AND k.owner = i.id LEFT JOIN erased_content e ON e.tenant = i.tenant AND e.kind = "
     "3 AND e.owner = i.id WHERE (k.owner IS NULL) <> (e.owner IS NOT NULL)"},
    {"inbox copy without its item",
     "SELECT hex(c.item) FROM inbox_copy c LEFT JOIN inbound i ON i.tenant = c.tenant AND "
     "i.id = c.item WHERE i.id IS NULL"},
    {"quarantined item that is not described, or described and not quarantined",
     "SELECT hex(i.id) FROM inbound i LEFT JOIN quarantine q ON q.tenant = i.tenant AND q.number = "
     "i.number AND q.item = i.id WHERE (i.copies = 0 AND q.item IS NULL) OR (i.copies > 0 AND "
     "q.item IS NOT NULL AND q.resolved IS NULL)"},
    {"subscription without its key",
     "SELECT hex(s.id) FROM subscription s LEFT JOIN content_key k ON k.tenant = s.tenant AND "
     "k.kind = 4 AND k.owner = s.id WHERE k.owner IS NULL"},
    {"call without its subscription",
     "SELECT hex(c.subscription) FROM subscription_call c LEFT JOIN subscription s ON s.tenant = "
     "c.tenant AND s.id = c.subscription WHERE s.id IS NULL"},
    {"inbox item whose copies are not as many as it says",
     "SELECT hex(i.id) FROM inbound i WHERE i.copies <> (SELECT count(*) FROM inbox_copy c WHERE "
     "c.tenant = i.tenant AND c.number = i.number)"},
    {"settlement without its item",
     "SELECT hex(s.item) FROM settlement s LEFT JOIN inbound i ON i.tenant = s.tenant AND i.id = "
     "s.item WHERE i.id IS NULL"},
    {"state whose deliveries are counted wrongly",
     "SELECT c.name FROM counter c WHERE c.name LIKE 'state %' AND c.value <> (SELECT count(*) "
     "FROM delivery d WHERE "
     "'state ' || d.state = c.name)"},
    {"messages of a system that are counted wrongly",
     "SELECT f.tenant || ' ' || f.system FROM (SELECT m.tenant, m.system, d.channel, d.state, "
     "count(*) AS found FROM message m JOIN delivery d ON d.tenant = m.tenant AND d.id = m.newest "
     "GROUP BY m.tenant, m.system, d.channel, d.state) f LEFT JOIN message_count c ON c.tenant = "
     "f.tenant AND c.system = f.system AND c.channel = f.channel AND c.state = f.state WHERE "
     "c.count IS NULL OR c.count <> f.found"},
    {"messages counted that are not there",
     "SELECT s.counted FROM (SELECT coalesce(sum(count), 0) AS counted FROM message_count) s WHERE "
     "s.counted <> (SELECT count(*) FROM message)"},
    {"life event without its subject",
     "SELECT e.position FROM event e LEFT JOIN subject s ON s.tenant = e.tenant AND s.handle = "
     "e.subject WHERE e.subject IS NOT NULL AND s.handle IS NULL"},
    {"subject replaced by one that is not there",
     "SELECT hex(s.handle) FROM subject s LEFT JOIN subject n ON n.tenant = s.tenant AND n.handle "
     "= "
     "s.replaced_by WHERE s.replaced_by IS NOT NULL AND n.handle IS NULL"},
    {"subject without its key, or forgotten and with one",
     "SELECT hex(s.handle) FROM subject s LEFT JOIN content_key k ON k.tenant = s.tenant AND "
     "k.kind = 5 AND k.owner = s.handle WHERE (s.token IS NULL) <> (k.owner IS NULL)"},
    {"record without its subject",
     "SELECT hex(r.subject) || ' ' || r.dataset FROM record r LEFT JOIN subject s ON s.tenant = "
     "r.tenant AND s.handle = r.subject WHERE s.handle IS NULL OR (r.removed = 0 AND s.token IS "
     "NULL)"},
    {"record without its key, or empty and with one",
     "SELECT hex(r.subject) || ' ' || r.dataset FROM record r LEFT JOIN content_key k ON k.tenant "
     "= r.tenant AND k.kind = 6 AND k.owner = CAST(r.subject || r.dataset || '/' || r.key_version "
     "AS BLOB) WHERE (length(r.sealed) = 0) <> (k.owner IS NULL)"},
    {"key of a subject or record that is not there",
     "SELECT hex(k.owner) FROM content_key k WHERE (k.kind = 5 AND NOT EXISTS (SELECT 1 FROM "
     "subject s WHERE s.tenant = k.tenant AND s.handle = k.owner)) OR (k.kind = 6 AND NOT EXISTS "
     "(SELECT 1 FROM record r WHERE r.tenant = k.tenant AND r.subject = substr(k.owner, 1, 16) "
     "AND CAST(r.subject || r.dataset || '/' || r.key_version AS BLOB) = k.owner))"},
    {"act that waits for a second person without its key, or one that is over with it",
     "SELECT hex(a.id) FROM asked_act a LEFT JOIN content_key k ON k.tenant = a.tenant AND k.kind "
     "= 8 AND k.owner = a.id WHERE (a.state < 3) <> (k.owner IS NOT NULL)"},
    {"record beyond the last position",
     "SELECT r.position FROM record r WHERE r.position > coalesce((SELECT value FROM counter WHERE "
     "name = 'records'), 0)"},
    {"access log of a tenant with a gap",
     "SELECT l.tenant FROM access_log l GROUP BY l.tenant HAVING count(*) <> max(l.number) OR "
     "min(l.number) <> 1"},
    {"exchanges without their delivery",
     "SELECT hex(x.delivery) FROM exchange x LEFT JOIN delivery d ON d.tenant = x.tenant AND d.id "
     "= "
     "x.delivery WHERE d.message IS NULL OR d.message <> x.message"},
    {"exchanges of an erased message", "SELECT hex(x.message) FROM exchange x JOIN erased_content "
                                       "e ON e.tenant = x.tenant AND e.kind "
                                       "= 1 AND e.owner = x.message"},
    {"event beyond the last position", "SELECT e.position FROM event e WHERE e.position > (SELECT "
                                       "value FROM counter WHERE name = 'position')"},
}};

}   // namespace

std::vector<std::string> verify(Database& db) {
    std::vector<std::string> faults;
    {
        auto rows = db.query("PRAGMA integrity_check(100)");
        while (rows.next()) {
            if (auto line = rows.text(0); line != "ok") {
                faults.push_back("structure: " + line);
            }
        }
    }
    for (const auto& [fault, sql] : rules) {
        auto rows = db.query(std::string(sql) + " LIMIT " + std::to_string(faults_max));
        while (rows.next()) {
            faults.push_back(std::string(fault) + ": " + rows.text(0));
        }
    }
    return faults;
}

}   // namespace gateway::store::sqlite
