#pragma once

// Whatever comes in Maskinporten's name: a token with its time, or the reason why there is none.

#include "adapters/maskinporten/maskinporten_codec.hpp"
#include "tests/fuzz/answer.hpp"

namespace fuzz::maskinporten_answers {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace maskinporten = gateway::maskinporten;
    const auto response = answer_of(text_of(data, size));
    maskinporten::Settings settings;
    settings.base_url = "https://test.maskinporten.no";
    settings.issuer = "https://test.maskinporten.no/";
    if (const auto metadata = maskinporten::read_metadata(settings, response)) {
        promise(metadata->issuer == settings.issuer, "the issuer is the configured one");
        promise(metadata->token_endpoint.starts_with("https:"), "a token is asked for by TLS");
    }
    gateway::sdk::TokenRequest request;
    request.scopes = {"altinn:correspondence.write"};
    const auto reply = maskinporten::read_token(response, request);
    promise(!has_control(reply.trace), "a trace id is one line of a log");
    if (reply.ok()) {
        promise(reply.expires_in.count() > 0 && reply.expires_in <= std::chrono::hours(24),
                "a token lasts, at most a day");
        return;
    }
    promise_shown(reply.failure.code, reply.failure.params);
}

}   // namespace fuzz::maskinporten_answers
