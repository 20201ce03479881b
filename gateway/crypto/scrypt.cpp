#include "gateway/crypto/scrypt.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace gateway::crypto {

std::string scrypt(std::string_view password, std::string_view salt, std::size_t bytes,
                   const ScryptCost& cost) {
    std::string key(bytes, '\0');
    const std::uint64_t memory = 128 * cost.r * (cost.n + cost.p + 2) + (1U << 20U);
    const auto* salted = reinterpret_cast<const unsigned char*>(salt.data());
    auto* out = reinterpret_cast<unsigned char*>(key.data());
    const int done = EVP_PBE_scrypt(password.data(), password.size(), salted, salt.size(), cost.n,
                                    cost.r, cost.p, memory, out, key.size());
    if (done != 1) {
        throw std::runtime_error("scrypt failed");
    }
    return key;
}

}   // namespace gateway::crypto
