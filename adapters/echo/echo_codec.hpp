#pragma once

// echo's words on the wire. Pure: no host, no clock, so every case is a line in a test.

#include "gateway/core/channel.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/http_client.hpp"
#include "gateway/sdk/outcome.hpp"

#include <string>
#include <vector>

namespace gateway::echo {

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string base_url;
    std::string path = "/";

    Settings() = default;
};

core::Result<Settings> read_settings(const std::string& base_url, const std::string& settings_json);

/// `with.channel`, for trying policies.
core::Channel channel_of(const json::Value& with);

/// What this channel cannot carry, all at once.
std::vector<core::Problem> check(const json::Value& message, const json::Value& with);

/// The letter as it stands, with the key that lets the receiver see a repeat.
sdk::HttpRequest encode(const Settings& settings, const core::Delivery& delivery);

/// 2xx: accepted, with the `id` of the answer when it has one.
sdk::Outcome decode(const core::Result<sdk::HttpResponse>& answer);

}   // namespace gateway::echo
