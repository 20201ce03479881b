#include "gateway/crypto/base64url.hpp"

#include <catch2/catch.hpp>

using namespace gateway::crypto;

TEST_CASE("base64: the vectors of RFC 4648 come out and go back in") {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        const std::string padded = text;
        CHECK(base64_encode(bytes) == padded);
        CHECK(base64_decode(padded) == std::string(bytes));
        const std::string bare = padded.substr(0, padded.find('='));
        CHECK(base64url_encode(bytes) == bare);
        CHECK(base64url_decode(bare) == std::string(bytes));
    }
    CHECK(base64url_encode("\xFB\xFF") == "-_8");
    CHECK(base64_encode("\xFB\xFF") == "+/8=");
}

TEST_CASE("base64: what is not the one text of some bytes is refused") {
    for (const char* text : {"Z", "Zg==", "Zh", "Zm9", "Z m8", "Zm8\n", "+/8", "Zm9v*", "Zm9vY"}) {
        INFO(text);
        CHECK_FALSE(base64url_decode(text).has_value());
    }
    for (const char* text :
         {"Zg", "Zg=", "Zh==", "Zg===", "=Zg=", "Zm8=\n", "-_8=", "====", "Z==="}) {
        INFO(text);
        CHECK_FALSE(base64_decode(text).has_value());
    }
}
