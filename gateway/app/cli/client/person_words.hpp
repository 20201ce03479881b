#pragma once

// The words of a person's report, in the three languages it comes in.

#include "gateway/texts/texts.hpp"

#include <string>
#include <string_view>

namespace gateway::app::client {

enum class PersonWord {
    title,
    about,   // what this is
    person,
    municipality,
    handle,
    made,
    known_since,
    forgotten,
    legal_hold,
    held_title,
    nothing_held,
    source,
    authority,
    basis,
    purposes,
    fetched,
    valid_until,
    register_time,
    erase_at,
    unknown_there,   // its source does not know the person
    written,
    corrected,
    corrected_by,
    until,
    log_title,
    log_about,
    when,
    what,
    who,
    why,
    which,
    explained,
    case_reference,
    automatic,     // by the gateway itself
    by_operator,   // before an operator's name
    footer,
    yes,
    no,
    sensitivity,
    open_data,
    ordinary_data,
    protected_data,
    count,
};

std::string_view word(PersonWord which, texts::Language language);
/// "read" -> "lest"; an unknown kind as it stands.
std::string kind_word(std::string_view kind, texts::Language language);
/// The member of a record for people: "birthDate" -> "Fødselsdato"; as it stands when unknown.
std::string field_word(std::string_view member, texts::Language language);

}   // namespace gateway::app::client
