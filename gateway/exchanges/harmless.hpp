#pragma once

// What of an exchange with a component may be seen by who sees no content: nothing, but for names
// of fields and what is listed here. A value that is listed must also look like what it is listed
// as, for a component may write anything anywhere.

#include <string>
#include <string_view>

namespace gateway::exchanges {

/// Stands for whatever is not shown, however long it is.
inline constexpr std::string_view masked = "***";

/// Reads like the name of a field, an element, a header: ASCII, no blank, few digits.
bool is_field_name(std::string_view text);
/// The name, or `masked`.
std::string shown_name(std::string_view name);

/// The value of a field of this name may be shown: a status, a code, the component's own id, a
/// time.
bool is_harmless(std::string_view field, std::string_view value);
/// The same of numbers and booleans.
bool may_show_number(std::string_view field, long long value);
bool may_show_flag(std::string_view field);

/// UUID, or 32 hexadecimal digits: ids that are made, never numbers that somebody has.
bool is_made_id(std::string_view text);
/// A part of a path as the components' own interfaces have it.
bool is_path_word(std::string_view text);
/// At most this many digits and nothing else.
bool is_short_number(std::string_view text, std::size_t digits_max);

/// ASCII letters in lower case, the rest as it is.
std::string lower_case(std::string_view text);

}   // namespace gateway::exchanges
