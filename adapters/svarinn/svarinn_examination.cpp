#include "adapters/svarinn/svarinn_adapter.hpp"
#include "adapters/svarinn/svarinn_exchange.hpp"

namespace gateway::svarinn {

/// What waits for us, with our user and password: it stays there until it is acknowledged. What it
/// says is not read.
sdk::Task<sdk::ProbeAnswer> SvarInnAdapter::probe(core::TenantId, sdk::Deadline deadline) {
    const auto answer = co_await host_.http.send(list_request(settings_), deadline);
    if (!answer) {
        co_return sdk::read_probe(answer.error());
    }
    co_return sdk::read_probe(*answer);
}

}   // namespace gateway::svarinn
