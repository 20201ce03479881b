#pragma once

// What connections are built on, in the tests of this folder.

#include "gateway/ports/documents.hpp"
#include "gateway/ports/inbound.hpp"
#include "tests/support/fake_roles.hpp"

#include <vector>

namespace tests {

/// Opens nothing and remembers for whom it was asked.
class NoDocuments final : public gateway::ports::Documents {
public:
    sdk::Task<core::Result<std::unique_ptr<gateway::ports::DocumentWriter>>>
    create(core::TenantId, core::SystemId, std::uint64_t) override {
        co_return core::Failure(core::Errc::unsupported);
    }
    sdk::Task<core::Result<std::unique_ptr<gateway::ports::DocumentReader>>>
    open(core::TenantId tenant, core::Sha256) override {
        opened.push_back(std::move(tenant));
        co_return core::Failure(core::Errc::corrupted);
    }
    sdk::Task<core::Result<std::size_t>> collect(core::Time) override { co_return std::size_t{0}; }
    sdk::Task<core::Result<std::vector<std::string>>> verify() override {
        co_return std::vector<std::string>();
    }
    std::vector<core::TenantId> opened;
};

/// Takes everything and remembers who handed it over.
class RecordedHandovers final : public gateway::ports::Inbound {
public:
    sdk::Task<core::Result<sdk::Kept>> receipt(gateway::ports::Handover from,
                                               sdk::ReceiptNews news) override {
        receipts.emplace_back(std::move(from), std::move(news));
        co_return sdk::Kept::stored;
    }
    sdk::Task<core::Result<sdk::InboundKept>> message(gateway::ports::Handover from,
                                                      sdk::InboundMessage message) override {
        messages.emplace_back(std::move(from), std::move(message));
        co_return sdk::InboundKept();
    }
    sdk::Task<core::Result<std::optional<core::DeliveryId>>>
    delivery_of(gateway::ports::Handover from, std::string) override {
        asked_by.push_back(std::move(from));
        co_return std::optional<core::DeliveryId>();
    }
    sdk::Task<core::Result<sdk::Kept>> quarantine(gateway::ports::Handover from,
                                                  sdk::Oddity oddity) override {
        oddities.emplace_back(std::move(from), std::move(oddity));
        co_return sdk::Kept::stored;
    }
    std::vector<gateway::ports::Handover> asked_by;
    std::vector<std::pair<gateway::ports::Handover, sdk::ReceiptNews>> receipts;
    std::vector<std::pair<gateway::ports::Handover, sdk::InboundMessage>> messages;
    std::vector<std::pair<gateway::ports::Handover, sdk::Oddity>> oddities;
};

}   // namespace tests
