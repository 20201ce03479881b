#include "gateway/dispatch/dispatcher.hpp"

#include <boost/asio/strand.hpp>

#include <algorithm>

namespace gateway::dispatch {
namespace {

constexpr std::chrono::milliseconds look_while_draining{20};

}   // namespace

Dispatcher::Dispatcher(Services services, Traffic& traffic, Carrier& carrier,
                       boost::asio::any_io_executor executor)
    : services_(services),
      carryings_(executor),
      loops_(executor),
      attempts_(ports::Lane::attempts, services, traffic, carrier, carryings_, executor),
      receipts_(ports::Lane::receipts, services, traffic, carrier, carryings_, executor),
      choices_(ports::Lane::choices, services, traffic, carrier, carryings_, executor),
      executor_(executor) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::start() {
    if (started_) {
        return;
    }
    started_ = true;
    services_.store.on_work(
        [attempts = attempts_.hint(), receipts = receipts_.hint(), choices = choices_.hint()] {
            attempts();
            receipts();
            choices();
        });
    for (auto* lane : {&attempts_, &receipts_, &choices_}) {
        loops_.spawn_on(boost::asio::make_strand(executor_), lane->run());
    }
}

void Dispatcher::wake() {
    attempts_.wake();
    receipts_.wake();
    choices_.wake();
}

int Dispatcher::running() const {
    return attempts_.running() + receipts_.running() + choices_.running();
}

sdk::Task<void> Dispatcher::stop(core::Duration patience) {
    attempts_.stop();
    receipts_.stop();
    choices_.stop();
    const auto latest = services_.clock.steady() + patience;
    while (loops_.size() + carryings_.size() > 0 && services_.clock.steady() < latest) {
        const auto next = services_.clock.steady() + look_while_draining;
        co_await services_.clock.sleep_until(std::min(latest, next));
    }
    co_await loops_.stop();
    co_await carryings_.stop();
}

}   // namespace gateway::dispatch
