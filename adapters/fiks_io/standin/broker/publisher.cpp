#include "adapters/fiks_io/standin/broker/publisher.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace gateway::fiks_io::standin {

namespace {

constexpr std::chrono::seconds confirm_time_max{20};
constexpr std::size_t letters_max = 256;   // before their confirms are waited for

}   // namespace

Publisher::Publisher(OwnLogin login, int deliveries)
    : login_(std::move(login)),
      deliveries_(deliveries),
      thread_(runtime::make_thread_executor(1, "publisher")) {}

Publisher::~Publisher() = default;

void Publisher::use(std::uint16_t port) {
    const std::lock_guard lock(mutex_);
    port_ = port;
}

/// The thread's connection, with all queues that are wanted.
AmqpWire& Publisher::wire() {
    std::uint16_t port = 0;
    std::set<std::string> wanted;
    {
        const std::lock_guard lock(mutex_);
        port = port_;
        wanted = wanted_;
    }
    if (!wire_ || wire_port_ != port) {
        wire_.reset();
        made_.clear();
        wire_ = std::make_unique<AmqpWire>(port, login_);
        wire_port_ = port;
        wire_->declare(dead_letters, "", deliveries_);
    }
    for (const std::string& queue : wanted) {
        if (!made_.contains(queue)) {
            wire_->declare(queue, dead_letters, deliveries_);
            made_.insert(queue);
        }
    }
    return *wire_;
}

/// On the thread. Nothing when the connection failed; the next call makes a new one.
template <class F>
auto Publisher::guarded(F work) -> std::optional<std::invoke_result_t<F&>> {
    try {
        return work();
    } catch (const std::runtime_error&) {
        wire_.reset();
        return std::nullopt;
    }
}

void Publisher::flush() {
    std::vector<std::shared_ptr<Waiting>> mine;
    {
        const std::lock_guard lock(mutex_);
        mine.swap(waiting_);
    }
    for (std::size_t at = 0; at < mine.size();) {
        std::vector<Letter> together;
        const std::size_t first = at;
        while (at < mine.size() && together.size() < letters_max) {
            std::move(mine[at]->letters.begin(), mine[at]->letters.end(),
                      std::back_inserter(together));
            ++at;
        }
        const auto sent = guarded([this, &together] {
            wire().publish(together, confirm_time_max);
            return true;
        });
        for (std::size_t i = first; i < at; ++i) {
            mine[i]->confirmed = sent.has_value();
        }
    }
}

sdk::Task<bool> Publisher::is_ready() {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = known_;
    }
    auto job = [this] {
        return guarded([this] {
                   wire();
                   return true;
               })
            .has_value();
    };
    co_return co_await thread_->run(std::move(job));
}

sdk::Task<bool> Publisher::publish(std::vector<Letter> letters) {
    auto mine = std::make_shared<Waiting>();
    mine->letters = std::move(letters);
    {
        const std::lock_guard lock(mutex_);
        wanted_ = known_;
        waiting_.push_back(mine);
    }
    std::function<void()> job = [this] { flush(); };
    co_await thread_->completed(std::move(job));
    co_return mine->confirmed;
}

sdk::Task<std::optional<Depth>> Publisher::depth(std::string queue) {
    auto job = [this, queue] { return guarded([&] { return wire().depth(queue); }); };
    co_return co_await thread_->run(std::move(job));
}

sdk::Task<bool> Publisher::empty(std::string queue) {
    auto job = [this, queue] {
        return guarded([&] {
                   wire().purge(queue);
                   return true;
               })
            .has_value();
    };
    co_return co_await thread_->run(std::move(job));
}

}   // namespace gateway::fiks_io::standin
