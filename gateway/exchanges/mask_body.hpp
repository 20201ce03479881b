#pragma once

// A body with its structure and without its content. JSON, XML and forms; of anything else only
// what it is and how much. Pure.

#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::exchanges {

/// Longer bodies are not looked into: documents travel in them.
inline constexpr std::size_t body_read_bytes_max = 64U << 10U;
/// As much of the masked text as is kept; it is said when there was more.
inline constexpr std::size_t body_kept_bytes_max = 2560;
inline constexpr std::size_t xml_depth_max = 64;

/// Nothing: it is not what it says it is.
std::optional<std::string> mask_json(std::string_view text);
std::optional<std::string> mask_xml(std::string_view text);
std::string mask_form(std::string_view text);

/// {"type", "bytes", "text", "cut"}: `text` where it could be looked into, `cut` when more of it
/// was there. `content_type` is the header's value.
json::Value masked_body(std::string_view content_type, std::string_view bytes);
/// Of what was never in memory as a whole. `bytes` nothing: not known.
json::Value unseen_body(std::string_view content_type, std::optional<std::uint64_t> bytes);

/// "application/json" of "application/json; charset=utf-8"; `masked` when it is no media type.
std::string media_type(std::string_view content_type);

}   // namespace gateway::exchanges
