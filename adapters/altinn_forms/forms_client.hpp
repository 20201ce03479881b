#pragma once

// Calls to Altinn's platform and to apps with the service owner's token.

#include "adapters/altinn_forms/forms_settings.hpp"
#include "adapters/common/altinn/platform_client.hpp"

#include <functional>

namespace gateway::altinn_forms {

using altinn_platform::Reply;

/// Lives on its connection's strand; settings outlive it; stop() before it goes.
class FormsClient {
public:
    /// Makes the request, again after a 401. It has no body that is read once.
    using Make = std::function<sdk::HttpRequest()>;

    FormsClient(const Settings& settings, sdk::Host& host)
        : settings_(settings), platform_(settings.access, host) {}

    sdk::Task<Reply> call(Make make, sdk::Effect effect, sdk::Deadline deadline);
    /// What opens documents while it makes the request.
    sdk::Task<Reply> call_streaming(altinn_platform::PlatformClient::Build build,
                                    sdk::Effect effect, sdk::Deadline deadline);
    sdk::Task<void> stop() { return platform_.stop(); }
    std::optional<sdk::TokenFailure> token_trouble() const { return platform_.token_trouble(); }

private:
    const Settings& settings_;
    altinn_platform::PlatformClient platform_;
};

/// What an answer without the hoped-for status means; of a Reply without an answer, its outcome.
/// 4xx other than 408 and 429 are `rejected`.
sdk::Outcome outcome_of(const Reply& reply);

}   // namespace gateway::altinn_forms
