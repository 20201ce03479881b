#include "gateway/crypto/private_key.hpp"

#include "gateway/core/ids.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/jwk.hpp"
#include "tests/unit/crypto/made_keys.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace gateway;
using tests::MadeKeys;

namespace {

using Loaded = core::Result<std::unique_ptr<crypto::PrivateKey>>;

/// Signs, and both our check and the openssl program's agree.
void check_signs(const Loaded& key) {
    INFO((key.has_error() ? key.error().to_string() : ""));
    REQUIRE(key.has_value());
    const MadeKeys& made = MadeKeys::get();
    const auto signature = (*key)->sign_rs256("what is signed");
    REQUIRE(signature.has_value());
    CHECK((*key)->bits() == 2048);
    CHECK(crypto::verify_rs256_with_certificate(made.read("leaf.der"), "what is signed", *signature)
              .value());
    CHECK_FALSE(
        crypto::verify_rs256_with_certificate(made.read("leaf.der"), "what is not", *signature)
            .value());
    std::ofstream(made.path("signature"), std::ios::binary) << *signature;
    std::ofstream(made.path("signed"), std::ios::binary) << "what is signed";
    CHECK(made.run("openssl x509 -in leaf.pem -pubkey -noout > leaf.pub && "
                   "openssl dgst -sha256 -verify leaf.pub -signature signature signed") == 0);
}

Loaded load(const std::string& name, const std::string& password = {}) {
    return crypto::load_key(MadeKeys::get().read(name), password);
}

}   // namespace

TEST_CASE("private key: PEM is read with its certificates, leaf first") {
    const auto key = load("bundle.pem");
    check_signs(key);
    const MadeKeys& made = MadeKeys::get();
    CHECK((*key)->certificates() ==
          std::vector<std::string>{made.read("leaf.der"), made.read("root.der")});
    CHECK(load("leaf.key").value()->certificates().empty());
}

TEST_CASE("private key: encrypted PEM opens with its password and never asks for one") {
    check_signs(load("encrypted.pem", "hemmelig"));
    check_signs(load("traditional.pem", "hemmelig"));
    CHECK(load("encrypted.pem", "feil").error().is(core::Errc::unauthorised));
    CHECK(load("encrypted.pem").error().is(core::Errc::unauthorised));
    CHECK(load("traditional.pem", "feil").error().is(core::Errc::unauthorised));
    CHECK(load("encrypted.pem", std::string(5000, 'x')).error().is(core::Errc::unauthorised));
}

TEST_CASE("private key: PKCS#12 is read, new and as older issuers made it") {
    const MadeKeys& made = MadeKeys::get();
    const std::vector<std::string> chain{made.read("leaf.der"), made.read("root.der")};
    const auto modern = load("modern.p12", "æøå");
    check_signs(modern);
    CHECK((*modern)->certificates() == chain);
    const auto legacy = load("legacy.p12", "gammel");
    check_signs(legacy);
    CHECK((*legacy)->certificates() == chain);
    check_signs(load("no_password.p12"));
    CHECK(load("modern.p12", "feil").error().is(core::Errc::unauthorised));
    CHECK(load("legacy.p12").error().is(core::Errc::unauthorised));
    CHECK(load("no_key.p12", "x").error().is(core::Errc::malformed));
}

TEST_CASE("private key: what is too weak, of another kind or of somebody else is refused") {
    CHECK(load("short.pem").error().is(core::Errc::unsupported));
    CHECK(load("elliptic.pem").error().is(core::Errc::unsupported));
    CHECK(load("mismatched.pem").error().is(core::Errc::malformed));
    CHECK(load("leaf.pem").error().is(core::Errc::malformed));
    CHECK(load("leaf.pk8").error().is(core::Errc::malformed));
    CHECK(crypto::load_key("", "").error().is(core::Errc::malformed));
    CHECK(crypto::load_key(std::string(2U << 20U, 'x'), "").error().is(core::Errc::malformed));
    CHECK(crypto::load_key("\x30" + std::string(2U << 20U, 'x'), "")
              .error()
              .is(core::Errc::malformed));
}

TEST_CASE("private key: a cut or changed PKCS#12 file is an error, never a crash") {
    const std::string whole = MadeKeys::get().read("modern.p12");
    for (std::size_t length = 1; length < whole.size(); length += 97) {
        CHECK(crypto::load_pkcs12_key(whole.substr(0, length), "æøå").has_error());
    }
    std::string changed = whole;
    changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 1);
    CHECK(crypto::load_pkcs12_key(changed, "æøå").has_error());
}

