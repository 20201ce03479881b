#include "gateway/exchanges/recorder.hpp"
#include "world.hpp"

#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>

namespace {

using namespace tests;
using namespace std::chrono_literals;
using core::DeliveryState;
using core::Work;
using sdk::Outcome;
using sdk::Verdict;

/// What an adapter that speaks once with its component does to the recorder of its call.
sdk::Task<void> speak(std::string url) {
    const auto tag = gateway::runtime::tag_of(co_await boost::asio::this_coro::executor);
    auto* recorder = dynamic_cast<gateway::exchanges::Recorder*>(tag.get());
    if (recorder != nullptr) {
        gateway::json::Value exchange = gateway::json::Value::object();
        exchange.set("url", url);
        recorder->add(std::move(exchange));
    }
}

sdk::Task<Outcome> accepted_after_speaking(const core::Delivery& delivery, sdk::Progress&) {
    co_await speak("/" + delivery.id.to_string());
    co_return Outcome(Verdict::accepted);
}

sdk::Task<Outcome> refused_after_speaking(const core::Delivery&, sdk::Progress&) {
    co_await speak("/refused");
    co_return Outcome(Verdict::rejected, core::Code("upstream.rejected"));
}

std::vector<ports::StoredExchanges> kept(World& world, core::MessageId message) {
    return run(world.io, world.store->exchanges(oslo, message, 1)).value();
}

std::string opened(World& world, core::MessageId message, const ports::StoredExchanges& one) {
    const auto owner = message.to_bytes();
    const auto key = world.vaults.find(oslo)->unwrap(world.view(message).wrapped_key, owner);
    return key.value().open("exchanges", owner, one.sealed).value();
}

}   // namespace

TEST_CASE(
    "exchanges: each attempt keeps what passed in it, sealed with its own message's key, also "
    "when several share a connection") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->on_send = accepted_after_speaking;
    world.start();
    const auto first = world.accept();
    const auto second = world.accept();
    REQUIRE(world.reaches(first, DeliveryState::sent, 1min));
    REQUIRE(world.reaches(second, DeliveryState::sent, 1min));
    for (const auto& message : {first, second}) {
        const auto found = kept(world, message);
        REQUIRE(found.size() == 1);
        CHECK(found[0].work == Work::send);
        CHECK(found[0].delivery == world.row(message).id);
        CHECK(opened(world, message, found[0]) ==
              R"({"exchanges":[{"url":"/)" + world.row(message).id.to_string() + R"("}]})");
        CHECK(found[0].sealed.find("url") == std::string::npos);
    }
}

TEST_CASE("exchanges: what passed in an attempt that was refused is kept with the refusal") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->on_send = refused_after_speaking;
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::failed, 1min));
    const auto found = kept(world, letter);
    REQUIRE(found.size() == 1);
    CHECK(opened(world, letter, found[0]) == R"({"exchanges":[{"url":"/refused"}]})");
}

TEST_CASE("exchanges: an attempt in which nothing passed keeps nothing") {
    World world;
    world.connect("altinn");
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::sent, 1min));
    CHECK(kept(world, letter).empty());
}
