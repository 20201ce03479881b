#include "gateway/runtime/tagged_executor.hpp"

#include "gateway/runtime/run_on.hpp"
#include "gateway/runtime/single_flight.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/strand.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace gateway;
namespace asio = boost::asio;

namespace {

struct Name final : runtime::Tag {
    explicit Name(std::string text) : name(std::move(text)) {}
    std::string name;
};

sdk::Task<std::string> whose_call() {
    const auto tag = runtime::tag_of(co_await asio::this_coro::executor);
    const auto* name = dynamic_cast<const Name*>(tag.get());
    co_return name == nullptr ? std::string("nobody") : name->name;
}

sdk::Task<core::Result<std::string>> whose_call_bounded() {
    auto name = co_await whose_call();
    co_return name;
}

sdk::Task<std::string> after_a_wait(sdk::Clock& clock) {
    const sdk::Deadline latest = clock.in(std::chrono::hours(1));
    auto asked = whose_call_bounded();
    auto name = co_await runtime::with_deadline(clock, latest, std::move(asked));
    asio::post(co_await asio::this_coro::executor, [] {});
    co_return name.has_value() ? *name : std::string("failed");
}

sdk::Task<std::string> by_one_flight(runtime::SingleFlight<std::string>& flight,
                                     sdk::Clock& clock) {
    const sdk::Deadline latest = clock.in(std::chrono::hours(1));
    auto fetch = whose_call();
    const auto name = co_await flight.join(latest, std::move(fetch));
    co_return name.has_value() ? *name : std::string("failed");
}

template <class Executor>
sdk::Task<std::string> across(Executor there, sdk::Clock& clock) {
    co_return co_await runtime::run_on(there, after_a_wait(clock));
}

}   // namespace

TEST_CASE("tagged executor: what belongs to a call is found wherever the call goes, by its own "
          "coroutines alone") {
    asio::io_context io;
    tests::ManualClock clock;
    const auto strand = asio::make_strand(asio::any_io_executor(io.get_executor()));
    const runtime::TaggedExecutor first(strand, std::make_shared<Name>("first"));
    const runtime::TaggedExecutor second(strand, std::make_shared<Name>("second"));
    CHECK(tests::run(io, across(first, clock)) == "first");
    CHECK(tests::run(io, across(second, clock)) == "second");
    CHECK(tests::run(io, across(strand, clock)) == "nobody");
    CHECK(first == runtime::TaggedExecutor(strand, first.tag()));
    CHECK(first != second);
}

TEST_CASE("tagged executor: a fetch for many belongs to the call that began it, not to the first "
          "there ever was") {
    asio::io_context io;
    tests::ManualClock clock;
    runtime::SingleFlight<std::string> flight(clock);
    const auto strand = asio::make_strand(asio::any_io_executor(io.get_executor()));
    for (const auto* caller : {"first", "second"}) {
        const runtime::TaggedExecutor there(strand, std::make_shared<Name>(caller));
        CHECK(tests::run(io, runtime::run_on(there, by_one_flight(flight, clock))) == caller);
    }
    CHECK(tests::run(io, runtime::run_on(strand, by_one_flight(flight, clock))) == "nobody");
}

TEST_CASE("tagged executor: two tags on one strand never run at once") {
    asio::io_context io;
    const auto strand = asio::make_strand(asio::any_io_executor(io.get_executor()));
    const asio::any_io_executor first =
        runtime::TaggedExecutor(strand, std::make_shared<Name>("first"));
    const asio::any_io_executor second =
        runtime::TaggedExecutor(strand, std::make_shared<Name>("second"));
    std::vector<int> order;
    asio::post(first, [&] {
        asio::post(second, [&] { order.push_back(2); });
        asio::post(first, [&] { order.push_back(3); });
        order.push_back(1);
    });
    io.run();
    CHECK(order == std::vector<int>{1, 2, 3});
}
