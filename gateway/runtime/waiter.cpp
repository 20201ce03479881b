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
// Whose waiters are gathered at a time.
constexpr std::size_t loops_max = 8;

/// What runs a strand's handlers, or the executor itself when it is no strand.
asio::any_io_executor loop_of(const asio::any_io_executor& executor) {
    const auto* const strand = executor.target<asio::strand<asio::any_io_executor>>();
    return strand == nullptr ? executor : strand->get_inner_executor();
}

}   // namespace

struct Waiter::OfLoop {
    asio::any_io_executor loop;
    std::vector<Waiter> waiters;

    explicit OfLoop(asio::any_io_executor where) : loop(std::move(where)) {}
};

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
    const auto loop = loop_of(waiters.front().suspended_->executor);
    for (auto& waiter : waiters) {
        const auto executor = waiter.suspended_->executor;
        if (executor == loop) {
            go_on(std::move(waiter.suspended_));
            continue;
        }
        asio::dispatch(executor, [suspended = std::move(waiter.suspended_)]() mutable {
            go_on(std::move(suspended));
        });
    }
}

void Waiter::resume_all(std::vector<Waiter> waiters) {
    const auto most = std::clamp(waiters.size() / 2, together_min, together_max);
    std::vector<OfLoop> gathered;
    const auto hand = [](OfLoop& those) {
        asio::post(those.loop, [waiting = std::move(those.waiters)]() mutable {
            hand_over(std::move(waiting));
        });
    };
    for (auto& waiter : waiters) {
        auto loop = loop_of(waiter.suspended_->executor);
        auto of_loop = std::find_if(gathered.begin(), gathered.end(),
                                    [&loop](const auto& one) { return one.loop == loop; });
        if (of_loop == gathered.end()) {
            if (gathered.size() == loops_max) {
                hand(gathered.front());
                gathered.erase(gathered.begin());
            }
            of_loop = gathered.emplace(gathered.end(), std::move(loop));
            of_loop->waiters.reserve(most);
        }
        of_loop->waiters.push_back(std::move(waiter));
        if (of_loop->waiters.size() == most) {
            hand(*of_loop);
            gathered.erase(of_loop);
        }
    }
    for (auto& those : gathered) {
        hand(those);
    }
}

}   // namespace gateway::runtime
