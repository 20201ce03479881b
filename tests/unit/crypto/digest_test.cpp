#include "gateway/crypto/digest.hpp"

#include "gateway/crypto/hmac.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

/// RFC 2104 as it is written, for keys of at most a block.
std::string by_definition(const std::string& key, const std::string& text) {
    std::string inner(64, '\x36');
    std::string outer(64, '\x5c');
    for (std::size_t i = 0; i < key.size(); ++i) {
        inner[i] = static_cast<char>(inner[i] ^ key[i]);
        outer[i] = static_cast<char>(outer[i] ^ key[i]);
    }
    return crypto::sha256(outer + crypto::sha256(inner + text).to_bytes()).to_bytes();
}

}   // namespace

TEST_CASE("digest: SHA-256 and MD5 of a stream are those of the whole") {
    crypto::DigestStream stream;
    stream.update("a");
    stream.update("");
    stream.update("bc");
    CHECK(stream.sha256().to_hex() ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(stream.md5_hex() == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(crypto::sha256("").to_hex() ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    crypto::DigestStream empty;
    CHECK(empty.md5_hex() == "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_CASE("digest: HMAC-SHA-256 gives the values of RFC 4231") {
    CHECK(core::to_hex(crypto::hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(core::to_hex(crypto::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(core::to_hex(crypto::hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd'))) ==
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK(
        core::to_hex(crypto::hmac_sha256(
            std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("digest: a key of HMAC gives the same codes whatever it gave before") {
    const crypto::HmacKey key(std::string(20, '\x0b'));
    const crypto::HmacKey other("Jefe");
    for (int round = 0; round < 2; ++round) {
        CHECK(core::to_hex(key.code("Hi There")) ==
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        CHECK(core::to_hex(other.code("what do ya want for nothing?")) ==
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
    // At each side of a block's end, of which 64 are the key's.
    for (const std::size_t length : {0U, 1U, 54U, 55U, 56U, 63U, 64U, 65U, 128U, 1000U}) {
        const std::string text(length, 'a');
        CHECK(key.code(text) == crypto::hmac_sha256(std::string(20, '\x0b'), text));
        CHECK(key.code(text) == by_definition(std::string(20, '\x0b'), text));
    }
}

TEST_CASE("digest: comparing looks at length and every byte") {
    CHECK(crypto::equal_in_constant_time("abc", "abc"));
    CHECK(crypto::equal_in_constant_time("", ""));
    CHECK_FALSE(crypto::equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(crypto::equal_in_constant_time("abc", "ab"));
}
