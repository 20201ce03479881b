#include "gateway/json/schema_checker.hpp"

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/schema_comparable.hpp"
#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace gateway::json {
namespace {

constexpr std::size_t nested_schemas_max = 200;
// More than are shown are gathered, since the most useful are chosen among them.
constexpr std::size_t gathered_per_shown = 10;

bool is_whole(double number) {
    return std::isfinite(number) && std::nearbyint(number) == number;
}

std::string number_text(double number) {
    return write_canonical(Value(number));
}

using JsonType = valijson::constraints::TypeConstraint::JsonType;
using TypeConstraint = valijson::constraints::TypeConstraint;

bool is_of_type(const Value& value, JsonType type) {
    switch (type) {
    case TypeConstraint::kAny: return true;
    case TypeConstraint::kArray: return value.is_array();
    case TypeConstraint::kBoolean: return value.is_bool();
    case TypeConstraint::kInteger:
        return value.is_int() || (value.is_number() && is_whole(value.as_double()));
    case TypeConstraint::kNull: return value.is_null();
    case TypeConstraint::kNumber: return value.is_number();
    case TypeConstraint::kObject: return value.is_object();
    case TypeConstraint::kString: return value.is_string();
    }
    return false;
}

const char* type_name(JsonType type) {
    switch (type) {
    case TypeConstraint::kAny: return "any";
    case TypeConstraint::kArray: return "array";
    case TypeConstraint::kBoolean: return "boolean";
    case TypeConstraint::kInteger: return "integer";
    case TypeConstraint::kNull: return "null";
    case TypeConstraint::kNumber: return "number";
    case TypeConstraint::kObject: return "object";
    case TypeConstraint::kString: return "string";
    }
    return "any";
}

/// Formats we know; others are annotations.
bool fits_format(const std::string& text, const std::string& format) {
    if (format == "date") {
        return core::parse_date(text).has_value();
    }
    if (format == "date-time") {
        return core::parse_rfc3339(text).has_value();
    }
    if (format == "uuid") {
        return core::parse_uuid(text).has_value();
    }
    return true;
}

std::size_t index_of(const Object& members, const Value& member) {
    const auto place = std::find_if(members.begin(), members.end(), [&member](const Member& one) {
        return &one.second == &member;
    });
    return static_cast<std::size_t>(place - members.begin());
}

}   // namespace

std::string SchemaPlace::pointer() const {
    if (above == nullptr) {
        return {};
    }
    return above->pointer() + (index ? "/" + std::to_string(*index) : pointer_token(name));
}

bool SchemaChecker::check(const valijson::Subschema& schema, const char* keyword_of_false) {
    if (schema.getAlwaysInvalid()) {
        return fault_at(place_, keyword_of_false, {});
    }
    if (walk_.depth >= nested_schemas_max) {
        return fault_at(place_, "$ref", "schemas nested too deep");
    }
    ++walk_.depth;
    valijson::Subschema::ApplyFunction visit_each =
        [this](const valijson::constraints::Constraint& constraint) {
            return constraint.accept(*this);
        };
    const bool valid = schema.apply(visit_each);
    --walk_.depth;
    return valid;
}

bool SchemaChecker::fault_at(std::string pointer, const char* keyword, std::string detail) {
    if (faults_ != nullptr && faults_->size() < walk_.faults_max * gathered_per_shown) {
        faults_->push_back({std::move(pointer), keyword, std::move(detail)});
    }
    return false;
}

bool SchemaChecker::fault_at(const SchemaPlace& place, const char* keyword, std::string detail) {
    return faults_ != nullptr && fault_at(place.pointer(), keyword, std::move(detail));
}

template <class Detail>
bool SchemaChecker::hold(bool holds, const char* keyword, Detail detail) {
    return holds || (faults_ != nullptr && fault_at(place_, keyword, detail()));
}

bool SchemaChecker::hold(bool holds, const char* keyword) {
    return holds || fault_at(place_, keyword, {});
}

template <class Constraint>
std::string SchemaChecker::words_of(const Constraint& constraint) {
    const auto [place, is_new] = walk_.told.try_emplace(&constraint);
    if (is_new) {
        place->second = walk_.words.text_of(constraint);
    }
    return place->second;
}

bool SchemaChecker::check_child(const Value& child, const SchemaPlace& place,
                                const valijson::Subschema& schema, const char* keyword_of_false) {
    SchemaChecker checker(walk_, child, place, faults_);
    return checker.check(schema, keyword_of_false);
}

bool SchemaChecker::fits(const Value& value, const valijson::Subschema& schema) {
    SchemaChecker checker(walk_, value, place_, nullptr);
    return checker.check(schema);
}

bool SchemaChecker::visit(const ConstConstraint& constraint) {
    return hold(Comparable(value_).equals(*constraint.getValue()), "const",
                [&] { return words_of(constraint); });
}

