#pragma once

// Calls to the Altinn platform with a token of the tenant: exchanged at Altinn and kept, or
// Maskinporten's own. A 401 takes a new token once and no more, for at Altinn it also means "no
// right".

#include "adapters/altinn/altinn_exchange.hpp"
#include "adapters/altinn/altinn_settings.hpp"
#include "gateway/runtime/single_flight.hpp"

#include <map>
#include <memory>
#include <optional>

namespace gateway::altinn {

/// An answer of Altinn's own, or what to make of not having one.
struct Reply {
    std::optional<sdk::HttpResponse> response;
    sdk::Outcome outcome;   // without a response

    Reply() = default;
    explicit Reply(sdk::HttpResponse answer) : response(std::move(answer)) {}
    explicit Reply(sdk::Outcome failed) : outcome(std::move(failed)) {}
};

/// Lives on its connection's strand; stop() before it goes.
class AltinnClient {
public:
    AltinnClient(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}

    sdk::Task<Reply> call(core::TenantId tenant, const Exchange& exchange, sdk::Deadline deadline);
    sdk::Task<void> stop();
    /// Why there was no token, when the last fetch failed.
    std::optional<sdk::TokenFailure> token_trouble() const;

private:
    struct Entry {
        std::string token;
        core::Time expires_at{};
        core::SteadyTime ends_at{};
        std::optional<sdk::TokenFailure> failure;
        core::SteadyTime retry_at{};
        runtime::SingleFlight<sdk::TokenAnswer> flight;

        explicit Entry(sdk::Clock& clock) : flight(clock) {}
    };

    Entry& entry_for(const sdk::TokenRequest& request);
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline deadline);
    void invalidate(const sdk::TokenRequest& request, const std::string& token);
    sdk::Task<sdk::TokenAnswer> exchange_token(sdk::TokenRequest request);
    sdk::Task<core::Result<sdk::HttpResponse>> ask_for_exchange(const sdk::Token& token,
                                                                sdk::Deadline deadline);
    sdk::TokenAnswer read_exchanged(const sdk::HttpResponse& response);
    void keep(const sdk::TokenRequest& request, const sdk::TokenAnswer& answer);
    sdk::Task<core::Result<sdk::HttpRequest>>
    build(const core::TenantId& tenant, const Exchange& exchange, const sdk::Token& token);

    const Settings& settings_;
    sdk::Host& host_;
    std::map<sdk::TokenRequest, std::unique_ptr<Entry>> entries_;
};

}   // namespace gateway::altinn
