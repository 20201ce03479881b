#include "gateway/route/trail.hpp"

#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>

namespace gateway::route {
namespace {

constexpr std::array<std::pair<Cause, std::string_view>, 5> causes{{
    {Cause::first, "first"},
    {Cause::refused, "refused"},
    {Cause::failed, "failed"},
    {Cause::gave_up, "gave_up"},
    {Cause::unread, "unread"},
}};

}   // namespace

std::string_view to_string(Cause cause) noexcept {
    for (const auto& [value, name] : causes) {
        if (value == cause) {
            return name;
        }
    }
    return "first";
}

bool Trail::has_tried(const core::RouteTarget& target) const {
    return std::any_of(tried.begin(), tried.end(), [&](const core::RouteTarget& one) {
        return one.connection == target.connection && one.with == target.with;
    });
}

std::string write(const Trail& trail) {
    json::Value value = json::Value::object();
    value.set("cause", to_string(trail.cause))
        .set("route", trail.route)
        .set("position", static_cast<std::int64_t>(trail.position));
    json::Value tried = json::Value::array();
    for (const auto& target : trail.tried) {
        json::Value one = json::Value::object();
        one.set("connection", target.connection.value).set("with", target.with);
        tried.push(std::move(one));
    }
    if (!tried.items().empty()) {
        value.set("tried", std::move(tried));
    }
    if (trail.asked) {
        value.set("asked", true);
    }
    if (trail.paper_only) {
        value.set("paperOnly", true);
    }
    if (trail.expires_at) {
        value.set("expiresAt", core::to_rfc3339(*trail.expires_at));
    }
    return json::write(value);
}

Trail read_trail(std::string_view text) {
    Trail trail;
    if (text.empty()) {
        return trail;
    }
    const auto value = json::parse(text);
    if (!value) {
        return trail;
    }
    for (const auto& [cause, name] : causes) {
        if ((*value)["cause"].as_string() == name) {
            trail.cause = cause;
        }
    }
    trail.route = (*value)["route"].as_string();
    trail.position =
        static_cast<std::size_t>(std::max<std::int64_t>(0, (*value)["position"].as_int()));
    for (const auto& one : (*value)["tried"].items()) {
        core::RouteTarget target;
        target.connection = core::ConnectionId(one["connection"].as_string());
        target.with = one["with"].as_string();
        trail.tried.push_back(std::move(target));
    }
    trail.asked = (*value)["asked"].as_bool();
    trail.paper_only = (*value)["paperOnly"].as_bool();
    if (const auto expires = core::parse_rfc3339((*value)["expiresAt"].as_string())) {
        trail.expires_at = *expires;
    }
    return trail;
}

}   // namespace gateway::route
