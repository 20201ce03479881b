#pragma once

// The checksum a sender states for its bytes: `Content-Digest: sha-256=:<base64>:` (RFC 9530) or
// the older `Digest: SHA-256=<base64>`.

#include "gateway/core/ids.hpp"

#include <optional>
#include <string_view>

namespace gateway::accept {

struct StatedDigest {
    bool readable = true;                 // false: a header is there and says nothing we can check
    std::optional<core::Sha256> sha256;   // nothing: no checksum was stated
};

StatedDigest stated_digest(std::string_view header);

}   // namespace gateway::accept
