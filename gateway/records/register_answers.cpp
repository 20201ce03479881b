#include "gateway/records/register_answers.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

constexpr std::chrono::seconds pause_passing{2};
constexpr std::chrono::seconds pause_lasting{15};
constexpr std::chrono::seconds pause_max{300};

bool names(const json::Value& value, const std::string& key) {
    if (value.is_string()) {
        return value.as_string() == key;
    }
    return std::any_of(value.items().begin(), value.items().end(),
                       [&](const json::Value& item) { return item.as_string() == key; });
}

/// Whom it is about, where it says so.
bool is_about(const Dataset& dataset, const json::Value& value, const std::string& key) {
    bool says = false;
    for (const auto& pointer : dataset.identity) {
        if (const auto* who = value.at(pointer)) {
            says = true;
            if (names(*who, key)) {
                return true;
            }
        }
    }
    return !says;
}

/// No later than the catalogue's limit, and never before now: a register's clock is not ours.
core::Time until(core::Time stated, core::Time now, std::chrono::hours most) {
    return std::clamp(stated, now, now + most);
}

}   // namespace

std::optional<ports::Refusal> check_answer(const Dataset& dataset,
                                           const std::vector<std::string>& keys,
                                           const sdk::RegisterAnswer& answer) {
    const ports::Refusal wrong("records.wrong_answer", {{"dataset", dataset.id}});
    if (answer.entries.size() != keys.size()) {
        return wrong;
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto& entry = answer.entries[i];
        const bool shaped = entry.value.is_null() || entry.value.is_object();
        if (entry.key != keys[i] || !shaped || !is_about(dataset, entry.value, keys[i])) {
            return wrong;
        }
    }
    return std::nullopt;
}

Part part_of(const Dataset& dataset, const Fields& fields, const sdk::RegisterEntry& entry,
             core::Time now) {
    Part part;
    part.fields = fields;
    part.values = minimise(dataset, entry.value, fields, true).values;
    part.source = dataset.register_name;
    part.fetched = std::min(entry.fetched_at, now);
    part.valid_until = until(entry.valid_until, now, dataset.valid_for);
    part.stale_until = std::max(part.valid_until, now + dataset.stale_for);
    part.register_time = entry.register_time;
    return part;
}

core::Time absent_until(const Dataset& dataset, const sdk::RegisterEntry& entry, core::Time now) {
    return until(entry.valid_until, now, dataset.absent_for);
}

ports::Refusal refusal_of(const Dataset& dataset, const sdk::RegisterFailure& failure) {
    const char* code =
        failure.passing ? "records.register_unavailable" : "records.register_refused";
    std::vector<core::Problem> why;
    why.emplace_back("", failure.code, failure.params);
    return ports::Refusal(code, {{"dataset", dataset.id}}, std::move(why));
}

std::chrono::seconds pause_after(const sdk::RegisterFailure& failure) {
    const auto least = failure.passing ? pause_passing : pause_lasting;
    return std::clamp(failure.retry_after.value_or(least), least, pause_max);
}

}   // namespace gateway::records
