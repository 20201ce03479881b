#include "gateway/runtime/executor.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <sched.h>

using namespace gateway;

TEST_CASE("executor: a thread may ask to wait for its turn when it is woken, and no other does") {
    boost::asio::io_context io;
    const auto policy_after = [&io](bool in_turn) {
        const auto executor = runtime::make_thread_executor(1, "test");
        return tests::run(io, executor->run([in_turn] {
            if (in_turn) {
                runtime::wake_in_turn();
            }
            return ::sched_getscheduler(0);
        }));
    };
    CHECK(policy_after(true) == SCHED_BATCH);
    CHECK(policy_after(false) == SCHED_OTHER);
}
