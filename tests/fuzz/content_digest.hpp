#pragma once

// The checksum a sender states: unreadable is told from absent, and what was read is written back.

#include "gateway/accept/content_digest.hpp"
#include "gateway/crypto/base64url.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::content_digest {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    const auto stated = gateway::accept::stated_digest(text_of(data, size));
    promise(size > 0 || (stated.readable && !stated.sha256), "no header states nothing");
    promise(size == 0 || stated.readable == stated.sha256.has_value(),
            "a header is read or unreadable");
    if (stated.sha256) {
        const auto again = gateway::accept::stated_digest(
            "sha-256=:" + gateway::crypto::base64_encode(stated.sha256->to_bytes()) + ":");
        promise(again.sha256 == stated.sha256, "a checksum is read back");
    }
}

}   // namespace fuzz::content_digest