bool SchemaChecker::visit(const EnumConstraint& constraint) {
    const Comparable own(value_);
    bool found = false;
    constraint.applyToValues([&](const valijson::adapters::FrozenValue& value) {
        found = own.equals(value);
        return !found;
    });
    return hold(found, "enum", [&] { return words_of(constraint); });
}

bool SchemaChecker::visit(const TypeConstraint& constraint) {
    bool fitting = false;
    constraint.applyToNamedTypes([&](JsonType type) {
        fitting = is_of_type(value_, type);
        return !fitting;
    });
    return hold(fitting, "type", [&] {
        std::string names;
        constraint.applyToNamedTypes([&names](JsonType type) {
            names += (names.empty() ? "" : ", ") + std::string(type_name(type));
            return true;
        });
        return names;
    });
}

bool SchemaChecker::visit(const FormatConstraint& constraint) {
    const bool fitting =
        !value_.is_string() || fits_format(value_.as_string(), constraint.getFormat());
    return hold(fitting, "format", [&] { return constraint.getFormat(); });
}

bool SchemaChecker::visit(const PatternConstraint& constraint) {
    std::string pattern;
    constraint.getPattern(pattern);
    const bool fitting = !value_.is_string() || walk_.patterns.matches(pattern, value_.as_string());
    return hold(fitting, "pattern", [&] { return pattern; });
}

bool SchemaChecker::visit(const MaxLengthConstraint& constraint) {
    const auto most = constraint.getMaxLength();
    const bool fitting = !value_.is_string() || value_.as_string().size() <= most ||
                         utf8_length(value_.as_string()) <= most;
    return hold(fitting, "maxLength", [&] { return std::to_string(most); });
}

bool SchemaChecker::visit(const MinLengthConstraint& constraint) {
    const auto least = constraint.getMinLength();
    const bool fitting = !value_.is_string() ||
                         value_.as_string().size() / utf8_bytes_max >= least ||
                         utf8_length(value_.as_string()) >= least;
    return hold(fitting, "minLength", [&] { return std::to_string(least); });
}

bool SchemaChecker::visit(const MaximumConstraint& constraint) {
    const double number = value_.as_double();
    const double limit = constraint.getMaximum();
    const bool exclusive = constraint.getExclusiveMaximum();
    const bool fitting = !value_.is_number() || number < limit || (!exclusive && number == limit);
    return hold(fitting, exclusive ? "exclusiveMaximum" : "maximum",
                [&] { return number_text(limit); });
}

bool SchemaChecker::visit(const MinimumConstraint& constraint) {
    const double number = value_.as_double();
    const double limit = constraint.getMinimum();
    const bool exclusive = constraint.getExclusiveMinimum();
    const bool fitting = !value_.is_number() || number > limit || (!exclusive && number == limit);
    return hold(fitting, exclusive ? "exclusiveMinimum" : "minimum",
                [&] { return number_text(limit); });
}

bool SchemaChecker::visit(const MultipleOfIntConstraint& constraint) {
    const auto divisor = constraint.getDivisor();
    bool fitting = true;
    if (value_.is_int()) {
        fitting = divisor != 0 && value_.as_int() % divisor == 0;
    } else if (value_.is_number()) {
        fitting = divisor != 0 && std::fmod(value_.as_double(), static_cast<double>(divisor)) == 0;
    }
    return hold(fitting, "multipleOf", [&] { return std::to_string(divisor); });
}

bool SchemaChecker::visit(const MultipleOfDoubleConstraint& constraint) {
    const double divisor = constraint.getDivisor();
    const double quotient = value_.as_double() / divisor;
    const double error = std::abs(quotient - std::nearbyint(quotient));   // 0.3 / 0.1 is not 3
    const bool near = error <= 1e-12 * std::max(1.0, std::abs(quotient));
    return hold(!value_.is_number() || near, "multipleOf", [&] { return number_text(divisor); });
}

bool SchemaChecker::visit(const MaxItemsConstraint& constraint) {
    const auto most = constraint.getMaxItems();
    return hold(value_.items().size() <= most, "maxItems", [&] { return std::to_string(most); });
}

bool SchemaChecker::visit(const MinItemsConstraint& constraint) {
    const auto least = constraint.getMinItems();
    const bool fitting = !value_.is_array() || value_.items().size() >= least;
    return hold(fitting, "minItems", [&] { return std::to_string(least); });
}

bool SchemaChecker::visit(const UniqueItemsConstraint&) {
    std::set<std::string> seen;
    for (const Value& item : value_.items()) {
        if (!seen.insert(write_canonical(item)).second) {
            return hold(false, "uniqueItems");
        }
    }
    return true;
}

