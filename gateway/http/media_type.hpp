#pragma once

// What a header such as Content-Type says: a value, and parameters behind it (RFC 9110, 5.6
// and 8.3).

#include <optional>
#include <string>
#include <string_view>

namespace gateway::http {

/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);

/// Whether it is that word, which is in lower case, in whatever case.
bool is_word(std::string_view text, std::string_view word);

/// `Application/JSON` and `application/json; charset=utf-8` are `application/json`.
bool is_media_type(std::string_view content_type, std::string_view type);

/// The value of the first parameter of that name among `; name=value`; also of a quoted
/// string with escapes. None: it is not there. Empty, too, where the text before it cannot be read.
std::optional<std::string> parameter_of(std::string_view text, std::string_view name);

}   // namespace gateway::http
