#include "gateway/records/held_record.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

using core::Errc;
using core::Failure;

json::Value text_list(const Fields& fields) {
    auto list = json::Value::array();
    for (const auto& field : fields) {
        list.push(field);
    }
    return list;
}

std::optional<core::Time> time_in(const json::Value& object, std::string_view member) {
    const auto at = core::parse_rfc3339(object[member].as_string());
    return at ? std::optional(*at) : std::nullopt;
}

json::Value json_of(const Part& part) {
    auto value = json::Value::object();
    value.set("fields", text_list(part.fields))
        .set("values", part.values)
        .set("source", part.source)
        .set("fetched", core::to_rfc3339(part.fetched))
        .set("validUntil", core::to_rfc3339(part.valid_until))
        .set("staleUntil", core::to_rfc3339(part.stale_until));
    if (part.register_time) {
        value.set("registerTime", core::to_rfc3339(*part.register_time));
    }
    if (part.outdated) {
        value.set("outdated", true);
    }
    return value;
}

json::Value json_of(const Correction& correction) {
    auto value = json::Value::object();
    value.set("values", correction.values)
        .set("source", correction.source)
        .set("person", correction.person)
        .set("at", core::to_rfc3339(correction.at))
        .set("until", core::to_rfc3339(correction.until));
    return value;
}

core::Result<Part> part_of(const json::Value& value) {
    const auto fetched = time_in(value, "fetched");
    const auto valid = time_in(value, "validUntil");
    const auto stale = time_in(value, "staleUntil");
    if (!fetched || !valid || !stale || !value["values"].is_object()) {
        return Failure(Errc::malformed, "a part of a record");
    }
    Part part;
    for (const auto& field : value["fields"].items()) {
        part.fields.insert(field.as_string());
    }
    part.values = value["values"];
    part.source = value["source"].as_string();
    part.fetched = *fetched;
    part.valid_until = *valid;
    part.stale_until = *stale;
    part.register_time = time_in(value, "registerTime");
    part.outdated = value["outdated"].as_bool();
    return part;
}

core::Result<Correction> correction_of(const json::Value& value) {
    const auto at = time_in(value, "at");
    const auto until = time_in(value, "until");
    if (!at || !until || !value["values"].is_object()) {
        return Failure(Errc::malformed, "a correction of a record");
    }
    Correction correction;
    correction.values = value["values"];
    correction.source = value["source"].as_string();
    correction.person = value["person"].as_string();
    correction.at = *at;
    correction.until = *until;
    return correction;
}

const Part* newest(const HeldRecord& record, std::string_view field) {
    const auto found = std::find_if(record.parts.rbegin(), record.parts.rend(),
                                    [&](const Part& part) { return covers(part.fields, field); });
    return found == record.parts.rend() ? nullptr : &*found;
}

const Correction* correction_over(const HeldRecord& record, std::string_view field,
                                  core::Time now) {
    const auto found = std::find_if(
        record.corrections.rbegin(), record.corrections.rend(), [&](const Correction& one) {
            return one.until > now && (one.values.has(field) || one.values.has(top_of(field)));
        });
    return found == record.corrections.rend() ? nullptr : &*found;
}

bool came_from_the_future(core::Time fetched, core::Time now) {
    return fetched > now + clock_leeway;
}

Holds part_holds(const Part& part, bool graded, core::Time now) {
    const bool believed = !came_from_the_future(part.fetched, now);
    if (believed && !part.outdated && now < part.valid_until) {
        return Holds::fresh;
    }
    const bool may_be_stale = now < part.stale_until && !(graded && part.outdated);
    return may_be_stale ? Holds::stale : Holds::missing;
}

void set_field(json::Value& values, const std::string& field, const json::Value& value) {
    const auto top = top_of(field);
    if (top.size() == field.size()) {
        values.set(top, value);
        return;
    }
    json::Value parent = values[top].is_object() ? values[top] : json::Value::object();
    parent.set(std::string_view(field).substr(top.size() + 1), value);
    values.set(top, std::move(parent));
}

const json::Value* get_field(const json::Value& values, const std::string& field) {
    const auto top = top_of(field);
    const auto* whole = values.find(top);
    if (whole == nullptr || top.size() == field.size()) {
        return whole;
    }
    return whole->find(std::string_view(field).substr(top.size() + 1));
}

/// The corrected value of a field: named itself, or within what is corrected whole.
const json::Value* corrected_value(const Correction& correction, const std::string& field) {
    if (const auto* own = correction.values.find(field)) {
        return own;
    }
    const auto top = top_of(field);
    const auto* whole = correction.values.find(top);
    return whole == nullptr ? nullptr
                            : whole->find(std::string_view(field).substr(
                                  std::min(field.size(), top.size() + 1)));
}

/// Corrections of parts of a field that is asked for whole.
void apply_to_parts(const HeldRecord& record, const std::string& field, core::Time now,
                    Chosen& chosen) {
    for (const auto& correction : record.corrections) {
        if (correction.until <= now || correction.values.has(field)) {
            continue;
        }
        for (const auto& [name, value] : correction.values.members()) {
            if (name != field && top_of(name) == field) {
                set_field(chosen.values, name, value);
                chosen.corrected[field] = &correction;
            }
        }
    }
}

}   // namespace

core::Result<HeldRecord> read_held(std::string_view text) {
    json::ParseLimits limits;
    limits.depth_max = 64;
    const auto parsed = json::parse_or_failure(text, limits);
    if (!parsed) {
        return parsed.error();
    }
    HeldRecord record;
    for (const auto& item : (*parsed)["parts"].items()) {
        auto part = part_of(item);
        if (!part) {
            return part.error();
        }
        record.parts.push_back(std::move(*part));
    }
    for (const auto& item : (*parsed)["corrections"].items()) {
        auto correction = correction_of(item);
        if (!correction) {
            return correction.error();
        }
        record.corrections.push_back(std::move(*correction));
    }
    return record;
}

