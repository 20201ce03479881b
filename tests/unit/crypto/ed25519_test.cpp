#include "gateway/crypto/ed25519.hpp"

#include "gateway/core/ids.hpp"
#include "gateway/crypto/vault.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

std::string bytes_of(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16)));
    }
    return bytes;
}

}   // namespace

TEST_CASE("ed25519: keys and signatures are those of RFC 8032") {
    struct Vector {
        const char* secret;
        const char* public_key;
        const char* message;
        const char* signature;
    };
    // Section 7.1, tests 1 and 2.
    const Vector vectors[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "cf9"
         "b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0f1"
         "1d8c387b2eaeb4302aeeb00d291612bb0c00"}};
    for (const auto& one : vectors) {
        const auto secret = bytes_of(one.secret);
        const auto public_key = crypto::ed25519_public_key(secret);
        CHECK(core::to_hex(public_key) == one.public_key);
        const auto message = bytes_of(one.message);
        const auto signature = crypto::ed25519_sign(secret, message);
        CHECK(core::to_hex(signature) == one.signature);
        CHECK(crypto::ed25519_verify(public_key, message, signature));
        CHECK_FALSE(crypto::ed25519_verify(public_key, message + "x", signature));
        auto other = signature;
        other[5] = static_cast<char>(other[5] ^ 1);
        CHECK_FALSE(crypto::ed25519_verify(public_key, message, other));
        CHECK_FALSE(crypto::ed25519_verify(public_key, message, "short"));
        CHECK_FALSE(crypto::ed25519_verify("short", message, signature));
    }
}

TEST_CASE("vault: each tenant signs with a key of its own, which others verify with") {
    const crypto::Vault oslo(crypto::SecretKey(std::array<std::uint8_t, 32>{1}));
    const crypto::Vault same(crypto::SecretKey(std::array<std::uint8_t, 32>{1}));
    const crypto::Vault bergen(crypto::SecretKey(std::array<std::uint8_t, 32>{2}));
    const auto signature = oslo.sign("head");
    CHECK(crypto::ed25519_verify(oslo.verification_key(), "head", signature));
    CHECK(same.verification_key() == oslo.verification_key());
    CHECK(bergen.verification_key() != oslo.verification_key());
    CHECK_FALSE(crypto::ed25519_verify(bergen.verification_key(), "head", signature));
}
