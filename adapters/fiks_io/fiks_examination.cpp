#include "adapters/fiks_io/fiks_adapter.hpp"

namespace gateway::fiks_io {

sdk::Needs FiksIoAdapter::needs(const core::TenantId&) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.access.base_url);
    if (!settings_.amqp_host.empty()) {
        const bool v6 = settings_.amqp_host.find(':') != std::string::npos;
        needs.places.push_back((settings_.amqp_tls ? "amqps://" : "amqp://") +
                               (v6 ? "[" + settings_.amqp_host + "]" : settings_.amqp_host) + ":" +
                               std::to_string(settings_.amqp_port));
    }
    needs.tokens.push_back(fiks_platform::token_request(settings_.access));
    return needs;
}

/// How our own account is: needs token, integration and password, and changes nothing.
sdk::Task<sdk::ProbeAnswer> FiksIoAdapter::probe(core::TenantId tenant, sdk::Deadline deadline) {
    const auto* own = settings_.only_account_of(tenant);
    const auto& account = own != nullptr ? *own : settings_.accounts.front();
    const auto status = co_await catalogue_.status(account.account, deadline);
    if (!status.value) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, status.outcome.code, status.outcome.params);
    }
    sdk::ProbeAnswer read(sdk::Finding::green, {});
    read.proves_access = true;
    co_return read;
}

}   // namespace gateway::fiks_io
