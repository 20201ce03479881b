#pragma once

// Signatures of Standard Webhooks (specification 1.0.0): HMAC-SHA-256 of "<id>.<seconds>.<body>",
// base64, behind "v1,"; several are parted by a space. Pure.

#include "gateway/core/time.hpp"
#include "gateway/sdk/http_client.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::notify {

/// webhook-id, webhook-timestamp and webhook-signature, by each of the secrets.
sdk::Headers signed_headers(std::string_view id, core::Time now, std::string_view body,
                            const std::vector<std::string>& secrets);

}   // namespace gateway::notify
