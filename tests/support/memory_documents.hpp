#pragma once

// Documents in memory, known to a store as the real ones are. One thread.

#include "gateway/ports/documents.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/clock.hpp"

#include <map>
#include <optional>
#include <string>

namespace tests {

class MemoryDocuments final : public gateway::ports::Documents {
public:
    MemoryDocuments(gateway::ports::Store& store, gateway::sdk::Clock& clock)
        : store_(store), clock_(clock) {}

    gateway::sdk::Task<gateway::core::Result<std::unique_ptr<gateway::ports::DocumentWriter>>>
    create(gateway::core::TenantId tenant, gateway::core::SystemId uploader,
           std::uint64_t bytes_max) override;
    gateway::sdk::Task<gateway::core::Result<std::unique_ptr<gateway::ports::DocumentReader>>>
    open(gateway::core::TenantId tenant, gateway::core::Sha256 hash) override;
    gateway::sdk::Task<gateway::core::Result<std::size_t>>
    collect(gateway::core::Time before) override;
    gateway::sdk::Task<gateway::core::Result<std::vector<std::string>>> verify() override;

    /// What every further append fails with.
    std::optional<gateway::core::Errc> broken;
    std::size_t open_writers = 0;
    std::map<std::pair<gateway::core::TenantId, gateway::core::Sha256>, std::string> bytes;

private:
    friend class MemoryWriter;
    gateway::ports::Store& store_;
    gateway::sdk::Clock& clock_;
};

}   // namespace tests
