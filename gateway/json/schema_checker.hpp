#pragma once

// Walks a value along a schema that valijson compiled. valijson's own walk says where in words
// only, and runs regular expressions that overflow the stack on long text; this one gives pointer,
// keyword and detail. .cpp files here only.

#include "gateway/json/rapidjson_include.hpp"
#include "gateway/json/schema.hpp"
#include "gateway/json/schema_patterns.hpp"
#include "gateway/json/schema_words.hpp"

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/subschema.hpp>

#include <map>

namespace gateway::json {

/// What a walk needs throughout.
struct SchemaWalk {
    const SchemaPatterns& patterns;
    const SchemaWords& words;
    std::size_t faults_max;
    std::map<const void*, std::string>
        told{};              // the words of a constraint, once for all its faults
    std::size_t depth = 0;   // schemas inside each other; a `$ref` to itself would never end
};

/// Where a value stands, as a chain up to the root: written out only when there is a fault to tell.
struct SchemaPlace {
    const SchemaPlace* above = nullptr;
    std::string_view name;   // of the member; in an array the index counts
    std::optional<std::size_t> index;

    SchemaPlace() = default;
    SchemaPlace(const SchemaPlace& parent, std::string_view member)
        : above(&parent), name(member) {}
    SchemaPlace(const SchemaPlace& parent, std::size_t item) : above(&parent), index(item) {}
    std::string pointer() const;
};

/// One value at one place against one schema. visit() is true when the constraint holds.
class SchemaChecker final : public valijson::constraints::ConstraintVisitor {
public:
    /// `place` outlives it. Without `faults` nobody is told of any.
    SchemaChecker(SchemaWalk& walk, const Value& value, const SchemaPlace& place,
                  std::vector<SchemaFault>* faults)
        : walk_(walk), value_(value), place_(place), faults_(faults) {}

    /// `keyword_of_false`: what is said when the schema is `false`.
    bool check(const valijson::Subschema& schema, const char* keyword_of_false = "false");

    bool visit(const AllOfConstraint&) override;
    bool visit(const AnyOfConstraint&) override;
    bool visit(const ConditionalConstraint&) override;
    bool visit(const ConstConstraint&) override;
    bool visit(const ContainsConstraint&) override;
    bool visit(const DependenciesConstraint&) override;
    bool visit(const EnumConstraint&) override;
    bool visit(const FormatConstraint&) override;
    bool visit(const LinearItemsConstraint&) override;
    bool visit(const MaximumConstraint&) override;
    bool visit(const MaxItemsConstraint&) override;
    bool visit(const MaxLengthConstraint&) override;
    bool visit(const MaxPropertiesConstraint&) override;
    bool visit(const MinimumConstraint&) override;
    bool visit(const MinItemsConstraint&) override;
    bool visit(const MinLengthConstraint&) override;
    bool visit(const MinPropertiesConstraint&) override;
    bool visit(const MultipleOfDoubleConstraint&) override;
    bool visit(const MultipleOfIntConstraint&) override;
    bool visit(const NotConstraint&) override;
    bool visit(const OneOfConstraint&) override;
    bool visit(const PatternConstraint&) override;
    bool visit(const PolyConstraint&) override;
    bool visit(const PropertiesConstraint&) override;
    bool visit(const PropertyNamesConstraint&) override;
    bool visit(const RequiredConstraint&) override;
    bool visit(const SingularItemsConstraint&) override;
    bool visit(const TypeConstraint&) override;
    bool visit(const UniqueItemsConstraint&) override;

private:
    /// `detail` makes the fault's text; called only when there is a fault.
    template <class Detail>
    bool hold(bool holds, const char* keyword, Detail detail);
    bool hold(bool holds, const char* keyword);
    template <class Constraint>
    std::string words_of(const Constraint& constraint);
    bool fault_at(std::string pointer, const char* keyword, std::string detail);
    bool fault_at(const SchemaPlace& place, const char* keyword, std::string detail);
    bool check_child(const Value& child, const SchemaPlace& place,
                     const valijson::Subschema& schema, const char* keyword_of_false = "false");
    /// Without reporting.
    bool fits(const Value& value, const valijson::Subschema& schema);
    /// What each branch of a choice finds wrong with the value.
    template <class Constraint>
    auto faults_of_branches(const Constraint& constraint, const Value& value);
    template <class Constraint>
    bool check_branches(const Constraint& constraint, const char* keyword, bool only_one);

    SchemaWalk& walk_;
    const Value& value_;
    const SchemaPlace& place_;
    std::vector<SchemaFault>* faults_;
};

}   // namespace gateway::json
