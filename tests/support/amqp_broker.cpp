#include "tests/support/amqp_broker.hpp"

#include <utility>

namespace tests {

using namespace amqp;

AmqpBroker::AmqpBroker(std::shared_ptr<FarEnd> end) : end_(std::move(end)) {
    end_->on_write = [this](FarEnd&) { answer(); };
}

void AmqpBroker::answer() {
    for (auto& one : take_said(end_->written)) {
        if (!hushed) {
            end_->push(answer_to(one));
        }
        said.push_back(std::move(one));
    }
}

std::string AmqpBroker::answer_to(const Said& one) {
    if (one.type == 0) {
        return start();
    }
    if (one.is(10, 11)) {
        const auto properties = 4 + static_cast<std::size_t>(number(one.rest, 0, 4));
        const auto response = properties + 1 + short_text_at(one.rest, properties).size();
        password = one.rest.substr(response + 4, number(one.rest, response, 4));
        return refuses_login > 0 ? connection_close(refuses_login, "no") : tune(2047, 131'072, 20);
    }
    if (one.is(10, 40)) {
        return refuses_host > 0 ? connection_close(refuses_host, "no") : open_ok();
    }
    if (one.is(10, 50)) {
        return method(0, 10, 51);
    }
    if (one.is(20, 10)) {
        return channel_open_ok(one.channel);
    }
    if (one.is(60, 10)) {
        return qos_ok(one.channel);
    }
    if (one.is(60, 20)) {
        return consume(one);
    }
    if (one.is(60, 30)) {
        consumed_.erase(short_text_at(one.rest, 0));
        return method(one.channel, 60, 31, short_text(short_text_at(one.rest, 0)));
    }
    return {};
}

std::string AmqpBroker::consume(const Said& one) {
    const auto queue = short_text_at(one.rest, 2);
    const auto refused = refuses.find(queue);
    if (refused != refuses.end()) {
        return channel_close(one.channel, refused->second, "no");
    }
    channels_[queue] = one.channel;
    consumed_.insert(queue);
    return consume_ok(one.channel, queue);
}

bool AmqpBroker::deliver(Told told) {
    const auto found = channels_.find(told.queue);
    if (found == channels_.end()) {
        return false;
    }
    told.tag = ++tags_[found->second];
    end_->push(amqp::deliver(found->second, told));
    return true;
}

void AmqpBroker::close_channel(const std::string& queue, unsigned code) {
    end_->push(channel_close(channels_.at(queue), code, "closed"));
    channels_.erase(queue);
    consumed_.erase(queue);
}

std::size_t AmqpBroker::count(unsigned class_id, unsigned method_id) const {
    std::size_t found = 0;
    for (const auto& one : said) {
        found += one.is(class_id, method_id) ? 1U : 0U;
    }
    return found;
}

}   // namespace tests
