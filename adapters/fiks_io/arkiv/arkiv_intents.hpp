#pragma once

// What an archive/v1 wants done, which message of Fiks Arkiv says it, and which members it takes.

#include "gateway/json/value.hpp"

#include <optional>
#include <string_view>

namespace gateway::fiks_io::arkiv {

enum class Intent {
    create,
    by_id,
    by_external_key,
    search_or_create,
    update,
    close,
    new_version,
    follow_up,
    take_back,   // followUp with the action `remove`
    search,
    fetch_case,
    fetch_record,
    fetch_file,
};

struct IntentFacts {
    Intent intent;
    std::string_view name;           // as archive/v1 says it
    std::string_view message_type;   // after the protocol's name
    std::string_view payload_name;
    std::string_view uses;   // members, apart by spaces, that mean something with it
    std::string_view
        target;   // the one member of `target` it must have; "any" of three; empty: none
};

/// Nothing for an intent that the schema does not know.
std::optional<Intent> intent_of(const json::Value& message);
const IntentFacts& facts_of(Intent intent);

/// One of the words, which are apart by spaces.
bool has_word(std::string_view words, std::string_view word);

}   // namespace gateway::fiks_io::arkiv
