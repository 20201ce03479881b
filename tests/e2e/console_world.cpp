// The real operators' API with its console on a port of loopback, over a store in memory: for
// console_test.py. Reads one JSON object on standard input, {"accounts":[{"name","role","tenant"}],
// "texts":[...]}: a message is accepted for each text, which stands in all that people may write.
// Says {"url","accounts":[...],"messages":[...]} on standard output, and serves until it is killed.

#include "gateway/http/server.hpp"
#include "tests/unit/admin/world.hpp"

#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace gateway;
using tests::admin::World;

namespace {

core::MessageId accept(World& world, const std::string& text) {
    const core::TenantId tenant{World::first};
    const auto vault = world.vaults.find(tenant);
    ports::AcceptCommand command;
    command.tenant = tenant;
    command.system = core::SystemId("byggesak");
    command.message = world.ids->next<core::MessageId>();
    command.type = "letter/v1";
    command.at = world.clock.now();
    const auto owner = command.message.to_bytes();
    const auto key = vault->new_key(*world.ids, owner);
    json::Value of_case = json::Value::object();
    of_case.set("id", text);
    json::Value document = json::Value::object();
    document.set("name", text).set("sha256", std::string(64, '0')).set("size", 3);
    json::Value documents = json::Value::array();
    documents.push(std::move(document));
    json::Value content = json::Value::object();
    content.set("reference", text).set("title", text).set("case", std::move(of_case));
    content.set("serviceArea", text).set("documents", std::move(documents));
    command.sealed_content = key.key.seal(*world.ids, "content", owner, json::write(content));
    command.wrapped_key = key.wrapped;
    command.delivery.id = world.ids->next<core::DeliveryId>();
    command.delivery.upstream_key = command.delivery.id.to_string();
    command.delivery.connection = core::ConnectionId("altinn-test");
    command.delivery.due = world.clock.now() + std::chrono::hours(24);
    ports::NewEvent event;
    event.id = world.ids->next<core::EventId>();
    event.at = world.clock.now();
    event.name = "accepted";
    event.code = "accepted";
    command.events.push_back(event);
    const auto id = command.message;
    tests::run(world.io, world.store->accept(std::move(command))).value();
    return id;
}

/// The clock turned by hand goes as that on the wall.
void let_time_go(World& world, boost::asio::steady_timer& timer) {
    constexpr std::chrono::milliseconds beat{50};
    timer.expires_after(beat);
    timer.async_wait([&](const auto&) {
        const auto behind =
            std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now()) -
            world.clock.now();
        if (behind > core::Duration(0)) {
            world.clock.advance(behind);
        }
        let_time_go(world, timer);
    });
}

}   // namespace

TEST_CASE("console: a world to look at serves until it is killed") {
    std::string line;
    std::getline(std::cin, line);
    const auto asked = json::parse(line).value();
    World world;
    world.clock.advance(
        std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now()) -
        world.clock.now());
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId("altinn-test");
    connection.adapter = "altinn";
    connection.environment = "tt02";
    connection.tenants.insert(core::TenantId(World::first));
    world.configuration->connections.emplace(connection.id, connection);
    json::Value accounts = json::Value::array();
    for (const auto& account : asked["accounts"].items()) {
        json::Value role = json::Value::object();
        role.set("role", account["role"]).set("tenant", account["tenant"]);
        json::Value roles = json::Value::array();
        roles.push(std::move(role));
        json::Value body = json::Value::object();
        body.set("name", account["name"]).set("roles", std::move(roles)).set("why", "test");
        accounts.push(World::json(world.post("/admin/v1/accounts", json::write(body))));
    }
    json::Value messages = json::Value::array();
    for (const auto& text : asked["texts"].items()) {
        messages.push(accept(world, text.as_string()).to_string());
    }
    http::Server server(world.io.get_executor(), world.clock, http::ServerOptions(), *world.api);
    server.start().value();
    json::Value facts = json::Value::object();
    facts.set("url", server.url())
        .set("accounts", std::move(accounts))
        .set("messages", std::move(messages));
    std::cout << json::write(facts) << std::endl;
    boost::asio::steady_timer timer(world.io);
    let_time_go(world, timer);
    world.io.restart();
    world.io.run();
}
