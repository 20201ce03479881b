#include "adapters/fiks_io/arkiv/arkiv_rules.hpp"
#include "adapters/fiks_io/arkiv/arkiv_search.hpp"

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;

std::string item(const std::string& pointer, std::size_t i) {
    return pointer + "/" + std::to_string(i);
}

/// How many values it is held against: between takes two, oneOf any number, the rest one.
bool has_right_count(const Value& condition, FieldValue kind) {
    const std::size_t count = condition["values"].items().size();
    const auto& is = condition["is"].as_string();
    if (is == "oneOf" || kind == FieldValue::classification) {
        return count >= 1;
    }
    return count == (is == "between" ? 2U : 1U);
}

void check_condition(const std::string& pointer, const std::string& of, const Value& condition,
                     Problems& problems) {
    const auto& name = condition["field"].as_string();
    const SearchField* const field = find_field(of, name);
    if (field == nullptr) {
        problems.emplace_back(pointer + "/field", "archive.search_field",
                              core::Params{{"name", name}, {"of", of}});
        return;
    }
    const auto& is = condition["is"].as_string();
    const bool compares = field->value != FieldValue::external_key &&
                          field->value != FieldValue::classification &&
                          field->value != FieldValue::area;
    const bool only_text = is == "like" && field->value != FieldValue::text;
    if ((!compares && !is.empty() && is != "equal") || only_text) {
        problems.emplace_back(pointer + "/is", "archive.search_comparison",
                              core::Params{{"name", name}});
    } else if (!has_right_count(condition, field->value)) {
        problems.emplace_back(pointer + "/values", "archive.search_values",
                              core::Params{{"name", name}});
    }
    const auto& values = condition["values"].items();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!fits(*field, values[i])) {
            problems.emplace_back(item(pointer + "/values", i), "archive.search_value",
                                  core::Params{{"name", name}});
        }
    }
}

}   // namespace

void check_search(const Value& search, Problems& problems) {
    const auto& of = search["of"].as_string();
    if (search.has("text") == search.has("where")) {
        problems.emplace_back("/search", "archive.search_text_or_where");
    }
    const auto& where = search["where"].items();
    for (std::size_t i = 0; i < where.size(); ++i) {
        check_condition(item("/search/where", i), of, where[i], problems);
    }
    const auto& sort = search["sort"].items();
    for (std::size_t i = 0; i < sort.size(); ++i) {
        const auto& by = sort[i]["by"].as_string();
        if (search.has("text") || order_of(of, by).empty()) {
            problems.emplace_back(item("/search/sort", i) + "/by", "archive.search_order",
                                  core::Params{{"name", by}, {"of", of}});
        }
    }
    const auto& include = search["include"].items();
    for (std::size_t i = 0; i < include.size(); ++i) {
        if (!may_include(of, include[i].as_string())) {
            problems.emplace_back(item("/search/include", i), "archive.search_include",
                                  core::Params{{"name", include[i].as_string()}, {"of", of}});
        }
    }
}

}   // namespace gateway::fiks_io::arkiv
