#include "gateway/store/sqlite/benefits.hpp"

#include <limits>

namespace gateway::store::sqlite {
namespace {

std::int64_t number_of(std::chrono::sys_days day) {
    return day.time_since_epoch().count();
}

std::chrono::sys_days day_of(std::int64_t number) {
    return std::chrono::sys_days(std::chrono::days(number));
}

std::optional<std::int64_t> first_day(Database& db) {
    auto rows = db.query("SELECT min(day) FROM benefit");
    if (rows.next() && !rows.is_null(0)) {
        return rows.integer(0);
    }
    return std::nullopt;
}

constexpr const char* add =
    "INSERT INTO benefit (day, tenant, system, what, how, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
    "ON CONFLICT (day, tenant, system, what, how) DO UPDATE SET count = count + ?6";

}   // namespace

Result<void> add_benefits(Database& db, std::chrono::sys_days day,
                          const std::vector<ports::BenefitCount>& counts,
                          std::chrono::sys_days apart) {
    for (const auto& [key, count] : counts) {
        db.run(add, number_of(day), key.tenant, key.system, key.what, key.how, count);
    }
    const auto first = first_day(db);
    if (!first || *first >= number_of(apart)) {
        return {};
    }
    std::vector<ports::BenefitCount> old;
    {
        auto rows = db.query("SELECT tenant, system, what, how, sum(count) FROM benefit WHERE day "
                             "> ? AND day < ? GROUP BY tenant, system, what, how",
                             *first, number_of(apart));
        while (rows.next()) {
            ports::BenefitKey key;
            key.tenant = core::TenantId(rows.text(0));
            key.system = core::SystemId(rows.text(1));
            key.what = rows.text(2);
            key.how = rows.text(3);
            old.emplace_back(std::move(key), rows.number(4));
        }
    }
    if (!old.empty()) {
        db.run("DELETE FROM benefit WHERE day > ? AND day < ?", *first, number_of(apart));
    }
    for (const auto& [key, count] : old) {
        db.run(add, *first, key.tenant, key.system, key.what, key.how, count);
    }
    return {};
}

Result<ports::BenefitSums> benefits(Database& db, std::optional<std::chrono::sys_days> from,
                                    std::optional<std::chrono::sys_days> until) {
    ports::BenefitSums sums;
    if (const auto first = first_day(db)) {
        sums.first = day_of(*first);
    }
    auto rows = db.query("SELECT tenant, system, what, how, sum(count) FROM benefit WHERE day "
                         "BETWEEN ? AND ? GROUP BY tenant, system, what, how ORDER BY tenant, "
                         "system, what, how",
                         from ? number_of(*from) : std::numeric_limits<std::int64_t>::min(),
                         until ? number_of(*until) : std::numeric_limits<std::int64_t>::max());
    while (rows.next()) {
        ports::BenefitKey key;
        key.tenant = core::TenantId(rows.text(0));
        key.system = core::SystemId(rows.text(1));
        key.what = rows.text(2);
        key.how = rows.text(3);
        sums.counts.emplace_back(std::move(key), rows.number(4));
    }
    return sums;
}

}   // namespace gateway::store::sqlite