TEST_CASE("certificate: its facts are read by attribute") {
    const MadeKeys& made = MadeKeys::get();
    const auto facts = crypto::certificate_facts(made.read("leaf.der"));
    REQUIRE(facts.has_value());
    CHECK(facts->subject.find("CN=Prøve") != std::string::npos);
    CHECK(facts->issuer == "O=Test Root,C=NO");
    CHECK(facts->serial_hex == "0a1b");
    CHECK(facts->not_after - facts->not_before == std::chrono::hours(20 * 24));
    CHECK(facts->sha256_hex.size() == 64);
    CHECK(crypto::certificate_facts("nothing").error().is(core::Errc::malformed));
    CHECK(crypto::certificate_facts(made.read("leaf.der") + "x").error().is(core::Errc::malformed));
}

TEST_CASE("certificate: a PEM text gives all its certificates, and a broken one is an error") {
    const MadeKeys& made = MadeKeys::get();
    const auto all = crypto::certificates_from_pem(made.read("bundle.pem"));
    CHECK(all.value() == std::vector<std::string>{made.read("root.der"), made.read("leaf.der")});
    CHECK(crypto::certificates_from_pem("").value().empty());
    std::string broken = made.read("leaf.pem");
    broken.replace(100, 4, "!!!!");
    CHECK(crypto::certificates_from_pem(broken).error().is(core::Errc::malformed));
}

TEST_CASE("jwk: the public key of a certificate verifies what its private key signed") {
    const MadeKeys& made = MadeKeys::get();
    const auto jwk = crypto::jwk_from_certificate(made.read("leaf.der"));
    REQUIRE(jwk.has_value());
    CHECK(jwk->e == "AQAB");
    const auto signature = load("leaf.key").value()->sign_rs256("text").value();
    CHECK(crypto::verify_rs256(*jwk, "text", signature).value());
    CHECK(crypto::jwk_from_certificate("no").error().is(core::Errc::malformed));
}

TEST_CASE("private key: a content key that the openssl program wrapped is unwrapped") {
    const MadeKeys& made = MadeKeys::get();
    const auto key = load("leaf.key");
    REQUIRE(key.has_value());
    const std::string content_key = "0123456789abcdef0123456789abcdef";
    for (const auto transport : tests::key_transports) {
        const std::string wrapped = made.wrapped(transport, content_key);
        CHECK((*key)->unwrap_key(transport, wrapped, 32).value() == content_key);
        CHECK((*key)->unwrap_key(transport, wrapped, 33).error().is(core::Errc::invalid_argument));
        CHECK((*key)->unwrap_key(transport, wrapped, 0).error().is(core::Errc::invalid_argument));
    }
}

TEST_CASE("private key: what does not unwrap gives a key that opens nothing, the same each time") {
    const MadeKeys& made = MadeKeys::get();
    const auto key = load("leaf.key");
    REQUIRE(key.has_value());
    const std::string wrapped = made.wrapped(core::KeyTransport::rsa_pkcs1_v15, "0123456789abcdef");
    std::string changed = wrapped;
    changed[100] = static_cast<char>(changed[100] ^ 1);
    for (const auto transport : tests::key_transports) {
        // Changed, of another length than is wanted, of another size than the key, nothing at all.
        for (const std::string& bad :
             {changed, wrapped, std::string(300, 'x'), std::string(12, 'x'), std::string()}) {
            const auto first = (*key)->unwrap_key(transport, bad, 32);
            REQUIRE(first.has_value());
            CHECK(first->size() == 32);
            CHECK(*first == (*key)->unwrap_key(transport, bad, 32).value());
            CHECK(first->find("0123456789abcdef") == std::string::npos);
        }
        CHECK((*key)->unwrap_key(transport, changed, 32).value() !=
              (*key)->unwrap_key(transport, wrapped + "x", 32).value());
    }
    // Another loading draws another secret: nobody can compute the stand-in.
    CHECK((*key)->unwrap_key(core::KeyTransport::rsa_pkcs1_v15, changed, 32).value() !=
          load("leaf.key")
              .value()
              ->unwrap_key(core::KeyTransport::rsa_pkcs1_v15, changed, 32)
              .value());
}
