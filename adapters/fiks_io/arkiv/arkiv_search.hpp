#pragma once

// The words of innsyn.sok and the hent messages: closed lists in the XML Schema, so each word here
// stands for one of theirs. Pure.

#include "gateway/json/value.hpp"

#include <string_view>

namespace gateway::fiks_io::arkiv {

/// What a field of a search holds, and so what it is compared with.
enum class FieldValue { text, number, moment, external_key, classification, area };

struct SearchField {
    std::string_view name;   // as archive/v1 says it
    std::string_view of;     // "case"
    std::string_view xml;    // as the XML Schema says it
    FieldValue value = FieldValue::text;
};

/// nullptr: things of this kind have no such field.
const SearchField* find_field(std::string_view of, std::string_view name);
/// The XML Schema's word for an order; empty: things of this kind are not ordered by that.
std::string_view order_of(std::string_view of, std::string_view by);
/// May a search (`of` as in search.of) or a fetch ("fetchCase", "fetchRecord") ask for this part?
bool may_include(std::string_view of, std::string_view part);
/// The XML Schema's word for a part; empty for an unknown one.
std::string_view included_part(std::string_view part);

/// Is it what the field holds? A moment is a date or a time.
bool fits(const SearchField& field, const json::Value& value);

}   // namespace gateway::fiks_io::arkiv
