#include "gateway/ports/search_by_id.hpp"
#include "gateway/store/search_cursor.hpp"
#include "gateway/store/sqlite/message_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

#include <algorithm>
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

constexpr const char* of_id = "message m WHERE m.tenant = ?1 AND m.id = ?3";

/// One page of what `from` holds; the columns say when a message came and which it is.
std::string page_sql(const ports::SearchQuery& query, const std::string& from,
                     const std::string& created, const std::string& id) {
    const std::string place = created + ", " + id;
    std::string sql = "SELECT " + place + " FROM " + from;
    sql += query.state ? " AND m.state = ?4" : "";
    sql += query.connection ? " AND m.connection = ?5" : "";
    sql += query.type ? " AND m.type = ?6" : "";
    sql += query.system ? " AND m.system = ?7" : "";
    sql += " AND " + created + " >= ?8 AND (" + place + ") < (?9, ?10)";
    return sql + " ORDER BY " + created + " DESC, " + id + " DESC LIMIT ?11";
}

using Found = std::vector<std::pair<core::Time, core::MessageId>>;

/// `named` is the token, or the id.
void find(Database& db, const std::string& sql, const ports::SearchQuery& query,
          std::string_view named, const SearchCursor& before, Found& found) {
    const int kind = query.token ? query.token->kind : 0;
    const auto rows_from = query.from.value_or(core::Time(core::Duration(0)));
    auto rows = db.query(sql, query.tenant, kind, Blob(named),
                         static_cast<int>(query.state.value_or(core::DeliveryState::queued)),
                         query.connection, query.type, query.system, rows_from, before.created,
                         before.message, query.limit + 1);
    while (rows.next()) {
        found.emplace_back(rows.instant(0), core::MessageId(rows.uuid(1)));
    }
}

}   // namespace

std::string search_sql(const ports::SearchQuery& query) {
    return query.token ? page_sql(query, source(query), "t.created", "t.message")
                       : page_sql(query, source(query), "m.created", "m.id");
}

Result<ports::SearchPage> search(Database& db, const ports::SearchQuery& asked) {
    auto query = asked;
    std::optional<core::MessageId> id;
    if (query.token) {
        ports::TokenOrId named(std::move(*query.token));
        query.token = std::move(named.token);
        id = named.id;
    }
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
    Found found;
    find(db, search_sql(query), query, query.token ? query.token->token : std::string(), before,
         found);
    if (id) {
        find(db, page_sql(query, of_id, "m.created", "m.id"), query, id->to_bytes(), before, found);
        std::sort(found.begin(), found.end(), std::greater<>());
        found.erase(std::unique(found.begin(), found.end()), found.end());
    }
    ports::SearchPage page;
    for (const auto& [created, message] : found) {
        if (page.items.size() == query.limit) {
            if (!page.items.empty()) {
                page.next = SearchCursor(page.items.back().created, page.items.back().id).write();
            }
            break;
        }
        if (auto view = load_message(db, query.tenant, message)) {
            page.items.push_back(std::move(*view));
        }
    }
    return page;
}

}   // namespace gateway::store::sqlite
