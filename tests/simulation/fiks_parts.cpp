#include "tests/simulation/fiks_parts.hpp"

#include <cstdlib>
#include <iostream>

#ifdef __SANITIZE_ADDRESS__
// Of the sanitizer's runtime; its header is not in Debian's packages of g++.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#else
#include <malloc.h>
#endif

namespace simulation {

int how_many_wait(const char* what) {
    constexpr int all = 50'000;
    constexpr int part = 2'000;
    const char* scale = std::getenv("SLUSE_TEST_SCALE");
    const int many = scale != nullptr && std::string_view(scale) == "long" ? all : part;
    std::cout << what << ": " << many << " messages wait\n";
    return many;
}

std::int64_t held_beside(const tests::SimulatedVfs& disk) {
#ifdef __SANITIZE_ADDRESS__
    const auto all = __sanitizer_get_current_allocated_bytes();
#else
    const auto heap = ::mallinfo2();
    const auto all = heap.uordblks + heap.hblkhd;
#endif
    return static_cast<std::int64_t>(all) - static_cast<std::int64_t>(disk.memory());
}

StoreOnLoop::StoreOnLoop(boost::asio::io_context& loop, const sdk::Clock& clock) : io(loop) {
    store::SqliteOptions options;
    options.path = "/sluse.db";
    options.vfs = disk.name();
    options.gather_min = 1;
    store = std::move(
        *store::make_sqlite_store(std::move(options), executor, executor, executor, clock));
}

StoreOnLoop::~StoreOnLoop() {
    static_cast<void>(tests::run(io, store->close()));
}

std::uint64_t StoreOnLoop::in_state(core::DeliveryState state) {
    const auto counts = tests::run(io, store->counts());
    for (const auto& [known, count] : counts->deliveries) {
        if (known == state) {
            return count;
        }
    }
    return 0;
}

const sdk::Capability* OnLoop::capability(std::string_view type) const {
    for (const auto& one : capabilities_) {
        if (one.message_type == type) {
            return &one;
        }
    }
    return nullptr;
}

sdk::Task<sdk::Outcome> OnLoop::send(core::Delivery delivery, sdk::Progress& progress,
                                     sdk::Deadline deadline) {
    co_return co_await sender_->send(delivery, progress, deadline);
}

sdk::Task<sdk::Outcome> OnLoop::look_up(core::Delivery delivery, sdk::Progress& progress,
                                        sdk::Deadline deadline) {
    co_return co_await sender_->look_up(delivery, progress, deadline);
}

sdk::Task<core::Result<sdk::Receipts>> OnLoop::poll_receipts(core::Delivery delivery,
                                                             sdk::Deadline deadline) {
    co_return co_await sender_->poll_receipts(delivery, deadline);
}

sdk::Task<sdk::Outcome> OnLoop::cancel(core::Delivery delivery, sdk::Deadline deadline) {
    co_return co_await sender_->cancel(delivery, deadline);
}

sdk::Task<sdk::Outcome> OnLoop::settled(sdk::InboundSettled what, sdk::Deadline deadline) {
    co_return co_await receiver_->settled(std::move(what), deadline);
}

sdk::Task<sdk::Health> OnLoop::check_health(sdk::Deadline) {
    co_return sdk::Health();
}

sdk::Task<core::Result<sdk::Kept>> HandedOver::receipt(sdk::ReceiptNews news) {
    co_return co_await incoming_.receipt(from_, std::move(news));
}

sdk::Task<core::Result<sdk::InboundKept>> HandedOver::message(sdk::InboundMessage message) {
    const std::string sender = message.content["from"]["account"].as_string();
    const int number = std::atoi(message.content["correlation"].as_string().c_str());
    auto kept = co_await incoming_.message(from_, std::move(message));
    if (kept && kept->kept == sdk::Kept::stored) {
        stored[sender].push_back(number);
    }
    co_return kept;
}

sdk::Task<core::Result<std::optional<core::DeliveryId>>>
HandedOver::delivery_of(std::string upstream_reference) {
    co_return co_await incoming_.delivery_of(from_, std::move(upstream_reference));
}

sdk::Task<core::Result<sdk::Kept>> HandedOver::quarantine(sdk::Oddity oddity) {
    ++oddities;
    co_return co_await incoming_.quarantine(from_, std::move(oddity));
}

}   // namespace simulation
