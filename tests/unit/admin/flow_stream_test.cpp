#include "gateway/admin/flow_watch.hpp"
#include "tests/unit/admin/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <array>

// The flow as it is told to those who watch it.

using namespace tests::admin;
using namespace std::chrono_literals;

namespace {

const std::string flow_stream = "/admin/v1/flow?tenant=310001007";

class FlowWatcher {
public:
    explicit FlowWatcher(World& world, const std::string& target = flow_stream)
        : world_(world),
          response_(world.call({.target = target, .headers = {{"Accept", "text/event-stream"}}})) {
        REQUIRE(response_.status == 200);
        REQUIRE(response_.stream);
        CHECK(response_.flush_each_read);
    }

    /// What is told next, whole.
    std::string read() {
        std::string text;
        do {
            const auto size = run(world_.io, response_.stream->read(block_)).value();
            if (size == 0) {
                break;
            }
            text.append(block_.data(), size);
        } while (!text.ends_with("\n\n"));
        return text;
    }
    json::Value flow() {
        const auto text = read();
        const std::string head = "event: flow\ndata: ";
        REQUIRE(text.starts_with(head));
        return json::parse(text.substr(head.size())).value();
    }

private:
    World& world_;
    http::Response response_;
    std::array<char, 16384> block_{};
};

/// The store tells of commits, as it does in the program.
void tell_news(World& world) {
    world.store->on_events([&world] { world.news.notify(); });
}

std::int64_t waiting_in(const json::Value& flow) {
    std::int64_t sum = 0;
    for (const auto& way : flow["ways"].items()) {
        sum += way["waiting"].as_int();
    }
    return sum;
}

}   // namespace

TEST_CASE("flow: it is told as it is, then within a second of a commit, to all who watch") {
    World world;
    tell_news(world);
    world.accept_letter("A-1");
    FlowWatcher one(world);
    FlowWatcher other(world);
    const auto first = one.flow();
    CHECK(waiting_in(first) == 1);
    world.clock.advance(100ms);
    CHECK(other.flow() == first);   // looked up once for both
    for (int i = 0; i < 5; ++i) {
        world.accept_letter("B-" + std::to_string(i));
    }
    world.clock.advance(gateway::admin::FlowWatch::pace);
    const auto second = one.flow();   // of five commits, once
    CHECK(waiting_in(second) == 6);
    CHECK(other.flow() == second);
    world.api->begin_drain();
    CHECK(one.read().empty());
}

TEST_CASE(
    "flow: who is cut off while it waits for its look leaves the others theirs, wherever it was "
    "cut") {
    using gateway::admin::FlowWatch;
    using Answer = gateway::core::Result<FlowWatch::Told>;
    namespace asio = boost::asio;
    World world;
    world.accept_letter("A-1");
    const auto parts = world.parts();
    const gateway::core::TenantId tenant("310001007");
    bool ended = false;
    for (int steps = 0; !ended; ++steps) {
        FlowWatch watch(parts);
        REQUIRE(run(world.io, watch.look(tenant, 0)).has_value());
        world.news.notify();
        asio::cancellation_signal cut;
        asio::co_spawn(
            world.io, watch.look(tenant, 1),
            asio::bind_cancellation_slot(
                cut.slot(), [&](const std::exception_ptr&, const Answer&) { ended = true; }));
        world.io.restart();
        world.io.poll();
        world.clock.advance(FlowWatch::pace);
        for (int step = 0; step < steps && !ended; ++step) {
            world.io.poll_one();
        }
        REQUIRE(steps < 1000);
        const bool whole = ended;
        cut.emit(asio::cancellation_type::terminal);
        REQUIRE(run_until(
            world.io, world.clock, [&] { return ended; }, 5s));
        std::optional<Answer> told;
        asio::co_spawn(world.io, watch.look(tenant, 1),
                       [&](const std::exception_ptr&, Answer answer) { told = std::move(answer); });
        CAPTURE(steps);
        REQUIRE(run_until(
            world.io, world.clock, [&] { return told.has_value(); }, 5s));
        CHECK(told->has_value());
        ended = whole;
    }
}

