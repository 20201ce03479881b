#pragma once

// What a connection's adapter hands over, and the work it does away from its strand.

#include "gateway/core/configuration.hpp"
#include "gateway/host/receiving.hpp"
#include "gateway/ports/inbound.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/sdk/spool.hpp"

namespace gateway::host {

/// Everything the adapter receives goes on with the connection's name and tenants.
class ReceivedItems final : public sdk::Inbound {
public:
    ReceivedItems(ports::Inbound& inbound, const core::ConnectionConfig& connection,
                  Receiving& receiving)
        : inbound_(inbound),
          from_(connection.id, connection.tenants, connection.adapter),
          receiving_(receiving) {}
    sdk::Task<sdk::Result<sdk::Kept>> receipt(sdk::ReceiptNews news) override;
    sdk::Task<sdk::Result<sdk::InboundKept>> message(sdk::InboundMessage message) override;
    sdk::Task<sdk::Result<std::optional<core::DeliveryId>>>
    delivery_of(std::string upstream_reference) override;
    sdk::Task<sdk::Result<sdk::Kept>> quarantine(sdk::Oddity oddity) override;
    void alive() override { receiving_.alive(); }

private:
    ports::Inbound& inbound_;
    ports::Handover from_;
    Receiving& receiving_;
};

class BlockingWork final : public sdk::Work {
public:
    explicit BlockingWork(runtime::Executor& executor) : executor_(executor) {}
    sdk::Task<void> run(std::function<void()> piece) override;

private:
    runtime::Executor& executor_;
};

}   // namespace gateway::host
