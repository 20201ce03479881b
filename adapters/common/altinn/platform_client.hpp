#pragma once

// What every adapter of Altinn's platform needs to call it: Maskinporten's token exchanged for
// Altinn's and kept, or used as it is; a 401 takes a new token once and no more, for at Altinn it
// also means "no right". Facts: Altinn/altinn-authentication, AuthenticationController.cs.

#include "adapters/common/altinn/platform_access.hpp"
#include "gateway/runtime/single_flight.hpp"
#include "gateway/sdk/adapter.hpp"
#include "gateway/sdk/exchange.hpp"
#include "gateway/sdk/host.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace gateway::altinn_platform {

/// An answer of Altinn's own, or what to make of not having one.
struct Reply {
    std::optional<sdk::HttpResponse> response;
    sdk::Outcome outcome;   // without a response

    Reply() = default;
    explicit Reply(sdk::HttpResponse answer) : response(std::move(answer)) {}
    explicit Reply(sdk::Outcome failed) : outcome(std::move(failed)) {}
};

/// A document that could not be opened, as the outcome of what needed it.
sdk::Outcome document_outcome(const core::Failure& failure);

/// Lives on its connection's strand; `access` outlives it; stop() before it goes.
class PlatformClient {
public:
    /// Makes the request without its token; called once more after a 401. A failure is a document
    /// that could not be opened.
    using Build = std::function<sdk::Task<core::Result<sdk::HttpRequest>>()>;

    PlatformClient(const Access& access, sdk::Host& host) : access_(access), host_(host) {}

    sdk::Task<Reply> call(sdk::TokenRequest token, Build build, sdk::Effect effect,
                          sdk::Deadline deadline);
    /// Whether the platform answers, by a document it gives to everybody; and whether the last
    /// token was had.
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline);
    sdk::Task<void> stop();
    /// The next call fetches a token although the last fetch has just failed: somebody looks
    /// whether it is mended. Not before a time that Altinn has named.
    void end_pauses();
    /// Why there was no token, when the last fetch failed.
    std::optional<sdk::TokenFailure> token_trouble() const;
    /// The last token was asked for as a service owner's, and Altinn knows us as none.
    bool lacks_owner(const sdk::TokenRequest& request) const;

private:
    struct Entry {
        std::string token;
        core::Time expires_at{};
        core::SteadyTime ends_at{};
        std::optional<sdk::TokenFailure> failure;
        core::SteadyTime retry_at{};
        bool lacks_owner = false;
        runtime::SingleFlight<sdk::TokenAnswer> flight;

        explicit Entry(sdk::Clock& clock) : flight(clock) {}
    };

    Entry& entry_for(const sdk::TokenRequest& request);
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline deadline);
    void invalidate(const sdk::TokenRequest& request, const std::string& token);
    sdk::Task<sdk::TokenAnswer> exchange_token(sdk::TokenRequest request);
    sdk::Task<core::Result<sdk::HttpResponse>> ask_for_exchange(const sdk::Token& token,
                                                                sdk::Deadline deadline);
    sdk::TokenAnswer read_exchanged(const sdk::TokenRequest& request,
                                    const sdk::HttpResponse& response);
    void keep(const sdk::TokenRequest& request, const sdk::TokenAnswer& answer);

    const Access& access_;
    sdk::Host& host_;
    std::map<sdk::TokenRequest, std::unique_ptr<Entry>> entries_;
};

}   // namespace gateway::altinn_platform
