#include "gateway/crypto/totp.hpp"

#include "gateway/crypto/scrypt.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

core::Time at(std::int64_t seconds) {
    return core::Time(std::chrono::seconds(seconds));
}

const std::string secret = "12345678901234567890";

}   // namespace

TEST_CASE("crypto: one-time codes are those of RFC 6238, appendix B") {
    CHECK(crypto::totp_code(secret, crypto::totp_step(at(59))) == "287082");
    CHECK(crypto::totp_code(secret, crypto::totp_step(at(1111111109))) == "081804");
    CHECK(crypto::totp_code(secret, crypto::totp_step(at(1111111111))) == "050471");
    CHECK(crypto::totp_code(secret, crypto::totp_step(at(1234567890))) == "005924");
    CHECK(crypto::totp_code(secret, crypto::totp_step(at(2000000000))) == "279037");
    CHECK(crypto::totp_code(secret, crypto::totp_step(at(20000000000))) == "353130");
}

TEST_CASE("crypto: a code holds one step to either side, and counts once") {
    const auto now = at(1111111111);
    const auto step = crypto::totp_step(now);
    for (const auto near : {step - 1, step, step + 1}) {
        CHECK(crypto::totp_match(secret, crypto::totp_code(secret, near), now, 0) == near);
    }
    CHECK_FALSE(crypto::totp_match(secret, crypto::totp_code(secret, step - 2), now, 0));
    CHECK_FALSE(crypto::totp_match(secret, crypto::totp_code(secret, step + 2), now, 0));
    CHECK_FALSE(crypto::totp_match(secret, crypto::totp_code(secret, step), now, step));
    CHECK_FALSE(crypto::totp_match(secret, "", now, 0));
    CHECK_FALSE(crypto::totp_match(secret, "05047", now, 0));
}

TEST_CASE("crypto: a secret is written in base32 as RFC 4648 shows it") {
    CHECK(crypto::base32_encode("") == "");
    CHECK(crypto::base32_encode("f") == "MY");
    CHECK(crypto::base32_encode("foobar") == "MZXW6YTBOI");
    CHECK(crypto::base32_encode(secret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST_CASE("crypto: scrypt is that of RFC 7914, section 12") {
    crypto::ScryptCost cost;
    cost.n = 1024;
    cost.p = 16;
    const auto key = crypto::scrypt("password", "NaCl", 16, cost);
    const std::string expected("\xfd\xba\xbe\x1c\x9d\x34\x72\x00\x78\x56\xe7\x19\x0d\x01\xe9\xfe",
                               16);
    CHECK(key == expected);
    cost.n = 3;   // no power of two
    CHECK_THROWS(crypto::scrypt("password", "NaCl", 16, cost));
}