std::string write_held(const HeldRecord& record) {
    auto parts = json::Value::array();
    for (const auto& part : record.parts) {
        parts.push(json_of(part));
    }
    auto corrections = json::Value::array();
    for (const auto& correction : record.corrections) {
        corrections.push(json_of(correction));
    }
    auto value = json::Value::object();
    value.set("parts", std::move(parts)).set("corrections", std::move(corrections));
    return json::write(value);
}

std::string with_purpose(const std::string& list, const std::string& purpose) {
    auto known = json::parse(list);
    json::Value all = known && known->is_array() ? std::move(*known) : json::Value::array();
    const bool there = std::any_of(all.items().begin(), all.items().end(),
                                   [&](const auto& one) { return one.as_string() == purpose; });
    if (!there) {
        all.push(purpose);
    }
    return json::write(all);
}

std::string field_list(const HeldRecord& record) {
    Fields names;
    for (const auto& part : record.parts) {
        names.insert(part.fields.begin(), part.fields.end());
    }
    auto list = json::Value::array();
    for (const auto& name : without_parts(std::move(names))) {
        list.push(name);
    }
    return json::write(list);
}

HeldRecord held_of(const ports::RecordRow& row, HeldRecord opened) {
    core::Time last{};
    for (const auto& part : opened.parts) {
        last = std::max(last, part.valid_until);
    }
    const bool outdated = row.valid_until < last;   // a feed has said so since it was written
    for (auto& part : opened.parts) {
        part.outdated = part.outdated || outdated;
        part.valid_until = std::min(part.valid_until, row.valid_until);
        part.stale_until = std::min(part.stale_until, row.stale_until);
    }
    opened.absent = row.absent;
    opened.version = row.version;
    opened.fetched = row.fetched_at;
    opened.valid_until = row.valid_until;
    opened.stale_until = row.stale_until;
    return opened;
}

Holds holds(const HeldRecord& record, const Dataset& dataset, const Fields& asked,
            bool graded_addresses, core::Time now) {
    if (record.absent) {
        const bool corrected =
            !asked.empty() && std::all_of(asked.begin(), asked.end(), [&](const auto& field) {
                return correction_over(record, field, now) != nullptr;
            });
        const bool holds_yet =
            corrected || (now < record.valid_until && !came_from_the_future(record.fetched, now));
        return holds_yet ? Holds::fresh : now < record.stale_until ? Holds::stale : Holds::missing;
    }
    Holds worst = Holds::fresh;
    const auto look = [&](const std::string& field, bool graded) {
        const auto* part = newest(record, field);
        worst = std::max(worst, part == nullptr ? Holds::missing : part_holds(*part, graded, now));
    };
    for (const auto& field : asked) {
        const auto* facts = dataset.field(field);
        const bool graded = facts != nullptr && facts->graded && !graded_addresses;
        if (correction_over(record, field, now) == nullptr) {
            look(field, graded);
        }
        if (graded && !dataset.grading.empty()) {
            look(dataset.grading, true);
        }
    }
    return worst;
}

void take_in(HeldRecord& record, Part part, core::Time now) {
    if (record.absent) {
        record.absent = false;
        record.parts.clear();
    }
    std::erase_if(record.parts, [&](const Part& old) {
        return std::all_of(old.fields.begin(), old.fields.end(),
                           [&](const std::string& field) { return covers(part.fields, field); });
    });
    while (record.parts.size() >= parts_max) {
        record.parts.erase(record.parts.begin());
    }
    record.parts.push_back(std::move(part));
    std::erase_if(record.corrections, [&](const Correction& one) { return one.until <= now; });
}

void take_in_absence(HeldRecord& record, core::Time fetched, core::Time valid_until) {
    record.absent = true;
    record.parts.clear();
    record.fetched = fetched;
    record.valid_until = valid_until;
    record.stale_until = valid_until;
    std::erase_if(record.corrections, [&](const Correction& one) { return one.until <= fetched; });
}

Chosen choose(const HeldRecord& record, const Dataset& dataset, const Fields& asked,
              core::Time now) {
    Chosen chosen;
    Fields wanted = without_parts(asked);
    if (!dataset.grading.empty()) {
        wanted.insert(dataset.grading);   // to judge by; given only when asked for
    }
    for (const auto& field : wanted) {
        if (const auto* part = newest(record, field)) {
            if (const auto* value = get_field(part->values, field)) {
                set_field(chosen.values, field, *value);
            }
            chosen.origin[field] = part;
        }
        if (const auto* correction = correction_over(record, field, now)) {
            if (const auto* value = corrected_value(*correction, field)) {
                set_field(chosen.values, field, *value);
                chosen.corrected[field] = correction;
            }
        }
        apply_to_parts(record, field, now, chosen);
    }
    return chosen;
}

void set_times(ports::RecordRow& row, const HeldRecord& record) {
    row.absent = record.absent;
    row.overridden = !record.corrections.empty();
    row.register_time = std::nullopt;
    if (record.absent || record.parts.empty()) {
        row.fetched_at = record.fetched;
        row.valid_until = record.valid_until;
        row.stale_until = record.stale_until;
        return;
    }
    row.fetched_at = record.parts.back().fetched;
    row.register_time = record.parts.back().register_time;
    row.valid_until = core::Time{};
    row.stale_until = core::Time{};
    for (const auto& part : record.parts) {
        row.valid_until = std::max(row.valid_until, part.valid_until);
        row.stale_until = std::max(row.stale_until, part.stale_until);
    }
}

}   // namespace gateway::records
