#pragma once

// Timeline lines of one message, with what is personal sealed under the message's own key.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/sdk/ids.hpp"

#include <string>
#include <string_view>

namespace gateway::receipt {

/// Makes events for one message. `key` may be absent (the message cannot be opened): then what
/// would be sealed is left out. Borrowed for one call; any thread.
struct EventMaker {
    sdk::Ids& ids;
    core::MessageId message;
    const crypto::ContentKey* key = nullptr;
    core::Time now{};

    EventMaker(sdk::Ids& from, core::MessageId of, const crypto::ContentKey* with, core::Time at)
        : ids(from), message(of), key(with), now(at) {}

    /// `said` is what the component said: at most 4 KiB of it are kept, sealed as the JSON object
    /// {"upstream": said}. `raw` is its news byte for byte, at most 64 KiB: beside it as "raw", or
    /// "raw_base64" when it is no text; "raw_bytes" is its length when that was more.
    ports::NewEvent make(std::string_view name, core::Code code, core::Params params,
                         std::string_view said = {}, std::string_view raw = {}) const;
    /// Empty when there is nothing to seal or no key.
    std::string seal(std::string_view purpose, std::string_view plain) const;
};

inline constexpr std::size_t upstream_text_bytes_max = 4096;
inline constexpr std::size_t raw_bytes_max = 64U << 10U;   // a signed receipt with its certificates

/// At most `bytes_max` bytes, cut between characters; bytes that are no UTF-8 become '?'.
std::string clipped_utf8(std::string_view text, std::size_t bytes_max);

}   // namespace gateway::receipt
