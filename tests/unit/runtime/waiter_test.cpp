#include "gateway/runtime/waiter.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <catch2/catch.hpp>

#include <vector>

using namespace gateway;
namespace asio = boost::asio;

TEST_CASE("waiter: those of two loops who take turns go on in one hand-over to each, in order") {
    asio::io_context first;
    asio::io_context second;
    std::vector<int> ran;
    std::vector<runtime::Waiter> waiters;
    for (int i = 0; i < 8; ++i) {
        auto& loop = i % 2 == 0 ? first : second;
        waiters.emplace_back(
            asio::bind_executor(loop.get_executor(), [&ran, i] { ran.push_back(i); }));
    }
    runtime::Waiter::resume_all(std::move(waiters));
    CHECK(ran.empty());   // never inside the call
    CHECK(first.run_one() == 1);
    CHECK(ran == std::vector<int>{0, 2, 4, 6});
    CHECK(second.run_one() == 1);
    CHECK(ran == std::vector<int>{0, 2, 4, 6, 1, 3, 5, 7});
}

TEST_CASE("waiter: those of strands of one loop go on too, and of more loops than are gathered") {
    asio::io_context loop;
    std::vector<std::unique_ptr<asio::io_context>> others;
    int ran = 0;
    std::vector<runtime::Waiter> waiters;
    for (int i = 0; i < 20; ++i) {
        others.push_back(std::make_unique<asio::io_context>());
        const asio::any_io_executor inner(loop.get_executor());
        waiters.emplace_back(asio::bind_executor(asio::make_strand(inner), [&ran] { ++ran; }));
        waiters.emplace_back(asio::bind_executor(others.back()->get_executor(), [&ran] { ++ran; }));
    }
    runtime::Waiter::resume_all(std::move(waiters));
    loop.run();
    for (const auto& other : others) {
        other->run();
    }
    CHECK(ran == 40);
}
