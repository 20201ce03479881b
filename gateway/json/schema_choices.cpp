// The part of the walk that chooses between schemas: allOf, anyOf, oneOf, if, not.

#include "gateway/json/schema_checker.hpp"

#include <algorithm>

namespace gateway::json {
namespace {

/// A branch that fails at the place itself, or for a member that tells the branches apart, was not
/// the one meant.
bool is_branch_meant(const std::vector<SchemaFault>& faults, const std::string& pointer) {
    return std::none_of(faults.begin(), faults.end(), [&pointer](const SchemaFault& fault) {
        const std::string_view below = std::string_view(fault.pointer).substr(pointer.size());
        const bool is_child = below.find('/', 1) == std::string_view::npos;
        return below.empty() ||
               (is_child && (fault.keyword == "required" || fault.keyword == "const"));
    });
}

}   // namespace

template <class Constraint>
bool SchemaChecker::check_branches(const Constraint& constraint, const char* keyword,
                                   bool only_one) {
    std::size_t fitting = 0;
    constraint.applyToSubschemas([&](unsigned, const valijson::Subschema* schema) {
        fitting += fits(value_, *schema) ? 1 : 0;
        return true;
    });
    const bool holds = only_one ? fitting == 1 : fitting > 0;
    if (holds || faults_ == nullptr) {
        return holds;   // most do, and what the other branches miss is no fault
    }
    std::vector<std::vector<SchemaFault>> meant;
    constraint.applyToSubschemas([&](unsigned, const valijson::Subschema* schema) {
        std::vector<SchemaFault> faults;
        SchemaChecker checker(walk_, value_, place_, &faults);
        if (!checker.check(*schema) && is_branch_meant(faults, place_.pointer())) {
            meant.push_back(std::move(faults));
        }
        return true;
    });
    if (fitting == 0 && meant.size() == 1) {
        for (SchemaFault& fault : meant.front()) {
            fault_at(std::move(fault.pointer), fault.keyword.c_str(), std::move(fault.detail));
        }
        return false;
    }
    return fault_at(place_, keyword, {});
}

bool SchemaChecker::visit(const AllOfConstraint& constraint) {
    bool valid = true;
    constraint.applyToSubschemas([&](unsigned, const valijson::Subschema* schema) {
        valid = check(*schema) && valid;
        return true;
    });
    return valid;
}

bool SchemaChecker::visit(const AnyOfConstraint& constraint) {
    return check_branches(constraint, "anyOf", false);
}

bool SchemaChecker::visit(const OneOfConstraint& constraint) {
    return check_branches(constraint, "oneOf", true);
}

bool SchemaChecker::visit(const ConditionalConstraint& constraint) {
    if (fits(value_, *constraint.getIfSubschema())) {
        const auto* then = constraint.getThenSubschema();
        return then == nullptr || check(*then, "then");
    }
    const auto* otherwise = constraint.getElseSubschema();
    return otherwise == nullptr || check(*otherwise, "else");
}

bool SchemaChecker::visit(const NotConstraint& constraint) {
    return !fits(value_, *constraint.getSubschema()) || fault_at(place_, "not", {});
}

}   // namespace gateway::json
