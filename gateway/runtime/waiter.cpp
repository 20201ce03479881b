#include "gateway/runtime/waiter.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>

namespace gateway::runtime {
namespace {

namespace asio = boost::asio;

// Of one hand-over: many enough that its cost is nothing to each, few enough that several threads
// of a loop have some.
constexpr std::size_t together_min = 4;
constexpr std::size_t together_max = 16;

/// What runs a strand's handlers, or the executor itself when it is no strand.
asio::any_io_executor loop_of(const asio::any_io_executor& executor) {
    const auto* const strand = executor.target<asio::strand<asio::any_io_executor>>();
    return strand == nullptr ? executor : strand->get_inner_executor();
}

}   // namespace

void Waiter::go_on(std::unique_ptr<Base> suspended) {
    suspended->go_on();
}

void Waiter::resume() && {
    const auto executor = suspended_->executor;
    asio::post(executor,
               [suspended = std::move(suspended_)]() mutable { go_on(std::move(suspended)); });
}

/// Waiters of one loop, already on one of its threads.
void Waiter::hand_over(std::vector<Waiter> waiters) {
    for (auto& waiter : waiters) {
        const auto executor = waiter.suspended_->executor;
        asio::dispatch(executor, [suspended = std::move(waiter.suspended_)]() mutable {
            go_on(std::move(suspended));
        });
    }
}

void Waiter::resume_all(std::vector<Waiter> waiters) {
    const auto most = std::clamp(waiters.size() / 2, together_min, together_max);
    std::vector<Waiter> together;
    asio::any_io_executor loop;
    const auto hand = [&together, &loop] {
        if (!together.empty()) {
            asio::post(loop, [those = std::exchange(together, {})]() mutable {
                hand_over(std::move(those));
            });
        }
    };
    for (auto& waiter : waiters) {
        auto of_waiter = loop_of(waiter.suspended_->executor);
        if (of_waiter != loop || together.size() == most) {
            hand();
            loop = std::move(of_waiter);
        }
        together.push_back(std::move(waiter));
    }
    hand();
}

}   // namespace gateway::runtime
