#include "gateway/doctor/within.hpp"

namespace gateway::doctor {

namespace asio = boost::asio;

namespace detail {

sdk::Task<core::Result<void>> hear(Bell& bell) {
    boost::system::error_code error;
    co_await bell.async_receive(asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        throw boost::system::system_error(error);
    }
    co_return core::Result<void>();
}

sdk::Task<void> ring_after(std::shared_ptr<Bell> bell, sdk::Task<void> task) {
    co_await std::move(task);
    bell->try_send(boost::system::error_code());
}

}   // namespace detail

sdk::Task<void> side_by_side(Bench bench, sdk::Deadline deadline,
                             std::vector<sdk::Task<void>> tasks) {
    auto executor = co_await asio::this_coro::executor;
    auto bell = std::make_shared<detail::Bell>(executor, tasks.size());
    std::size_t running = 0;
    for (auto& task : tasks) {
        auto ringing = detail::ring_after(bell, std::move(task));
        running += bench.group.spawn_on(executor, std::move(ringing)) ? 1U : 0U;
    }
    for (; running > 0; --running) {
        auto hearing = detail::hear(*bell);
        const auto heard =
            co_await runtime::with_deadline(bench.clock, deadline, std::move(hearing));
        if (!heard) {
            co_return;
        }
    }
}

}   // namespace gateway::doctor
