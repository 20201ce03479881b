#pragma once

// A coroutine that waits for what another thread does, and how it goes on.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace gateway::runtime {

/// Made of the handler that an initiation is given. Resumed at most once, from any thread, on its
/// own executor, which is kept alive until then.
class Waiter {
public:
    template <class Handler>
    explicit Waiter(Handler handler)
        : suspended_(std::make_unique<Suspended<Handler>>(std::move(handler))) {}

    /// Goes on later, never inside this call.
    void resume() &&;
    /// All of them, in few hand-overs to their loop: each wakes a thread, which costs more than
    /// most have left to do.
    static void resume_all(std::vector<Waiter> waiters);

private:
    struct Base {
        explicit Base(boost::asio::any_io_executor where)
            : executor(std::move(where)), guard(executor) {}
        virtual ~Base() = default;
        virtual void go_on() = 0;

        boost::asio::any_io_executor executor;
        boost::asio::executor_work_guard<boost::asio::any_io_executor> guard;
    };

    template <class Handler>
    struct Suspended final : Base {
        explicit Suspended(Handler&& waiting)
            : Base(boost::asio::get_associated_executor(waiting)), handler(std::move(waiting)) {}
        void go_on() override { std::move(handler)(); }

        Handler handler;
    };

    struct OfLoop;
    static void hand_over(std::vector<Waiter> waiters);
    static void go_on(std::unique_ptr<Base> suspended);

    std::unique_ptr<Base> suspended_;
};

}   // namespace gateway::runtime
