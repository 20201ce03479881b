#include "adapters/svarut/svarut_sealed_source.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/seal/certificate_details.hpp"
#include "gateway/seal/cms_decrypt.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/unit/adapter_svarut/svarut_world.hpp"

#include <catch2/catch.hpp>

using namespace svarut_world;
using core::Errc;
using sdk::Verdict;

namespace {

constexpr const char* key_url = "/forsendelse/publickey/hent";

const tests::BusinessIdentity& svarut_itself() {
    static const auto made = tests::BusinessAuthority("KS").issue();
    return made;
}

std::string pem_of(const std::string& der) {
    std::string text = gateway::crypto::base64_encode(der);
    std::string out = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < text.size(); at += 64) {
        out += text.substr(at, 64) + "\n";
    }
    return out + "-----END CERTIFICATE-----\n";
}

json::Value secret_letter() {
    json::Value message = letter();
    message.set("securityLevel", 4);
    return message;
}

/// What is in an envelope for SvarUt.
std::string opened(const std::string& envelope) {
    gateway::seal::CmsDecrypter decrypter;
    std::string plain;
    REQUIRE(decrypter.write(envelope, plain).has_value());
    REQUIRE(decrypter.wants_key());
    REQUIRE(decrypter.recipients().size() == 1);
    const auto own = gateway::crypto::load_pem_key(svarut_itself().key_pem, "");
    REQUIRE(own.has_value());
    const auto unwrapped =
        (*own)->unwrap_key(*decrypter.recipients()[0].transport,
                           decrypter.recipients()[0].encrypted, decrypter.key_bytes());
    REQUIRE(unwrapped.has_value());
    REQUIRE(decrypter.give_key(*unwrapped, plain).has_value());
    REQUIRE(decrypter.finish(plain).has_value());
    return plain;
}

}   // namespace

TEST_CASE("svarut: at the highest level the documents are encrypted for SvarUt, the JSON is not") {
    World world;
    world.http().expect("GET", key_url).answer(200, pem_of(svarut_itself().der));
    world.http().expect("POST", "/person").answer_json(200, given_id());
    const auto delivery = world.delivery(secret_letter(), "{}", std::string(200'000, 'x'));
    CHECK(world.send(delivery).verdict == Verdict::accepted);
    const auto parts = parts_of(world.call(1));
    CHECK(parsed(parts.at(0).body)["kryptert"].as_bool());
    CHECK(parts.at(1).body.find("xxxx") == std::string::npos);
    CHECK(opened(parts.at(1).body) == std::string(200'000, 'x'));
    CHECK_FALSE(world.call(1).stream_size.has_value());
}

TEST_CASE("svarut: the key is fetched once an hour, and the last one serves a day of trouble") {
    World world;
    const auto delivery = world.delivery(secret_letter());
    const auto sends = [&] {
        world.http().expect("POST", "/person").answer_json(200, given_id());
        world.progress = tests::FakeProgress();
        return world.send(delivery).verdict;
    };
    world.http().expect("GET", key_url).answer(200, pem_of(svarut_itself().der));
    CHECK(sends() == Verdict::accepted);
    CHECK(sends() == Verdict::accepted);
    world.fake.clock.advance(std::chrono::hours(2));
    world.http().expect("GET", key_url).answer(500, "");
    CHECK(sends() == Verdict::accepted);
    CHECK(world.fake.log.holds("svarut.public_key_not_fetched"));
    world.fake.clock.advance(std::chrono::hours(23));
    world.http().expect("GET", key_url).fail(Errc::unreachable);
    world.progress = tests::FakeProgress();
    CHECK(world.send(delivery).verdict == Verdict::try_later);
}

TEST_CASE("svarut: a certificate that is not the pinned one holds what is secret back") {
    const auto details = gateway::seal::read_certificate(svarut_itself().der);
    World pinned(R"(,"public_key_sha256":[")" + details->sha256.to_hex() + "\"]");
    pinned.http().expect("GET", key_url).answer(200, pem_of(svarut_itself().der));
    pinned.http().expect("POST", "/person").answer_json(200, given_id());
    CHECK(pinned.send(pinned.delivery(secret_letter())).verdict == Verdict::accepted);
    World other(R"(,"public_key_sha256":[")" + std::string(64, 'a') + "\"]");
    other.http().expect("GET", key_url).answer(200, pem_of(svarut_itself().der));
    const auto outcome = other.send(other.delivery(secret_letter()));
    CHECK(outcome.verdict == Verdict::try_later);
    CHECK(outcome.code.value == "svarut.public_key_changed");
    CHECK(other.progress.value().empty());
}

TEST_CASE("svarut: a configured certificate is never asked for") {
    json::Value text(pem_of(svarut_itself().der));
    World world(R"(,"public_key":)" + json::write(text));
    world.http().expect("POST", "/person").answer_json(200, given_id());
    CHECK(world.send(world.delivery(secret_letter())).verdict == Verdict::accepted);
    CHECK(world.http().calls().size() == 1);
}

TEST_CASE("svarut: what is no certificate, or none with an RSA key, encrypts nothing") {
    tests::BusinessWishes wishes;
    wishes.key_type = "EC";
    const auto elliptic = pem_of(tests::BusinessAuthority("KS").issue(wishes).der);
    for (const std::string& body : {std::string("<html>"), std::string(), elliptic}) {
        World world;
        world.http().expect("GET", key_url).answer(200, body);
        const auto outcome = world.send(world.delivery(secret_letter()));
        CHECK(outcome.verdict == Verdict::try_later);
        CHECK(outcome.code.value == "svarut.no_public_key");
    }
}
