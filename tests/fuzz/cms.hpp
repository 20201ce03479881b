#pragma once

// CMS envelopes under a key of 32 times 'k': how the bytes were cut changes nothing, and nothing
// larger comes out than went in.

#include "gateway/seal/cms_decrypt.hpp"
#include "gateway/seal/refusal.hpp"
#include "tests/fuzz/promise.hpp"

#include <vector>

namespace fuzz::cms {

struct Seen {
    std::string plain;
    std::string refusal;
    std::size_t recipients = 0;
    bool key_wanted = false;
    friend bool operator==(const Seen&, const Seen&) = default;
};

inline Seen open(std::string_view envelope, std::size_t step) {
    gateway::seal::CmsDecrypter decrypter;
    Seen seen;
    const auto refused = [&seen](const gateway::core::Result<void>& done) {
        if (!done) {
            seen.refusal = gateway::seal::refusal_name(done.error());
            promise(!seen.refusal.empty(), "a refusal has a name");
        }
        return !done;
    };
    while (!envelope.empty()) {
        const auto piece = envelope.substr(0, step);
        envelope.remove_prefix(piece.size());
        if (refused(decrypter.write(piece, seen.plain))) {
            return seen;
        }
        if (decrypter.wants_key()) {
            promise(seen.plain.empty(), "nothing comes out before the key");
            seen.key_wanted = true;
            seen.recipients = decrypter.recipients().size();
            promise(seen.recipients <= 100, "recipients keep their limit");
            if (refused(decrypter.give_key(std::string(decrypter.key_bytes(), 'k'), seen.plain))) {
                return seen;
            }
        }
    }
    if (!refused(decrypter.finish(seen.plain))) {
        promise(seen.key_wanted, "nothing opens without a key");
    }
    return seen;
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    const auto envelope = text_of(data, size);
    const Seen whole = open(envelope, size + 1);
    promise(whole == open(envelope, 1) && whole == open(envelope, 7),
            "an envelope is the same however it was cut");
    promise(whole.plain.size() <= size, "what comes out is no longer than what went in");
}

}   // namespace fuzz::cms
