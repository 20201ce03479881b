#pragma once

// One person document in the gateway's words (README.md). Pure. Facts: Skatteetaten's documentation
// (oppslag.md): an object of arrays, one for each part; elements say whether they hold now.

#include "adapters/common/registers/fields.hpp"
#include "gateway/core/time.hpp"

#include <optional>
#include <set>
#include <string>

namespace gateway::folkeregister {

struct Person {
    json::Value value;
    std::set<std::string> numbers;   // all the person has or had, as far as the document says
    std::optional<core::Time> register_time;   // of what was entered last
    /// The part that cannot be understood: nothing of the person is believed then. Empty: none.
    std::string fault;

    Person() = default;
};

/// `document` is a `folkeregisterperson`. Unknown parts and members are ignored; a grading that is
/// not known is never taken for none. `silent_is_ungraded`: an address without one is ungraded.
Person read_person(const json::Value& document, bool silent_is_ungraded);

/// How well an address is protected, the least first.
enum class Grading { none, client, confidential, strictly_confidential, unknown };

/// One address element; null when there is nothing in it. `grading` is told.
json::Value read_address(registers::Fields& fields, const json::Value& element, const char* part,
                         bool silent_is_ungraded, Grading& grading);
/// The part's own word; `unknown` for none, a fault for one that is not known.
Grading read_grading(registers::Fields& fields, const json::Value& element, const char* member);

}   // namespace gateway::folkeregister
