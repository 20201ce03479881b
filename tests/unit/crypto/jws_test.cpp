#include "gateway/crypto/jws.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/jwk.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

// RFC 7515 appendix A.2
const char* const rfc_header = R"({"alg":"RS256"})";
const char* const rfc_payload =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
const char* const rfc_input = "eyJhbGciOiJSUzI1NiJ9."
                              "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
                              "LmNvbS9pc19yb290Ijp0cnVlfQ";
const char* const rfc_signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
    "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
    "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const crypto::RsaJwk rfc_key{
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"
    "4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql"
    "L-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
    "bSf63kpaSHSXndS5z5rexMdbBYUs"
    "LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-"
    "DWNmoud"
    "F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "AQAB"};

}   // namespace

TEST_CASE("jws: the example of RFC 7515 is put together, split and verified") {
    CHECK(crypto::jws_signing_input(rfc_header, rfc_payload) == rfc_input);
    const auto signature = crypto::base64url_decode(rfc_signature);
    REQUIRE(signature.has_value());
    const std::string compact = crypto::jws_compact(rfc_input, *signature);
    CHECK(compact == std::string(rfc_input) + "." + rfc_signature);
    const auto parts = crypto::jws_split(compact);
    REQUIRE(parts.has_value());
    CHECK(parts->header_json == rfc_header);
    CHECK(parts->payload_json == rfc_payload);
    CHECK(parts->signing_input == rfc_input);
    CHECK(crypto::verify_rs256(rfc_key, parts->signing_input, parts->signature).value());
}

TEST_CASE("jws: a changed byte, another key or half a signature does not verify") {
    const auto signature = crypto::base64url_decode(rfc_signature);
    std::string input = rfc_input;
    input.back() = 'R';
    CHECK_FALSE(crypto::verify_rs256(rfc_key, input, *signature).value());
    CHECK_FALSE(crypto::verify_rs256(rfc_key, rfc_input, signature->substr(0, 100)).value());
    CHECK_FALSE(crypto::verify_rs256(rfc_key, rfc_input, "").value());
    auto other = rfc_key;
    other.n.replace(5, 1, "X");
    CHECK_FALSE(crypto::verify_rs256(other, rfc_input, *signature).value());
}

TEST_CASE("jws: a public key that is none, too short or too long is refused") {
    const auto refused = [](crypto::RsaJwk key) {
        const auto result = crypto::verify_rs256(key, "a", "b");
        return result.has_error();
    };
    CHECK(refused({"", "AQAB"}));
    CHECK(refused({"*", "AQAB"}));
    CHECK(refused({rfc_key.n, ""}));
    CHECK(refused({crypto::base64url_encode(std::string(128, '\x81')), "AQAB"}));
    CHECK(refused({crypto::base64url_encode(std::string(4096, '\x81')), "AQAB"}));
    CHECK(refused({rfc_key.n, crypto::base64url_encode(std::string(64, '\x81'))}));
}

TEST_CASE("jws: only three non-empty parts of base64url are a token") {
    for (const char* text : {"", "a.b", "YQ.YQ", "YQ.YQ.YQ.YQ", "YQ..YQ", ".YQ.YQ", "YQ.YQ.",
                             "YQ==.YQ.YQ", "YQ.Y Q.YQ", "..", "Y.YQ.YQ"}) {
        INFO(text);
        CHECK(crypto::jws_split(text).error().is(core::Errc::malformed));
    }
    CHECK(crypto::jws_split("YQ.Yg.Yw").value().payload_json == "b");
}
