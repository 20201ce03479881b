#pragma once

// Where a request went and what headers there were: names, and of values what cannot be anybody's.
// Pure.

#include "gateway/json/value.hpp"
#include "gateway/sdk/http_client.hpp"

#include <string>
#include <string_view>

namespace gateway::exchanges {

inline constexpr std::size_t url_bytes_max = 512;
inline constexpr std::size_t headers_max = 32;
inline constexpr std::size_t headers_bytes_max = 1280;

/// Scheme, host and the words of the path that the components' interfaces have; of a query the
/// names. No user, no fragment. Also of a path alone.
std::string mask_url(std::string_view url);
/// GET, POST and their like; `masked` for any other word.
std::string shown_method(std::string_view method);
/// [["Content-Type", "application/json"], ["Authorization", "***"], …]; a last [] when some were
/// left out.
json::Value masked_headers(const sdk::Headers& headers);

}   // namespace gateway::exchanges
