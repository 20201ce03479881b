#pragma once

// Calls to Fiks with the platform's three headers. A 401 takes a new token once and no more: it
// also means a wrong password or another organisation.

#include "adapters/common/fiks/fiks_access.hpp"
#include "gateway/sdk/exchange.hpp"
#include "gateway/sdk/host.hpp"

#include <functional>
#include <optional>

namespace gateway::fiks_platform {

/// An answer of Fiks' own that is not refused for everybody alike, or what to make of not having
/// one.
struct Reply {
    std::optional<sdk::HttpResponse> response;
    sdk::Outcome outcome;   // without a response

    Reply() = default;
    explicit Reply(sdk::HttpResponse answer) : response(std::move(answer)) {}
    explicit Reply(sdk::Outcome failed) : outcome(std::move(failed)) {}
};

/// A request without its headers, or why it could not be made (a document that does not open).
struct Built {
    std::optional<sdk::HttpRequest> request;
    sdk::Outcome outcome;   // without a request

    Built() = default;
    explicit Built(sdk::HttpRequest made) : request(std::move(made)) {}
    explicit Built(sdk::Outcome failed) : outcome(std::move(failed)) {}
};

/// Lives on its connection's strand; `access` outlives it.
class Client {
public:
    /// Called once more after a 401.
    using Build = std::function<sdk::Task<Built>()>;

    Client(const Access& access, sdk::Host& host) : access_(access), host_(host) {}

    /// `Effect::possible`: a 5xx, a lost answer and one that is no answer are `unknown`, for it may
    /// have been taken; 429 and 503 turn away at the door. 401, 403 and what passes become the
    /// outcome; all else is the caller's.
    sdk::Task<Reply> call(Build build, sdk::Effect effect, sdk::Deadline deadline);
    /// A call without effect and without body.
    sdk::Task<Reply> get(std::string url, sdk::Deadline deadline);

private:
    const Access& access_;
    sdk::Host& host_;
};

/// A token that could not be had, as the outcome of what needed it.
sdk::Outcome outcome_of(const sdk::TokenFailure& failure);

}   // namespace gateway::fiks_platform
