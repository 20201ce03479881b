#pragma once

// Calls to Altinn with a token of the tenant.

#include "adapters/altinn/altinn_exchange.hpp"
#include "adapters/altinn/altinn_settings.hpp"
#include "adapters/common/altinn/platform_client.hpp"

#include <optional>

namespace gateway::altinn {

using altinn_platform::Reply;

/// Lives on its connection's strand; stop() before it goes.
class AltinnClient {
public:
    AltinnClient(const Settings& settings, sdk::Host& host)
        : settings_(settings), host_(host), platform_(settings.access, host) {}

    sdk::Task<Reply> call(core::TenantId tenant, const Exchange& exchange, sdk::Deadline deadline);
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) {
        return platform_.check_health(deadline);
    }
    sdk::Task<void> stop() { return platform_.stop(); }
    void end_pauses() { platform_.end_pauses(); }
    bool lacks_owner(const core::TenantId& tenant) const {
        return platform_.lacks_owner(token_request(settings_, tenant));
    }

private:
    sdk::Task<core::Result<sdk::HttpRequest>> build(const core::TenantId& tenant,
                                                    const Exchange& exchange);

    const Settings& settings_;
    sdk::Host& host_;
    altinn_platform::PlatformClient platform_;
};

}   // namespace gateway::altinn
