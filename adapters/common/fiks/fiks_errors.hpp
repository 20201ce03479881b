#pragma once

// What Fiks' services say when they refuse: the error body they have in common, the two 401 that
// are told apart by their words alone, and 403. Pure.
// Facts: ks-no/ks-no.github.io, content/Felles/integrasjoner.md, "Når det ikke virker".

#include "adapters/common/fiks/fiks_access.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/exchange.hpp"

#include <string>

namespace gateway::fiks_platform {

/// The body that all of Fiks' errors have. Nothing in it is to be shown to a sender but `id`.
struct PeerError {
    std::string id;   // errorId: what KS' support asks for; empty when there is none
    std::string code;
    std::string message;
    json::Value more;   // errorJson: an object, also where it came as a string of JSON

    PeerError() = default;
};

PeerError read_error(const sdk::HttpResponse& response);

/// A refusal that means the same wherever it comes from; nothing for one that only the call itself
/// can explain (404, 413, 400, ...). `token`: the one that was refused.
///   401  fiks.token_refused, fiks.integration_refused {organisation}, fiks.unauthorised: our own
///        set-up, which stops every call of the connection. Nothing took effect: everything waits.
///   403  fiks.no_access: the account has not given the right. Final.
///   408, 429, 5xx: later. Whether it may have had an effect is the caller's.
/// Every one with {error}: errorId, or "-".
std::optional<sdk::Outcome> outcome_of_common_refusal(const sdk::HttpResponse& response,
                                                      const Access& access, std::string_view token);

/// Of a 4xx that nobody explained: fiks.refused {status, error}.
sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response);

/// The errorId, or "-".
std::string error_id(const sdk::HttpResponse& response);

}   // namespace gateway::fiks_platform
