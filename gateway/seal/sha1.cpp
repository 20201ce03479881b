#include "gateway/seal/sha1.hpp"

#include "gateway/core/assert.hpp"

#include <openssl/evp.h>

#include <array>

namespace gateway::seal {

std::string sha1(std::string_view bytes) {
    std::array<unsigned char, 20> digest{};
    unsigned size = 0;
    GATEWAY_ASSERT(
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1 &&
        size == digest.size());
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}   // namespace gateway::seal
