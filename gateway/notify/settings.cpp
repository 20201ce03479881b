#include "gateway/notify/settings.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>

namespace gateway::notify {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secrets_max = 3;
constexpr std::size_t pattern_bytes_max = 120;
constexpr std::string_view purpose = "subscription";

std::string owner_of(const ports::Subscription& subscription) {
    return subscription.id.to_bytes();
}

std::int64_t micros(core::Time time) {
    return time.time_since_epoch().count();
}

}   // namespace

Secret new_secret(core::Randomness& random, core::Time now) {
    std::array<std::uint8_t, secret_bytes> bytes{};
    random.random(bytes);
    Secret secret;
    secret.text = "whsec_" + crypto::base64_encode(
                                 {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    secret.created = now;
    bytes.fill(0);
    return secret;
}

std::vector<std::string> signing_secrets(const Settings& settings, core::Time now) {
    std::vector<std::string> secrets;
    for (const auto& secret : settings.secrets) {
        if (!secret.until || *secret.until > now) {
            secrets.push_back(secret.text);
        }
    }
    return secrets;
}

void rotate(Settings& settings, Secret next, core::Time until) {
    for (auto& secret : settings.secrets) {
        secret.until = std::min(secret.until.value_or(until), until);
    }
    settings.secrets.insert(settings.secrets.begin(), std::move(next));
    settings.secrets.resize(std::min(settings.secrets.size(), secrets_max));
}

bool wants(const Settings& settings, std::string_view event_type) {
    return settings.events.empty() ||
           std::any_of(settings.events.begin(), settings.events.end(), [&](std::string_view one) {
               return one.ends_with('*') ? event_type.starts_with(one.substr(0, one.size() - 1))
                                         : event_type == one;
           });
}

bool is_event_pattern(std::string_view text) {
    if (text.ends_with('*')) {
        text.remove_suffix(1);
    }
    return text.size() <= pattern_bytes_max && text.starts_with("no.sluse.") &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
           });
}

core::Result<void> seal_settings(const Settings& settings, const crypto::Vault& vault,
                                 core::Randomness& random, ports::Subscription& subscription) {
    json::Value events = json::Value::array();
    for (const auto& one : settings.events) {
        events.push(one);
    }
    json::Value secrets = json::Value::array();
    for (const auto& one : settings.secrets) {
        json::Value secret = json::Value::object();
        secret.set("text", one.text).set("created", micros(one.created));
        if (one.until) {
            secret.set("until", micros(*one.until));
        }
        secrets.push(std::move(secret));
    }
    json::Value all = json::Value::object();
    all.set("url", settings.url)
        .set("events", std::move(events))
        .set("description", settings.description)
        .set("secrets", std::move(secrets));
    const auto owner = owner_of(subscription);
    if (subscription.wrapped_key.empty()) {
        const auto made = vault.new_key(random, owner);
        subscription.wrapped_key = made.wrapped;
        subscription.sealed_settings = made.key.seal(random, purpose, owner, json::write(all));
        return {};
    }
    const auto key = vault.unwrap(subscription.wrapped_key, owner);
    if (!key) {
        return key.error();
    }
    subscription.sealed_settings = key->seal(random, purpose, owner, json::write(all));
    return {};
}

core::Result<Settings> open_settings(const ports::Subscription& subscription,
                                     const crypto::Vault& vault) {
    const auto owner = owner_of(subscription);
    const auto key = vault.unwrap(subscription.wrapped_key, owner);
    if (!key) {
        return key.error();
    }
    const auto text = key->open(purpose, owner, subscription.sealed_settings);
    if (!text) {
        return text.error();
    }
    const auto all = json::parse_or_failure(*text, {.bytes_max = 1U << 20U, .depth_max = 8});
    if (!all) {
        return all.error();
    }
    Settings settings;
    settings.url = (*all)["url"].as_string();
    settings.description = (*all)["description"].as_string();
    for (const auto& one : (*all)["events"].items()) {
        settings.events.push_back(one.as_string());
    }
    for (const auto& one : (*all)["secrets"].items()) {
        Secret secret;
        secret.text = one["text"].as_string();
        secret.created = core::Time(core::Duration(one["created"].as_int()));
        if (one.has("until")) {
            secret.until = core::Time(core::Duration(one["until"].as_int()));
        }
        settings.secrets.push_back(std::move(secret));
    }
    return settings;
}

}   // namespace gateway::notify
