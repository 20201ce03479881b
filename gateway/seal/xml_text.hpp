#pragma once

// Pieces of XML in the form C14N 1.0 would give them, and file names as URIs, so that what is
// written is canonical by construction.

#include "gateway/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::seal {

/// UTF-8 (RFC 3629) without a character that XML 1.0 cannot hold.
bool is_xml_text(std::string_view text);

/// As C14N writes character data: & < > and carriage return are escaped.
std::string xml_character_data(std::string_view text);
/// As C14N writes an attribute's value, without quotes: & < " tab, line feed, carriage return.
std::string xml_attribute_value(std::string_view text);

/// A container path as a relative URI reference: UTF-8, all but letters, digits and `-._/`
/// percent-encoded in upper case. That is also what Java's URLEncoder writes, save that a space is
/// %20 and `/` stays.
std::string uri_of_name(std::string_view name);
/// Percent-decodes; with `plus_is_space` also as HTML forms do. Empty for a broken escape.
std::optional<std::string> name_of_uri(std::string_view uri, bool plus_is_space);

/// xsd:dateTime: RFC 3339, but the zone may be missing and is then UTC.
std::optional<core::Time> parse_xml_time(std::string_view text);

}   // namespace gateway::seal
