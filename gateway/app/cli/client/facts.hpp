#pragma once

// One thing shown to a person as lines of a name and what it is.

#include "gateway/app/cli/client/desk.hpp"

#include <string>
#include <string_view>

namespace gateway::app::client {

/// "Kommune       310001007"; what is long goes on below itself.
void say_fact(const Desk& desk, const char* nb, const char* en, const std::string& text);
/// Organisation numbers, ids, cursors and names of ours: letters, digits, '-', '_' and '.'.
/// Anything else would be another question.
bool is_plain(std::string_view word);
/// An empty list: `none`.
std::string joined(const json::Value& list, const std::string& none);
std::string reason_words(const json::Value& reason);   // "Mottakeren svarte 500 (code)"

}   // namespace gateway::app::client
