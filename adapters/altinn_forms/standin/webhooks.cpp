#include "adapters/altinn_forms/standin/answers.hpp"
#include "adapters/altinn_forms/standin/events.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace gateway::altinn_forms::standin {

using json::Value;

namespace {

constexpr std::chrono::seconds answer_time_max{45};
constexpr std::chrono::milliseconds look_again{25};

}   // namespace

sdk::Task<void> Events::keep_sending() {
    if (due_.empty() || sending_) {
        co_return;
    }
    if (!sender_) {
        auto executor = co_await boost::asio::this_coro::executor;
        sender_ = std::make_unique<runtime::TaskGroup>(std::move(executor));
    }
    sending_ = true;
    sender_->spawn(send_what_is_due());
}

sdk::Task<void> Events::send_what_is_due() {
    while (!due_.empty()) {
        const auto first = due_.begin();
        if (first->first > parts_.clock.now()) {
            co_await parts_.clock.sleep_until(parts_.clock.steady() + look_again);
            continue;
        }
        const Sending sending = first->second;
        due_.erase(first);
        co_await send(sending);
    }
    sending_ = false;
}

sdk::Task<void> Events::send(Sending sending) {
    const auto found = subscriptions_.find(sending.subscription);
    if (found == subscriptions_.end()) {
        co_return;
    }
    const std::string address = found->second["endPoint"].as_string();
    Value body;
    if (sending.event < 0) {
        body.set("id", "694caa35-8b25-4cd7-b800-" + std::to_string(100000000000 + found->first));
        body.set("source", url_ + "/events/api/v1/subscriptions/" + std::to_string(found->first));
        body.set("type", "platform.events.validatesubscription").set("specversion", "1.0");
    } else {
        if (sending.event < first_) {
            co_return;
        }
        body = shown(events_[static_cast<std::size_t>(sending.event - first_)].event);
        if (parts_.faults.take("lost_webhook")) {
            ++counts_["lost"];
            co_return;
        }
        if (const auto late = parts_.faults.take("late_webhook")) {
            due_.emplace(parts_.clock.now() +
                             std::chrono::milliseconds(late->number("delay_ms", 500)),
                         sending);
            ++counts_["late"];
            co_return;
        }
    }
    const std::string text = json::write(body);
    const int times = sending.event >= 0 && parts_.faults.take("duplicate_webhook") ? 2 : 1;
    bool delivered = false;
    for (int i = 0; i < times; ++i) {
        delivered = co_await post(address, text);
    }
    settle(sending, delivered);
}

sdk::Task<bool> Events::post(std::string address, std::string body) {
    const auto url = http::parse_url(address);
    if (!url) {
        co_return false;
    }
    const auto deadline = parts_.clock.in(answer_time_max);
    auto connection = co_await http::connect(url->endpoint, parts_.tls, parts_.clock, deadline);
    if (!connection) {
        co_return false;
    }
    sdk::HttpRequest request("POST", address);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    const auto answer = co_await (*connection)->exchange(request, url->target, deadline);
    co_return answer && answer->status >= 200 && answer->status < 300;
}

void Events::settle(const Sending& sending, bool delivered) {
    const auto found = subscriptions_.find(sending.subscription);
    if (found == subscriptions_.end()) {
        return;
    }
    const bool validation = sending.event < 0;
    if (delivered) {
        ++counts_[validation ? "validated" : "delivered"];
        if (validation) {
            found->second.set("validated", true);
            parts_.journal.put("subscription", std::to_string(found->first), found->second);
        }
        return;
    }
    ++counts_[validation ? "validationsFailed" : "failed"];
    const auto& ladder = validation ? parts_.pace.validation_retries : parts_.pace.webhook_retries;
    if (sending.attempt >= ladder.size()) {
        ++counts_["deadLetters"];
        return;
    }
    Sending next = sending;
    ++next.attempt;
    due_.emplace(parts_.clock.now() + ladder[sending.attempt], next);
}

}   // namespace gateway::altinn_forms::standin
