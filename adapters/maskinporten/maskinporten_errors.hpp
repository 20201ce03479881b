#pragma once

// What Maskinporten's refusals mean (docs.digdir.no, Maskinporten "feilsøking"). Who must act and
// what to do stand with the code in schemas/texts.

#include "adapters/maskinporten/maskinporten_codec.hpp"

#include <span>
#include <string_view>

namespace gateway::maskinporten {

struct KnownError {
    std::string_view id;     // "MP-012", empty for those without
    std::string_view text;   // found in the description when there is no id
    const char* code;
    bool passing;
    bool repeat_with_new_grant;
};

std::span<const KnownError> known_errors();

/// What to call it that no answer came: a fault of TLS by its own name, for it passes by nobody's
/// waiting; else that Maskinporten is not available.
core::Code code_without_answer(const core::Failure& failure);

/// `body` is the answer's JSON, or null when it was none.
TokenReply read_refusal(int status, const json::Value& body);

}   // namespace gateway::maskinporten
