#include "gateway/exchanges/recorder.hpp"

#include <utility>

namespace gateway::exchanges {

void Recorder::add(json::Value exchange) {
    const std::lock_guard lock(mutex_);
    if (ended_) {
        return;
    }
    if (exchanges_.size() == exchanges_max) {
        ++left_out_;
        exchanges_.pop_back();
    }
    exchanges_.push_back(std::move(exchange));
}

std::string Recorder::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (exchanges_.empty()) {
        return {};
    }
    json::Value all = json::Value::object();
    all.set("exchanges", json::Value(std::exchange(exchanges_, {})));
    if (left_out_ > 0) {
        all.set("leftOut", left_out_);
    }
    return json::write(all);
}

}   // namespace gateway::exchanges
