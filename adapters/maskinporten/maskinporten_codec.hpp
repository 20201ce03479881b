#pragma once

// Maskinporten on the wire: metadata (RFC 8414), JWT bearer grants (RFC 7523), token answers. Pure.
// Facts: docs.digdir.no, Maskinporten "JWT grant", "token endpoint", "well-known" and
// "systembruker".

#include "adapters/maskinporten/maskinporten_settings.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/host.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace gateway::maskinporten {

struct Metadata {
    std::string issuer;
    std::string token_endpoint;

    Metadata() = default;
};

/// A fetched token, or why there is none.
struct TokenReply {
    std::string token;   // opaque; empty on failure
    std::chrono::seconds expires_in{0};
    sdk::TokenFailure failure;
    bool repeat_with_new_grant =
        false;                        // MP-012, MP-130, "Issue time is after now": once, at once
    bool metadata_is_stale = false;   // read the metadata again before the next grant
    std::string trace;                // Maskinporten's trace id, for the log

    TokenReply() = default;
    bool ok() const { return !token.empty(); }
};

sdk::HttpRequest metadata_request(const Settings& settings);
/// `bad_answer` when it is no metadata document, `conflict` when its issuer is not exactly the
/// configured one.
core::Result<Metadata> read_metadata(const Settings& settings, const sdk::HttpResponse& response);

/// `chain` is DER, leaf first; used when no kid is set.
json::Value grant_header(const Settings& settings, const std::vector<std::string>& chain);
json::Value grant_payload(const Settings& settings, const Metadata& metadata,
                          const sdk::TokenRequest& request, core::Time now, const std::string& jti);

sdk::HttpRequest token_request(const Metadata& metadata, const std::string& assertion);
TokenReply read_token(const core::Result<sdk::HttpResponse>& answer,
                      const sdk::TokenRequest& request);

/// The request as it is cached and asked for: scopes in order and once, consumer_org left out when
/// it is the owner.
sdk::TokenRequest normalised(const Settings& settings, sdk::TokenRequest request);

}   // namespace gateway::maskinporten
