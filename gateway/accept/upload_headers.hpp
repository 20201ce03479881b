#pragma once

// What tus 1.0 says in headers. Source: the protocol's text at tus.io, version 1.0.x.

#include "gateway/core/time.hpp"
#include "gateway/ports/uploads.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::accept {

/// Keys and decoded values, in order. Nothing when it is not "key base64, key base64, key": keys of
/// visible ASCII without comma, each once; at most 32 of them, 4096 bytes in all.
std::optional<std::vector<std::pair<std::string, std::string>>>
read_upload_metadata(std::string_view header);

/// Decimal digits alone, at most 2^63 - 1.
std::optional<std::uint64_t> read_upload_number(std::string_view header);

/// "sha1 <base64>", "sha256 <base64>" or "sha-256 <base64>"; nothing otherwise.
std::optional<ports::UploadChecksum> read_upload_checksum(std::string_view header);

/// As in Upload-Expires: IMF-fixdate.
std::string http_date(core::Time time);

}   // namespace gateway::accept
