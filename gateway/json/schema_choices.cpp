// The part of the walk that chooses between schemas: allOf, anyOf, oneOf, if, not.

#include "gateway/json/schema_checker.hpp"

#include <algorithm>
#include <set>

namespace gateway::json {
namespace {

using Faults = std::vector<SchemaFault>;

/// A branch that fails at the place itself, or for a member that tells the branches apart, was not
/// the one meant.
bool is_branch_meant(const Faults& faults, const std::string& pointer) {
    return std::none_of(faults.begin(), faults.end(), [&pointer](const SchemaFault& fault) {
        const std::string_view below = std::string_view(fault.pointer).substr(pointer.size());
        const bool is_child = below.find('/', 1) == std::string_view::npos;
        return below.empty() ||
               (is_child && (fault.keyword == "required" || fault.keyword == "const"));
    });
}

/// What each branch says, when each says one thing and all by that keyword at that place: a type at
/// the place itself, a member that is required just below.
std::string said_by_all(const std::vector<Faults>& branches, const std::string& keyword,
                        const std::string& pointer) {
    std::set<std::string> known;
    std::string said;
    for (const Faults& faults : branches) {
        if (faults.size() != 1 || faults.front().keyword != keyword) {
            return {};
        }
        const SchemaFault& fault = faults.front();
        const bool is_here = keyword == "required"
                                 ? fault.pointer == pointer + pointer_token(fault.detail)
                                 : fault.pointer == pointer;
        if (!is_here) {
            return {};
        }
        if (known.insert(fault.detail).second) {
            said += (said.empty() ? "" : ", ") + fault.detail;
        }
    }
    return said;
}

}   // namespace

template <class Constraint>
auto SchemaChecker::faults_of_branches(const Constraint& constraint, const Value& value) {
    std::vector<Faults> branches;
    constraint.applyToSubschemas([&](unsigned, const valijson::Subschema* schema) {
        SchemaChecker checker(walk_, value, place_, &branches.emplace_back());
        checker.check(*schema);
        return true;
    });
    return branches;
}

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
    std::vector<Faults> branches = faults_of_branches(constraint, value_);
    const std::string pointer = place_.pointer();
    const auto is_meant = [&pointer](const Faults& faults) {
        return !faults.empty() && is_branch_meant(faults, pointer);
    };
    if (fitting == 0 && std::count_if(branches.begin(), branches.end(), is_meant) == 1) {
        for (SchemaFault& fault : *std::find_if(branches.begin(), branches.end(), is_meant)) {
            fault_at(std::move(fault.pointer), fault.keyword.c_str(), std::move(fault.detail));
        }
        return false;
    }
    if (auto types = said_by_all(branches, "type", pointer); !types.empty()) {
        return fault_at(place_, "type", std::move(types));
    }
    // A choice between members is told by what each branch misses where there is nothing.
    return fault_at(
        place_, keyword,
        said_by_all(faults_of_branches(constraint, Value::object()), "required", pointer));
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
