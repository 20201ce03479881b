#include "gateway/crypto/totp.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>

namespace gateway::crypto {
namespace {

constexpr std::uint64_t step_seconds = 30;

}   // namespace

std::uint64_t totp_step(core::Time at) {
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch());
    return static_cast<std::uint64_t>(since.count()) / step_seconds;
}

std::string totp_code(std::string_view secret, std::uint64_t step) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[i] = static_cast<unsigned char>(step >> (8 * (7 - i)));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int length = 0;
    const auto* made = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
                            counter.data(), counter.size(), mac.data(), &length);
    GATEWAY_ASSERT(made != nullptr && length == 20);
    const std::size_t at = mac[19] & 0x0fU;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        number = (number << 8U) | mac[at + i];
    }
    std::string digits = std::to_string((number & 0x7fffffffU) % 1'000'000U);
    return std::string(6 - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> totp_match(std::string_view secret, std::string_view code,
                                        core::Time at, std::uint64_t used) {
    const auto now = totp_step(at);
    std::optional<std::uint64_t> found;
    for (auto step = now - 1; step <= now + 1; ++step) {
        if (equal_in_constant_time(totp_code(secret, step), code) && step > used) {
            found = step;
        }
    }
    return found;
}

std::string base32_encode(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t bits = 0;
    unsigned int held = 0;
    for (const char byte : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(byte);
        held += 8;
        while (held >= 5) {
            held -= 5;
            text += alphabet[(bits >> held) & 0x1fU];
        }
        bits &= (1U << held) - 1;
    }
    if (held > 0) {
        text += alphabet[(bits << (5 - held)) & 0x1fU];
    }
    return text;
}

}   // namespace gateway::crypto
