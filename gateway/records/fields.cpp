#include "gateway/records/fields.hpp"

namespace gateway::records {
namespace {

/// Deeper than any record is.
constexpr int depth_max = 40;

bool is_graded(const json::Value& value, int depth = 0) {
    if (value.is_array()) {
        for (const auto& item : value.items()) {
            if (depth >= depth_max || is_graded(item, depth + 1)) {
                return true;
            }
        }
        return false;
    }
    const auto* mark = value.find("graded");
    if (mark != nullptr && !(mark->is_bool() && !mark->as_bool())) {
        return true;
    }
    for (const auto& [name, member] : value.members()) {
        if (depth >= depth_max || is_graded(member, depth + 1)) {
            return true;
        }
    }
    return false;
}

/// The value without what is graded in it; nothing when all of it is.
std::optional<json::Value> open_part(const json::Value& value, bool& hidden) {
    if (!is_graded(value)) {
        return value;
    }
    hidden = true;
    if (!value.is_object() || value.has("graded")) {
        return std::nullopt;
    }
    json::Value left = json::Value::object();
    for (const auto& [name, member] : value.members()) {
        if (!is_graded(member)) {
            left.set(name, member);
        }
    }
    return left.members().empty() ? std::nullopt : std::optional(std::move(left));
}

bool hides_addresses(const Dataset& dataset, const json::Value& values) {
    if (dataset.grading.empty()) {
        return false;
    }
    const auto* grade = values.find(dataset.grading);
    return grade == nullptr || !grade->is_string() ||
           !dataset.open_grades.contains(grade->as_string());
}

}   // namespace

std::string top_of(std::string_view field) {
    return std::string(field.substr(0, field.find('.')));
}

bool covers(const Fields& allowed, std::string_view field) {
    return allowed.contains(std::string(field)) || allowed.contains(top_of(field));
}

std::string first_not_covered(const Fields& allowed, const Fields& asked) {
    for (const auto& field : asked) {
        if (!covers(allowed, field)) {
            return field;
        }
    }
    return {};
}

Fields without_parts(Fields fields) {
    std::erase_if(fields, [whole = fields](const std::string& field) {
        const auto top = top_of(field);
        return top.size() != field.size() && whole.contains(top);
    });
    return fields;
}

Minimised minimise(const Dataset& dataset, const json::Value& values, const Fields& fields,
                   bool graded_addresses) {
    Minimised left;
    const bool hides = !graded_addresses && hides_addresses(dataset, values);
    for (const auto& field : without_parts(fields)) {
        const auto top = top_of(field);
        const auto* facts = dataset.field(field);
        const auto* whole = values.find(top);
        if (facts == nullptr || whole == nullptr) {
            continue;
        }
        const bool part = top.size() != field.size();
        const auto* value =
            part ? whole->find(std::string_view(field).substr(top.size() + 1)) : whole;
        if (value == nullptr) {
            continue;
        }
        if (facts->graded && hides) {
            left.withheld.insert(field);
            continue;
        }
        bool hidden = false;
        // A mark on the whole counts for each part.
        const bool marked = part && whole->has("graded") && is_graded(*whole);
        const auto open = graded_addresses ? std::optional(*value)
                          : marked         ? std::nullopt
                                           : open_part(*value, hidden);
        if (hidden || marked) {
            left.withheld.insert(field);
        }
        if (!open || (marked && !graded_addresses)) {
            continue;
        }
        left.given.insert(field);
        if (!part) {
            left.values.set(top, *open);
            continue;
        }
        json::Value parent =
            left.values[top].is_object() ? left.values[top] : json::Value::object();
        parent.set(std::string_view(field).substr(top.size() + 1), *open);
        left.values.set(top, std::move(parent));
    }
    return left;
}

}   // namespace gateway::records
