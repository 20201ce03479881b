#pragma once

// Messages of Fiks' protocols to and from any Fiks IO account.

#include "adapters/fiks_io/fiks_catalogue.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>

namespace gateway::fiks_io {

/// Lives on its connection's strand.
class FiksIoAdapter final : public sdk::Adapter {
public:
    FiksIoAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;

private:
    Settings settings_;
    Catalogue catalogue_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::fiks_io
