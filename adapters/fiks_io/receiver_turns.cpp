#include "adapters/fiks_io/receiver_turns.hpp"

#include <algorithm>
#include <utility>

namespace gateway::fiks_io {

Turns::Turn::Turn(Turns& owner, std::string key, const boost::asio::any_io_executor& executor)
    : owner_(owner), key_(std::move(key)), bell_(executor) {
    owner_.rows_[key_].push_back(this);
}

Turns::Turn::~Turn() {
    const auto row = owner_.rows_.find(key_);
    auto& waiting = row->second;
    waiting.erase(std::find(waiting.begin(), waiting.end(), this));
    if (waiting.empty()) {
        owner_.rows_.erase(row);
    } else {
        waiting.front()->bell_.ring();
    }
}

sdk::Task<void> Turns::Turn::wait() {
    while (owner_.rows_.at(key_).front() != this) {
        co_await bell_.wait();
    }
}

}   // namespace gateway::fiks_io
