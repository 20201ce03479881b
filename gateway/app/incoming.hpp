#pragma once

// The way back when a component tells by itself: what a connection's receiver hands over is durable
// before anything is acknowledged to the component.

#include "gateway/app/policy.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/ports/inbound.hpp"
#include "gateway/ports/scanner.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/host.hpp"

namespace gateway::app {

/// All of it outlives the connections.
struct IncomingParts {
    ports::Store& store;
    ports::ConfigurationSource& configuration;
    crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    ports::Documents& documents;
    ports::Scanner& scanner;
};

class Incoming final : public ports::Inbound {
public:
    explicit Incoming(IncomingParts parts) : parts_(parts) {}
    /// From now on a receipt has what channel policy makes of it: before any connection starts.
    /// They are made after this, since they hand over to it.
    void obey(const ports::Connections& connections) {
        policy_.emplace(connections, parts_.clock, parts_.ids, parts_.log, parts_.metrics);
    }

    sdk::Task<sdk::Result<sdk::Kept>> receipt(ports::Handover from, sdk::ReceiptNews news) override;
    sdk::Task<sdk::Result<sdk::InboundKept>> message(ports::Handover from,
                                                     sdk::InboundMessage message) override;
    sdk::Task<sdk::Result<std::optional<core::DeliveryId>>>
    delivery_of(ports::Handover from, std::string upstream_reference) override;
    /// `too_large` beyond 1 MiB. An oddity that is nobody's is kept, and sealed, for the first of
    /// the tenants served that has its key.
    sdk::Task<sdk::Result<sdk::Kept>> quarantine(ports::Handover from, sdk::Oddity oddity) override;

    static constexpr std::size_t oddity_bytes_max = 1U << 20U;

private:
    struct Keeper {
        core::TenantId tenant;
        std::shared_ptr<const crypto::Vault> vault;
        bool is_owner = false;
    };
    /// What the scanner made of a message's files: a reason to quarantine it, or marks.
    struct Looked {
        core::Code code;
        core::Params params;
        std::vector<std::string> marks;
    };
    std::optional<Keeper> keeper_of(const ports::Handover& from,
                                    const std::optional<core::TenantId>& tenant) const;
    sdk::Task<sdk::Result<ports::ScanVerdict>> look_through(const core::TenantId& tenant,
                                                            core::Sha256 hash);
    sdk::Task<sdk::Result<Looked>> look_through_all(const core::TenantId& tenant,
                                                    sdk::InboundMessage& message);
    sdk::Task<sdk::Result<std::vector<core::SystemId>>> system_of(const ports::Handover& from,
                                                                  core::DeliveryId delivery);
    std::vector<core::SystemId> systems_for(const ports::Handover& from,
                                            const sdk::InboundMessage& message) const;
    static sdk::InboundKept known_already(const ports::InboundAnswer& stored, const Keeper& keeper);
    ports::InboundCommand command_of(const ports::Handover& from,
                                     const sdk::InboundMessage& message, const Keeper& keeper,
                                     const std::string& content) const;
    void say_quarantined(const core::ConnectionId& connection, const core::Code& code,
                         const std::string& item) const;
    void count_receipt(const ports::Handover& from, const char* result) const;

    IncomingParts parts_;
    std::optional<Policy> policy_;
};

}   // namespace gateway::app
