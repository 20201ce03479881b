#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::crypto {

/// A key of HMAC-SHA-256, worked into the hash once: a code of a short text is two blocks hashed
/// and nothing allocated but the answer. Immutable; any thread. Wiped when it goes.
class HmacKey {
public:
    explicit HmacKey(std::string_view key);
    HmacKey(const HmacKey&) = default;
    HmacKey& operator=(const HmacKey&) = default;
    ~HmacKey();
    std::string code(std::string_view bytes) const;   // 32 bytes

private:
    /// SHA-256 after the block of the key: as secret as the key.
    using State = std::array<std::uint32_t, 8>;
    State inner_{};
    State outer_{};
};

}   // namespace gateway::crypto
