#include "gateway/dispatch/wakeup.hpp"

#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/channel_error.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace gateway::dispatch {

struct Wakeup::Bell {
    explicit Bell(boost::asio::any_io_executor executor) : channel(std::move(executor), 1) {}
    boost::asio::experimental::concurrent_channel<void(boost::system::error_code)> channel;
};

namespace {

template <class Channel>
sdk::Task<sdk::Result<bool>> heard(Channel& channel) {
    try {
        co_await channel.async_receive(boost::asio::use_awaitable);
    } catch (const boost::system::system_error& error) {
        // A channel has a word of its own for being cancelled; the rest of the program knows one.
        if (error.code() == boost::asio::experimental::error::channel_cancelled) {
            throw boost::system::system_error(boost::asio::error::operation_aborted);
        }
        throw;
    }
    co_return true;
}

}   // namespace

Wakeup::Wakeup(boost::asio::any_io_executor executor)
    : bell_(std::make_shared<Bell>(std::move(executor))) {}

Wakeup::~Wakeup() = default;

void Wakeup::ring() {
    bell_->channel.try_send(boost::system::error_code{});
}

sdk::Task<void> Wakeup::wait(sdk::Clock& clock, core::SteadyTime latest) {
    const auto bell = bell_;
    const sdk::Deadline deadline(latest);
    co_await runtime::with_deadline(clock, deadline, heard(bell->channel));
}

std::function<void()> Wakeup::hint() const {
    return [bell = std::weak_ptr<Bell>(bell_)] {
        if (const auto alive = bell.lock()) {
            alive->channel.try_send(boost::system::error_code{});
        }
    };
}

}   // namespace gateway::dispatch
