#include "gateway/store/search_cursor.hpp"
#include "gateway/store/sqlite/message_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

#include <limits>

namespace gateway::store::sqlite {
namespace {

constexpr auto from_the_newest = std::numeric_limits<std::int64_t>::max();

/// Which index leads: the filter that leaves the fewest, and `created, id` behind it so that pages
/// need no sorting. INDEXED BY makes a statement that could not use it an error instead of a scan.
std::string source(const ports::SearchQuery& query) {
    if (query.token) {
        return "search_token t JOIN message m ON m.tenant = t.tenant AND m.id = t.message WHERE "
               "t.tenant = ?1 AND "
               "t.kind = ?2 AND t.token = ?3";
    }
    if (query.state) {
        return "message m INDEXED BY message_by_state WHERE m.tenant = ?1";
    }
    if (query.connection) {
        return "message m INDEXED BY message_by_connection WHERE m.tenant = ?1";
    }
    if (query.type) {
        return "message m INDEXED BY message_by_type WHERE m.tenant = ?1";
    }
    if (query.system) {
        return "message m INDEXED BY message_by_system WHERE m.tenant = ?1";
    }
    return "message m INDEXED BY message_by_time WHERE m.tenant = ?1";
}

}   // namespace

std::string search_sql(const ports::SearchQuery& query) {
    const std::string place = query.token ? "t.created, t.message" : "m.created, m.id";
    const std::string created = query.token ? "t.created" : "m.created";
    std::string sql = "SELECT " + place + " FROM " + source(query);
    sql += query.state ? " AND m.state = ?4" : "";
    sql += query.connection ? " AND m.connection = ?5" : "";
    sql += query.type ? " AND m.type = ?6" : "";
    sql += query.system ? " AND m.system = ?7" : "";
    sql += " AND " + created + " >= ?8 AND (" + place + ") < (?9, ?10)";
    const std::string down =
        query.token ? "t.created DESC, t.message DESC" : "m.created DESC, m.id DESC";
    return sql + " ORDER BY " + down + " LIMIT ?11";
}

Result<ports::SearchPage> search(Database& db, const ports::SearchQuery& query) {
    SearchCursor before;
    before.created = core::Time(core::Duration(from_the_newest));
    if (query.until) {
        before =
            SearchCursor(*query.until, core::MessageId());   // exclusive: no id is less than none
    }
    if (!query.cursor.empty()) {
        const auto cursor = SearchCursor::read(query.cursor);
        if (!cursor) {
            return cursor.error();
        }
        if (std::pair(cursor->created, cursor->message) <
            std::pair(before.created, before.message)) {
            before = *cursor;
        }
    }
    std::vector<core::MessageId> found;
    {
        const auto token = query.token.value_or(ports::SearchToken());
        const auto rows_from = query.from.value_or(core::Time(core::Duration(0)));
        auto rows = db.query(
            search_sql(query), query.tenant, static_cast<int>(token.kind), Blob(token.token),
            static_cast<int>(query.state.value_or(core::DeliveryState::queued)), query.connection,
            query.type, query.system, rows_from, before.created, before.message, query.limit + 1);
        while (rows.next()) {
            found.push_back(core::MessageId(rows.uuid(1)));
        }
    }
    ports::SearchPage page;
    for (const auto& id : found) {
        if (page.items.size() == query.limit) {
            if (!page.items.empty()) {
                page.next = SearchCursor(page.items.back().created, page.items.back().id).write();
            }
            break;
        }
        if (auto view = load_message(db, query.tenant, id)) {
            page.items.push_back(std::move(*view));
        }
    }
    return page;
}

}   // namespace gateway::store::sqlite
