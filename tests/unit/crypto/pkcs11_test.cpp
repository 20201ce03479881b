#include "gateway/crypto/jwk.hpp"
#include "gateway/crypto/pkcs11_uri.hpp"
#include "gateway/crypto/private_key.hpp"
#include "tests/unit/crypto/made_keys.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

using namespace gateway;
using tests::MadeKeys;

namespace {

/// A SoftHSM token of this test run: folder and configuration of its own.
const std::string& module_path() {
    static const std::string path = [] {
        const MadeKeys& made = MadeKeys::get();
        const std::string configuration = made.path("softhsm2.conf").string();
        std::filesystem::create_directory(made.path("tokens"));
        std::ofstream(configuration) << "directories.tokendir = " << made.path("tokens").string()
                                     << "\nobjectstore.backend = file\nlog.level = ERROR\n";
        ::setenv("SOFTHSM2_CONF", configuration.c_str(), 1);
        for (const char* candidate : {"/usr/lib/softhsm/libsofthsm2.so",
                                      "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"}) {
            if (std::filesystem::exists(candidate)) {
                return std::string(candidate);
            }
        }
        return std::string();
    }();
    return path;
}

std::string uri(const std::string& attributes) {
    static const bool made_token = [] {
        const MadeKeys& made = MadeKeys::get();
        const std::string tool =
            "pkcs11-tool --module " + module_path() + " --token-label sluse --login --pin 1234 ";
        return made.run(
                   "softhsm2-util --init-token --free --label sluse --so-pin 5678 --pin 1234 && "
                   "softhsm2-util --init-token --free --label other --so-pin 5678 --pin 1234 && "
                   "softhsm2-util --import leaf.pk8.pem --token sluse --label first --id 01 --pin "
                   "1234 && "
                   "softhsm2-util --import root.pk8.pem --token sluse --label second --id 02ff "
                   "--pin 1234 && " +
                   tool + "--write-object leaf.der --type cert --label first --id 01") == 0;
    }();
    INFO(MadeKeys::get().read("log"));
    REQUIRE(made_token);
    return "pkcs11:" + attributes + "?module-path=" + module_path();
}

}   // namespace

TEST_CASE("pkcs11: a URI names token, key and module") {
    const auto read =
        crypto::parse_pkcs11_uri("pkcs11:token=My%20Token;object=key%3B1;id=%01%fF;type=private?"
                                 "module-path=/a/b.so&pin-value=12%2634");
    REQUIRE(read.has_value());
    CHECK(read->token == "My Token");
    CHECK(read->object == "key;1");
    CHECK(read->id == "\x01\xff");
    CHECK(read->module_path == "/a/b.so");
    CHECK(read->pin_value == "12&34");
    for (const char* bad :
         {"", "file:key", "pkcs11:token=a", "pkcs11:tokn=a?module-path=/m",
          "pkcs11:token?module-path=/m", "pkcs11:token=%4?module-path=/m",
          "pkcs11:token=%zz?module-path=/m", "pkcs11:type=public?module-path=/m"}) {
        INFO(bad);
        CHECK(crypto::parse_pkcs11_uri(bad).error().is(core::Errc::malformed));
    }
}

TEST_CASE("pkcs11: a key that never leaves its token signs") {
    const auto key = crypto::load_pkcs11_key(uri("token=sluse;object=first"), "1234");
    INFO((key.has_error() ? key.error().to_string() : ""));
    REQUIRE(key.has_value());
    const auto signature = (*key)->sign_rs256("what is signed");
    REQUIRE(signature.has_value());
    const std::string leaf = MadeKeys::get().read("leaf.der");
    CHECK(crypto::verify_rs256_with_certificate(leaf, "what is signed", *signature).value());
    CHECK((*key)->certificates() == std::vector<std::string>{leaf});
    CHECK((*key)->bits() == 2048);
    CHECK((*key)->sign_rs256("again").has_value());
}

TEST_CASE("pkcs11: a key that never leaves its token unwraps content keys, and tells no fault") {
    const auto key = crypto::load_pkcs11_key(uri("token=sluse;object=first"), "1234");
    REQUIRE(key.has_value());
    const MadeKeys& made = MadeKeys::get();
    const std::string content_key = "0123456789abcdef0123456789abcdef";
    for (const auto transport : tests::key_transports) {
        std::string wrapped = made.wrapped(transport, content_key);
        const auto unwrapped = (*key)->unwrap_key(transport, wrapped, 32);
        INFO((unwrapped.has_error() ? unwrapped.error().to_string() : ""));
        CHECK(unwrapped.value() == content_key);
        wrapped[100] = static_cast<char>(wrapped[100] ^ 1);
        const auto stand_in = (*key)->unwrap_key(transport, wrapped, 32);
        INFO((stand_in.has_error() ? stand_in.error().to_string() : ""));
        REQUIRE(stand_in.has_value());
        CHECK(stand_in->size() == 32);
        CHECK(*stand_in != content_key);
    }
}

TEST_CASE("pkcs11: a key is found by id, and without a certificate of its own it has none") {
    const auto key = crypto::load_pkcs11_key(uri("token=sluse;id=%02%ff") + "&pin-value=1234", "");
    INFO((key.has_error() ? key.error().to_string() : ""));
    REQUIRE(key.has_value());
    CHECK((*key)->certificates().empty());
    const auto signature = (*key)->sign_rs256("text");
    CHECK(
        crypto::verify_rs256_with_certificate(MadeKeys::get().read("root.der"), "text", *signature)
            .value());
}

TEST_CASE("pkcs11: a wrong PIN, token, key or module is told apart") {
    using core::Errc;
    CHECK(crypto::load_pkcs11_key(uri("token=sluse;object=first"), "9999")
              .error()
              .is(Errc::unauthorised));
    CHECK(crypto::load_pkcs11_key(uri("token=none;object=first"), "1234")
              .error()
              .is(Errc::not_found));
    CHECK(crypto::load_pkcs11_key(uri("token=sluse;object=none"), "1234")
              .error()
              .is(Errc::not_found));
    CHECK(crypto::load_pkcs11_key(uri("token=sluse"), "1234").error().is(Errc::conflict));
    CHECK(crypto::load_pkcs11_key(uri("object=first"), "1234").error().is(Errc::conflict));
    CHECK(crypto::load_pkcs11_key("pkcs11:token=a?module-path=/nowhere.so", "1")
              .error()
              .is(Errc::unavailable));
}
