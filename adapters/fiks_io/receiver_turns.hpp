#pragma once

// Order where it matters: what has the same key is kept one after the other, as it came; everything
// else at once.

#include "adapters/fiks_io/amqp/amqp_bell.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>

namespace gateway::fiks_io {

/// One strand; outlives its turns.
class Turns {
public:
    /// A place in the row of its key, as long as it lives.
    class Turn {
    public:
        Turn(Turns& owner, std::string key, const boost::asio::any_io_executor& executor);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        /// Until it is the first of its row.
        sdk::Task<void> wait();

    private:
        friend class Turns;
        Turns& owner_;
        std::string key_;
        amqp::Bell bell_;
    };

    std::size_t rows() const { return rows_.size(); }

private:
    std::map<std::string, std::deque<Turn*>> rows_;
};

}   // namespace gateway::fiks_io
