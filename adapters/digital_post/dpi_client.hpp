#pragma once

// Calls to corner 2 with a token: one new token after a 401, every call with its deadline.

#include "adapters/digital_post/dpi_settings.hpp"
#include "gateway/sdk/exchange.hpp"

#include <functional>
#include <optional>

namespace gateway::digital_post {

/// An answer of corner 2's own, or what to make of not having one.
struct Reply {
    std::optional<sdk::HttpResponse> response;
    sdk::Outcome outcome;   // without a response

    Reply() = default;
    explicit Reply(sdk::HttpResponse answer) : response(std::move(answer)) {}
    explicit Reply(sdk::Outcome failed) : outcome(std::move(failed)) {}
};

/// A token that could not be had, as the outcome of what needed it.
sdk::Outcome outcome_of(const sdk::TokenFailure& failure);

/// Lives on its connection's strand.
class Client {
public:
    /// Makes the request; called once more after a 401.
    using Build = std::function<sdk::HttpRequest()>;

    explicit Client(sdk::Host& host) : host_(host) {}

    /// A call without effect, or one that may be repeated.
    sdk::Task<Reply> call(sdk::TokenRequest token, Build build, sdk::Deadline deadline);

private:
    sdk::Host& host_;
};

}   // namespace gateway::digital_post
