#include "gateway/store/record_rules.hpp"
#include "gateway/store/sqlite/record_operations.hpp"

namespace gateway::store::sqlite {

Result<ports::ShortenAnswer> shorten(Engine& engine, const core::TenantId& tenant,
                                     const ports::RetentionRules& rules,
                                     const ports::RecordWish& after, std::size_t limit) {
    auto& db = engine.db();
    ports::ShortenAnswer answer;
    std::vector<ports::RecordRow> earlier;   // with their new end
    {
        auto rows =
            db.query("SELECT subject, dataset, purposes, changed, overridden, erase_at FROM "
                     "record WHERE tenant = ? AND (subject, dataset) > (?, ?) AND removed "
                     "= 0 AND erase_at IS NOT NULL ORDER BY subject, dataset LIMIT ?",
                     tenant, after.subject, after.dataset, limit);
        while (rows.next()) {
            ports::RecordRow row;
            row.subject = rows.uuid(0);
            row.dataset = rows.text(1);
            row.purposes = rows.text(2);
            row.written_at = rows.instant(3);
            row.overridden = rows.integer(4) != 0;
            row.erase_at = rows.optional_time(5);
            answer.last.emplace(row.subject, row.dataset);
            if (const auto end = earlier_end(row, rules)) {
                row.erase_at = end;
                earlier.push_back(std::move(row));
            }
        }
    }
    for (const auto& row : earlier) {
        db.run("UPDATE record SET erase_at = ? WHERE tenant = ? AND subject = ? AND dataset = ?",
               row.erase_at, tenant, row.subject, row.dataset);
    }
    answer.shortened = earlier.size();
    return answer;
}

}   // namespace gateway::store::sqlite