TEST_CASE("flow: another municipality's traffic ends nobody's watch, and costs a look each 0.8 s") {
    World world;
    tell_news(world);
    FlowWatcher watcher(world);
    CHECK(waiting_in(watcher.flow()) == 0);
    for (int i = 0; i < 30; ++i) {
        world.accept_letter("B-" + std::to_string(i), World::second);
        world.clock.advance(gateway::admin::FlowWatch::pace);
    }
    CHECK(watcher.read() == "event: alive\ndata: {}\n\n");
    world.accept_letter("A-1");
    world.clock.advance(gateway::admin::FlowWatch::pace);
    CHECK(waiting_in(watcher.flow()) == 1);
}

TEST_CASE("flow: a watcher hears nothing of another municipality, but that the line is alive") {
    World world;
    tell_news(world);
    FlowWatcher watcher(world);
    CHECK(waiting_in(watcher.flow()) == 0);
    world.accept_letter("B-1", World::second);
    world.clock.advance(20s);
    CHECK(watcher.read() == "event: alive\ndata: {}\n\n");
    world.clock.advance(60s);   // rates fall, so it is told all the same
    CHECK(waiting_in(watcher.flow()) == 0);
    CHECK(world.get("/admin/v1/flow?tenant=958935420").status == 404);
    CHECK(world.get(flow_stream + "&limit=1").status == 400);
}

TEST_CASE("flow: a way says its route, its component, its breaker, and how much goes an hour") {
    World world;
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId("altinn-test");
    connection.adapter = "altinn";
    world.configuration->connections.emplace(connection.id, connection);
    core::RouteConfig route;
    route.id = "brev";
    route.type = "letter/v1";
    route.use.emplace_back();
    route.use.back().connection = connection.id;
    world.configuration->tenants.at(core::TenantId(World::first)).routes = {route};
    world.end_in(world.accept_letter("A-1"), core::DeliveryState::sent);
    world.end_in(world.accept_letter("A-2"), core::DeliveryState::failed);
    const auto flow = World::json(world.get("/admin/v1/flow?tenant=310001007"));
    REQUIRE(flow["ways"].items().size() == 1);
    const auto& way = flow["ways"].items().front();
    REQUIRE(way["routes"].items().size() == 1);
    CHECK(way["routes"].items().front().as_string() == "brev");
    CHECK(way["adapter"].as_string() == "altinn");
    CHECK(way["circuit"].as_string() == "closed");
    CHECK(way["sent"].as_int() == 1);
    CHECK(way["failed"].as_int() == 1);
    CHECK(way["anHour"]["accepted"].as_int() == 2);
    CHECK(way["anHour"]["handedOver"].as_int() == 1);
    world.clock.advance(3h);
    const auto later = World::json(world.get("/admin/v1/flow?tenant=310001007"));
    CHECK(later["ways"].items().front()["anHour"]["accepted"].as_int() == 0);
    CHECK(later["ways"].items().front()["sent"].as_int() == 1);
}

TEST_CASE("flow: what was sent is counted however much it is, and what is behind it is found") {
    World world;
    for (int i = 0; i < 203; ++i) {
        world.end_in(world.accept_letter("S-" + std::to_string(i)), core::DeliveryState::sent);
    }
    const auto flow = World::json(world.get("/admin/v1/flow?tenant=310001007"));
    CHECK(flow["ways"].items().front()["sent"].as_int() == 203);
    CHECK(flow["more"].items().empty());
    const std::string messages = "/admin/v1/messages?tenant=310001007&limit=1&state=sent&system=";
    CHECK(World::json(world.get(messages + "byggesak"))["items"].items().size() == 1);
    CHECK(World::json(world.get(messages + "oppvekst"))["items"].items().empty());
    CHECK(world.get(messages).status == 400);
}
