#pragma once

// Names of fields, and what is left of a record when only some of them may be seen. Pure.

#include "gateway/json/value.hpp"
#include "gateway/records/dataset_catalogue.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::records {

using Fields = std::set<std::string>;

/// "addresses" of "addresses.residence".
std::string top_of(std::string_view field);
/// Whether the field is among them, or what it is a part of.
bool covers(const Fields& allowed, std::string_view field);
/// The first of them that is not allowed; empty: all are.
std::string first_not_covered(const Fields& allowed, const Fields& asked);
/// A part of what is named whole is named already.
Fields without_parts(Fields fields);

struct Minimised {
    json::Value values = json::Value::object();
    Fields given;      // of those asked for: what is there and may be seen
    Fields withheld;   // hidden, since an address in it is graded

    Minimised() = default;
};

/// Of a record's values what these fields name, and nothing else. Without the right to graded
/// addresses nothing that tells where somebody lives is left where the register grades the person,
/// or does not say, and never anything that is marked `graded` by itself.
Minimised minimise(const Dataset& dataset, const json::Value& values, const Fields& fields,
                   bool graded_addresses);

}   // namespace gateway::records
