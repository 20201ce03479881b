#pragma once

#include "gateway/sdk/task.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace gateway::fiks_io::amqp {

/// "Look again", for one who waits: a ring before the wait is not lost. One strand.
class Bell {
public:
    explicit Bell(const boost::asio::any_io_executor& executor) : channel_(executor, 1) {}
    void ring() { channel_.try_send(boost::system::error_code()); }
    sdk::Task<void> wait() {
        boost::system::error_code error;
        co_await channel_.async_receive(
            boost::asio::redirect_error(boost::asio::use_awaitable, error));
        if (error) {
            throw boost::system::system_error(boost::asio::error::operation_aborted);
        }
    }

private:
    boost::asio::experimental::channel<void(boost::system::error_code)> channel_;
};

}   // namespace gateway::fiks_io::amqp
