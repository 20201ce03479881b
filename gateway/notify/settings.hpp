#pragma once

// What a system wishes of a subscription, and its secrets: sealed as one, under the tenant's key.

#include "gateway/core/time.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/ports/subscription_types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::notify {

/// Of a shared secret by Standard Webhooks: "whsec_" and 32 bytes in base64.
struct Secret {
    std::string text;
    core::Time created{};
    std::optional<core::Time> until;   // signs no longer; none: the newest

    Secret() = default;
};

struct Settings {
    std::string url;
    std::vector<std::string> events;   // types, or beginnings that end in '*'; empty: all
    std::string description;
    std::vector<Secret> secrets;   // the newest first

    Settings() = default;
};

Secret new_secret(core::Randomness& random, core::Time now);
/// Those that sign at `now`, the newest first.
std::vector<std::string> signing_secrets(const Settings& settings, core::Time now);
/// A new one in front; those before it sign until `until`, at most three in all.
void rotate(Settings& settings, Secret next, core::Time until);

bool wants(const Settings& settings, std::string_view event_type);
/// One entry of `events`: letters, digits, dots and underscores, perhaps a last '*'.
bool is_event_pattern(std::string_view text);

/// Fills sealed_settings, and wrapped_key of a new one.
core::Result<void> seal_settings(const Settings& settings, const crypto::Vault& vault,
                                 core::Randomness& random, ports::Subscription& subscription);
core::Result<Settings> open_settings(const ports::Subscription& subscription,
                                     const crypto::Vault& vault);

}   // namespace gateway::notify
