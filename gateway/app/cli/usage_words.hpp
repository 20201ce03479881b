#pragma once

// What is wrong with the arguments, in the person's language. CLI11 says it in English alone.

#include "gateway/texts/texts.hpp"

#include <string>

namespace gateway::app {

/// `kind` and `words` as CLI11's error gives them ("RequiredError", "--to is required"). Words that
/// are not known are given as they are, behind our own.
std::string usage_words(const std::string& kind, const std::string& words,
                        texts::Language language);

}   // namespace gateway::app
