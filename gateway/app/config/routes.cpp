#include "gateway/app/config/sources.hpp"

// [[route]] of a tenant's file as the steps read it.

namespace gateway::app {
namespace {

/// "case/system" -> "/case/system", each part escaped.
std::string pointer_of(std::string_view path) {
    std::string pointer;
    while (true) {
        const std::size_t end = path.find('/');
        pointer += json::pointer_token(path.substr(0, end));
        if (end == std::string_view::npos) {
            return pointer;
        }
        path.remove_prefix(end + 1);
    }
}

void take(const json::Value& table, std::string_view name, std::optional<bool>& target) {
    if (const json::Value* value = table.find(name)) {
        target = value->as_bool();
    }
}

void take(const json::Value& table, std::string_view name, std::optional<std::uint64_t>& target) {
    if (const json::Value* value = table.find(name)) {
        target = static_cast<std::uint64_t>(value->as_int());
    }
}

void take(const json::Value& table, std::string_view name, std::vector<std::string>& target) {
    for (const json::Value& item : table[name].items()) {
        target.push_back(item.as_string());
    }
}

}   // namespace

core::RouteCondition condition_of(const json::Value& table) {
    core::RouteCondition condition;
    if (const json::Value* recipient = table.find("recipient")) {
        condition.recipient = recipient->as_string();
    }
    take(table, "mailbox", condition.mailbox);
    take(table, "reserved", condition.reserved);
    take(table, "can_notify", condition.can_notify);
    take(table, "status", condition.status);
    take(table, "kind", condition.kind);
    take(table, "must_be", condition.must_be);
    take(table, "confidentiality", condition.confidentiality);
    take(table, "health", condition.health);
    take(table, "child", condition.child);
    take(table, "graded_address", condition.graded_address);
    take(table, "open_receipt", condition.open_receipt);
    take(table, "has_address", condition.has_address);
    take(table, "abroad", condition.abroad);
    take(table, "country", condition.country);
    take(table, "bytes_min", condition.bytes_min);
    take(table, "bytes_max", condition.bytes_max);
    take(table, "documents_min", condition.documents_min);
    take(table, "documents_max", condition.documents_max);
    return condition;
}

core::Channel channel_of_target(const json::Value& target, const Sources& sources,
                                const LoadOptions& options) {
    const auto source = sources.connections.find(target["connection"].as_string());
    const auto* adapter =
        source == sources.connections.end()
            ? nullptr
            : options.find_adapter((*source->second.value)["adapter"].as_string());
    if (adapter == nullptr) {
        return core::Channel::digital;
    }
    const json::Value* with = target.find("with");
    return sdk::channel_of(*adapter, with == nullptr ? json::Value::object() : *with);
}

core::RouteConfig route_of(const json::Value& value, const std::string& otherwise,
                           const Sources& sources, const LoadOptions& options) {
    core::RouteConfig route;
    route.id = value.has("id") ? value["id"].as_string() : otherwise;
    route.type = value["type"].as_string();
    for (const auto& [path, expected] : value["when"].members()) {
        route.when[pointer_of(path)] = json::write(expected);
    }
    for (const json::Value& item : value["use"].items()) {
        core::RouteTarget target;
        target.connection = core::ConnectionId(item["connection"].as_string());
        if (const json::Value* with = item.find("with")) {
            target.with = json::write_canonical(*with);
        }
        target.channel = channel_of_target(item, sources, options);
        target.condition = condition_of(item["if"]);
        if (const json::Value* hours = item.find("give_up_hours")) {
            target.give_up = std::chrono::hours(hours->as_int());
        }
        route.use.push_back(std::move(target));
    }
    return route;
}

core::InboxRouteConfig inbox_route_of(const json::Value& value, const std::string& otherwise) {
    core::InboxRouteConfig route;
    route.id = value.has("id") ? value["id"].as_string() : otherwise;
    route.type = value["type"].as_string();
    route.adapter = value["adapter"].as_string();
    if (const json::Value* connection = value.find("connection")) {
        route.connection = core::ConnectionId(connection->as_string());
    }
    route.account = value["account"].as_string();
    route.resource = value["resource"].as_string();
    route.app = value["app"].as_string();
    route.message_type = value["message_type"].as_string();
    route.sender = value["sender"].as_string();
    for (const auto& [path, expected] : value["when"].members()) {
        route.when[pointer_of(path)] = json::write(expected);
    }
    for (const json::Value& system : value["to"].items()) {
        route.to.emplace_back(system.as_string());
    }
    return route;
}

}   // namespace gateway::app
