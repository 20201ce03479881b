#pragma once

// One call to the register. Without a token: it is open to all.

#include "adapters/enhetsregisteret/brreg_settings.hpp"
#include "gateway/sdk/host.hpp"

#include <optional>

namespace gateway::enhetsregisteret {

/// An answer of the register's own, or why there is none.
struct Answer {
    std::optional<sdk::HttpResponse> response;
    sdk::RegisterFailure failure;   // without a response
    core::Time asked_at{};          // when it was sent: what it says is no younger

    Answer() = default;
};

sdk::Task<Answer> call(sdk::Host& host, sdk::HttpRequest request, sdk::Deadline deadline);

}   // namespace gateway::enhetsregisteret
