#include "adapters/common/standin/maskinporten_tokens.hpp"

#include "adapters/common/standin/skewed_clock.hpp"
#include "gateway/runtime/clock.hpp"
#include "tests/contract/standins/child.hpp"
#include "tests/contract/standins/grants.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <optional>

namespace gateway::tests::standins {

namespace asio = boost::asio;
using json::Value;

TEST_CASE("stand-ins: who is cut off while Maskinporten is asked leaves the others their turn, "
          "wherever it was cut") {
    TemporaryFolder folder;
    Child maskinporten("maskinporten", folder.path());
    const std::string token = Grants(maskinporten).access_token();
    const auto clock = runtime::make_system_clock();
    const auto now = standin::seconds(clock->now());
    int steps = 0;
    for (bool whole = false; !whole; ++steps) {
        standin::MaskinportenTokens tokens(maskinporten.url(), "", *clock);
        asio::io_context loop;
        asio::cancellation_signal cut;
        asio::co_spawn(
            loop, tokens.verify(token, now),
            asio::bind_cancellation_slot(
                cut.slot(), [&](const std::exception_ptr&, const auto&) { whole = true; }));
        for (int step = 0; step < steps && !whole; ++step) {
            loop.run_one();
        }
        const bool before = whole;
        cut.emit(asio::cancellation_type::terminal);
        std::optional<Value> claims;
        asio::co_spawn(loop, tokens.verify(token, now),
                       [&](const std::exception_ptr&, auto found) { claims = std::move(found); });
        loop.restart();   // it may have run dry
        loop.run_for(std::chrono::seconds(20));
        CAPTURE(steps);
        REQUIRE(claims.has_value());
        whole = before;
    }
    CHECK(steps > 5);   // two answers are fetched: it was cut in the midst of it, too
}

}   // namespace gateway::tests::standins