bool SchemaChecker::visit(const ContainsConstraint& constraint) {
    const auto& items = value_.items();
    const bool found = std::any_of(items.begin(), items.end(), [&](const Value& item) {
        return fits(item, *constraint.getSubschema());
    });
    return hold(!value_.is_array() || found, "contains");
}

bool SchemaChecker::visit(const SingularItemsConstraint& constraint) {
    bool valid = true;
    std::size_t index = 0;
    for (const Value& item : value_.items()) {
        const SchemaPlace place(place_, index++);
        valid = check_child(item, place, *constraint.getItemsSubschema(), "items") && valid;
    }
    return valid;
}

bool SchemaChecker::visit(const LinearItemsConstraint& constraint) {
    std::vector<const valijson::Subschema*> schemas;
    constraint.applyToItemSubschemas([&](unsigned, const valijson::Subschema* schema) {
        schemas.push_back(schema);
        return true;
    });
    bool valid = true;
    const auto* further = constraint.getAdditionalItemsSubschema();
    for (std::size_t i = 0; i < value_.items().size(); ++i) {
        const auto* schema = i < schemas.size() ? schemas[i] : further;
        const SchemaPlace place(place_, i);
        if (schema == nullptr) {
            valid = fault_at(place, "additionalItems", {});
        } else {
            valid = check_child(value_.items()[i], place, *schema, "additionalItems") && valid;
        }
    }
    return valid;
}

bool SchemaChecker::visit(const MaxPropertiesConstraint& constraint) {
    const auto most = constraint.getMaxProperties();
    return hold(value_.members().size() <= most, "maxProperties",
                [&] { return std::to_string(most); });
}

bool SchemaChecker::visit(const MinPropertiesConstraint& constraint) {
    const auto least = constraint.getMinProperties();
    const bool fitting = !value_.is_object() || value_.members().size() >= least;
    return hold(fitting, "minProperties", [&] { return std::to_string(least); });
}

bool SchemaChecker::visit(const RequiredConstraint& constraint) {
    bool valid = true;
    constraint.applyToRequiredProperties([&](const auto& property) {
        const std::string_view name(property.data(), property.size());
        if (value_.is_object() && !value_.has(name)) {
            valid = fault_at(SchemaPlace(place_, name), "required", std::string(name));
        }
        return true;
    });
    return valid;
}

bool SchemaChecker::visit(const PropertiesConstraint& constraint) {
    bool valid = true;
    const Object& members = value_.members();
    std::vector<bool> known(members.size(), false);
    constraint.applyToProperties([&](const auto& property, const valijson::Subschema* schema) {
        const std::string_view name(property.data(), property.size());
        if (const Value* member = value_.find(name)) {
            valid = check_child(*member, SchemaPlace(place_, name), *schema) && valid;
            known[index_of(members, *member)] = true;
        }
        return true;
    });
    constraint.applyToPatternProperties(
        [&](const auto& expression, const valijson::Subschema* schema) {
            const std::string_view pattern(expression.data(), expression.size());
            for (std::size_t i = 0; i < members.size(); ++i) {
                const auto& [name, member] = members[i];
                if (walk_.patterns.matches(pattern, name)) {
                    valid = check_child(member, SchemaPlace(place_, name), *schema) && valid;
                    known[i] = true;
                }
            }
            return true;
        });
    const auto* additional = constraint.getAdditionalPropertiesSubschema();
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto& [name, member] = members[i];
        if (known[i]) {
            continue;
        }
        const SchemaPlace place(place_, name);
        if (additional == nullptr) {
            valid = fault_at(place, "additionalProperties", name);
        } else {
            valid = check_child(member, place, *additional) && valid;
        }
    }
    return valid;
}

bool SchemaChecker::visit(const PropertyNamesConstraint& constraint) {
    bool valid = true;
    for (const auto& member : value_.members()) {
        if (!fits(Value(member.first), *constraint.getSubschema())) {
            valid = fault_at(SchemaPlace(place_, member.first), "propertyNames", member.first);
        }
    }
    return valid;
}

bool SchemaChecker::visit(const DependenciesConstraint& constraint) {
    bool valid = true;
    constraint.applyToPropertyDependencies([&](const auto& property, const auto& dependencies) {
        if (value_.has(property.c_str())) {
            for (const auto& dependency : dependencies) {
                const std::string_view name(dependency.data(), dependency.size());
                if (!value_.has(name)) {
                    valid = fault_at(SchemaPlace(place_, name), "dependencies", std::string(name));
                }
            }
        }
        return true;
    });
    constraint.applyToSchemaDependencies(
        [&](const auto& property, const valijson::Subschema* schema) {
            if (value_.has(property.c_str())) {
                valid = check(*schema, "dependencies") && valid;
            }
            return true;
        });
    return valid;
}

bool SchemaChecker::visit(const PolyConstraint&) {
    return true;   // valijson's door for constraints of one's own; its parser makes none
}

}   // namespace gateway::json
