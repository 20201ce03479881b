#include "gateway/host/incoming.hpp"

#include <utility>

namespace gateway::host {

sdk::Task<sdk::Result<sdk::Kept>> ReceivedItems::receipt(sdk::ReceiptNews news) {
    co_return co_await inbound_.receipt(from_, std::move(news));
}

sdk::Task<sdk::Result<sdk::InboundKept>> ReceivedItems::message(sdk::InboundMessage message) {
    co_return co_await inbound_.message(from_, std::move(message));
}

sdk::Task<sdk::Result<std::optional<core::DeliveryId>>>
ReceivedItems::delivery_of(std::string upstream_reference) {
    co_return co_await inbound_.delivery_of(from_, std::move(upstream_reference));
}

sdk::Task<sdk::Result<sdk::Kept>> ReceivedItems::quarantine(sdk::Oddity oddity) {
    co_return co_await inbound_.quarantine(from_, std::move(oddity));
}

sdk::Task<void> BlockingWork::run(std::function<void()> piece) {
    auto job = [piece = std::move(piece)] {
        piece();
        return true;
    };
    co_await executor_.run(std::move(job));
}

}   // namespace gateway::host
