#include "gateway/json/schema_problem.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace gateway::json {
namespace {

struct KeywordCode {
    std::string_view keyword;
    const char* code;
    const char* param;   // the name of the code's one parameter, or nullptr
};

constexpr std::array<KeywordCode, 19> codes{{
    {"required", "schema.required", "name"},
    {"additionalProperties", "schema.unknown_member", "name"},
    {"type", "schema.type", "expected"},
    {"maxLength", "schema.too_long", "max"},
    {"minLength", "schema.too_short", "min"},
    {"pattern", "schema.pattern", nullptr},
    {"enum", "schema.enum", "allowed"},
    {"const", "schema.const", "expected"},
    {"maxItems", "schema.too_many", "max"},
    {"maxProperties", "schema.too_many", "max"},
    {"minItems", "schema.too_few", "min"},
    {"minProperties", "schema.too_few", "min"},
    {"minimum", "schema.out_of_range", nullptr},
    {"maximum", "schema.out_of_range", nullptr},
    {"oneOf", "schema.one_of", "names"},
    {"anyOf", "schema.any_of", "names"},
    {"dependencies", "schema.required", "name"},
    {"exclusiveMinimum", "schema.out_of_range", nullptr},
    {"exclusiveMaximum", "schema.out_of_range", nullptr},
}};

}   // namespace

core::Problem problem_of(const SchemaFault& fault, const std::string& base) {
    for (const auto& known : codes) {
        // A text with a hole in it helps nobody.
        const bool is_told = known.param == nullptr || !fault.detail.empty();
        if (known.keyword == fault.keyword && is_told) {
            core::Params params;
            if (known.param != nullptr) {
                params.emplace_back(known.param, fault.detail);
            }
            return {base + fault.pointer, core::Code(known.code), std::move(params)};
        }
    }
    return {base + fault.pointer, "schema.other"};
}

}   // namespace gateway::json
