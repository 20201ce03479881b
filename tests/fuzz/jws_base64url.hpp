#pragma once

// One text for the same bytes, and the same bytes for one text; JWS parts put together again.

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/jws.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::jws_base64url {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace crypto = gateway::crypto;
    const auto text = text_of(data, size);
    promise(crypto::base64url_decode(crypto::base64url_encode(text)) == text,
            "base64url of any bytes is read back");
    promise(crypto::base64_decode(crypto::base64_encode(text)) == text,
            "base64 of any bytes is read back");
    if (const auto bytes = crypto::base64url_decode(text)) {
        promise(crypto::base64url_encode(*bytes) == text, "base64url has one text for bytes");
    }
    if (const auto bytes = crypto::base64_decode(text)) {
        promise(crypto::base64_encode(*bytes) == text, "base64 has one text for bytes");
    }
    if (const auto parts = crypto::jws_split(text)) {
        promise(crypto::jws_signing_input(parts->header_json, parts->payload_json) ==
                    parts->signing_input,
                "what is signed is what was read");
        promise(crypto::jws_compact(parts->signing_input, parts->signature) == text,
                "the parts of a JWS make the same JWS");
    }
}

}   // namespace fuzz::jws_base64url
