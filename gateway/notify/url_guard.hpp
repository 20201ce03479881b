#pragma once

// Whom a webhook may call. Looked at when an address is given, and again at each connection on what
// the name then stands for: a name may change its mind in between. Pure.

#include "gateway/core/webhook_config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::notify {

/// The part of an address that decides whom we would call.
struct Target {
    std::string host;   // lower case; an IPv6 address without brackets
    std::uint16_t port = 0;

    Target() = default;
};

/// Why an address is not taken, as a machine word of the text code `subscription.url_refused`; or
/// the target. Names are ASCII (an international one in its xn-- form), without a trailing dot. A
/// host that some resolver reads as an IPv4 address but that is not its plain form is refused.
struct UrlVerdict {
    std::string refused;   // empty: taken
    Target target;

    UrlVerdict() = default;
};
UrlVerdict judge_url(std::string_view url, const core::WebhookConfig& config);

/// Whether this address may be connected to: public, or allowed.
bool may_call(const core::IpAddress& address, std::uint16_t port,
              const core::WebhookConfig& config);

}   // namespace gateway::notify
