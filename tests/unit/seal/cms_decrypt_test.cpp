#include "gateway/seal/cms_decrypt.hpp"

#include "tests/unit/seal/envelopes.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace gateway;
using tests::open_envelope;
using tests::SeededChance;
using tests::Workshop;

namespace {

/// Sealed by the openssl program.
std::string sealed_by_openssl(const std::string& options, const std::string& plain) {
    const Workshop& workshop = Workshop::get();
    workshop.write("plain", plain);
    const int done = workshop.run("openssl cms -encrypt -binary -in plain -outform DER "
                                  "-out made.cms " +
                                  options);
    INFO(workshop.read("log"));
    REQUIRE(done == 0);
    return workshop.read("made.cms");
}

const char* const oaep_sha256 = " -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 "
                                "-keyopt rsa_mgf1_md:sha256";

}   // namespace

TEST_CASE("cms: what openssl sealed opens, in every encoding, cipher and key transport") {
    SeededChance chance;
    INFO("seed " << Catch::rngSeed());
    const std::string plain = chance.bytes(100'000 + chance.below(64));
    for (const char* encoding : {"-stream ", ""}) {
        for (const char* cipher : {"-aes-128-cbc ", "-aes-192-cbc ", "-aes-256-cbc "}) {
            for (const char* transport : {"", " -keyopt rsa_padding_mode:oaep", oaep_sha256}) {
                const std::string options =
                    std::string(encoding) + cipher + "-recip any.pem" + transport;
                INFO(options);
                const std::string envelope = sealed_by_openssl(options, plain);
                const auto opened = open_envelope(envelope, "any", 1 + chance.below(30'000));
                CHECK(opened.refusal.empty());
                CHECK(opened.plain == plain);
            }
        }
    }
}

TEST_CASE("cms: an envelope opens the same in pieces of one byte") {
    for (const std::size_t size : {0, 1, 15, 16, 17, 33}) {
        const std::string plain(size, 'p');
        for (const char* encoding : {"-stream ", ""}) {
            const std::string envelope = sealed_by_openssl(
                std::string(encoding) + "-aes-256-cbc -recip any.pem" + oaep_sha256, plain);
            const auto opened = open_envelope(envelope, "any", 1);
            INFO(size << " " << encoding << opened.refusal);
            CHECK(opened.refusal.empty());
            CHECK(opened.plain == plain);
        }
    }
}

TEST_CASE("cms: each of several recipients opens with its own key, by either way of naming it") {
    SeededChance chance;
    const std::string plain = chance.bytes(20'000);
    for (const char* naming : {"", "-keyid "}) {
        const std::string envelope =
            sealed_by_openssl(std::string(naming) + "-aes-256-cbc -recip any.pem" + oaep_sha256 +
                                  " -recip sealing.pem -recip signing.pem" + oaep_sha256,
                              plain);
        for (const char* name : {"any", "sealing", "signing"}) {
            INFO(naming << name);
            const auto opened = open_envelope(envelope, name);
            CHECK(opened.refusal.empty());
            CHECK(opened.plain == plain);
        }
        seal::CmsDecrypter decrypter;
        std::string out;
        REQUIRE(decrypter.write(envelope, out).has_value());
        CHECK(decrypter.recipients().size() == 3);
        CHECK_FALSE(
            seal::find_recipient(decrypter.recipients(), Workshop::get().certificate("short")));
        CHECK_FALSE(seal::find_recipient(decrypter.recipients(), "no certificate"));
    }
}

TEST_CASE("cms: of two ways to the same certificate the safer is taken") {
    // As KS's .NET client writes it: PKCS#1 v1.5 first, then OAEP, for one certificate.
    const std::string envelope = sealed_by_openssl(
        std::string("-stream -aes-256-cbc -recip any.pem -recip any.pem") + oaep_sha256, "text");
    seal::CmsDecrypter decrypter;
    std::string out;
    REQUIRE(decrypter.write(envelope, out).has_value());
    REQUIRE(decrypter.recipients().size() == 2);
    const auto mine =
        seal::find_recipient(decrypter.recipients(), Workshop::get().certificate("any"));
    REQUIRE(mine.has_value());
    CHECK(decrypter.recipients()[*mine].transport == core::KeyTransport::rsa_oaep_sha256);
    CHECK(open_envelope(envelope, "any").plain == "text");
}

TEST_CASE("cms: a key agreement recipient is passed over, a strange transport is not chosen") {
    const std::string envelope =
        sealed_by_openssl("-aes-256-cbc -recip elliptic.pem -recip any.pem", "text");
    CHECK(open_envelope(envelope, "any").plain == "text");
    const std::string mixed = sealed_by_openssl(
        "-aes-256-cbc -recip any.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 "
        "-keyopt rsa_mgf1_md:sha1",
        "text");
    seal::CmsDecrypter decrypter;
    std::string out;
    REQUIRE(decrypter.write(mixed, out).has_value());
    REQUIRE(decrypter.recipients().size() == 1);
    CHECK_FALSE(decrypter.recipients()[0].transport.has_value());
    CHECK_FALSE(seal::find_recipient(decrypter.recipients(), Workshop::get().certificate("any")));
}

TEST_CASE("cms: what is no envelope of ours is refused by its reason") {
    const Workshop& workshop = Workshop::get();
    const auto refusal = [](const std::string& bytes) {
        return tests::open_with_key(bytes, std::string(32, 'k')).refusal;
    };
    CHECK(refusal(sealed_by_openssl("-aes-256-gcm -recip any.pem", "text")) ==
          "seal.cms_authenticated_unsupported");
    CHECK(refusal(sealed_by_openssl("-stream -des3 -recip any.pem", "text")) ==
          "seal.cms_cipher_unsupported");
    REQUIRE(workshop.run("openssl cms -sign -in plain -binary -nodetach -outform DER "
                         "-signer any.pem -inkey any.key -out made.cms") == 0);
    CHECK(refusal(workshop.read("made.cms")) == "seal.cms_not_enveloped");
    CHECK(refusal("PK\x03\x04 a ZIP file") == "seal.cms_malformed");
    CHECK(refusal("") == "seal.cms_truncated");
    CHECK(refusal(sealed_by_openssl("-aes-256-cbc -recip any.pem", "text") + '\n') ==
          "seal.cms_trailing_bytes");
}

TEST_CASE("cms: an envelope that ends early or lacks a byte never passes for whole") {
    const std::string plain(40, 'p');
    for (const char* encoding : {"-stream ", ""}) {
        const std::string envelope = sealed_by_openssl(
            std::string(encoding) + "-aes-256-cbc -recip any.pem" + oaep_sha256, plain);
        std::set<std::string> seen;
        for (std::size_t size = 0; size < envelope.size(); ++size) {
            const auto opened =
                tests::open_with_key(envelope.substr(0, size), std::string(32, 'k'));
            seen.insert(opened.refusal);
        }
        CHECK(seen == std::set<std::string>{"seal.cms_truncated"});
    }
}

TEST_CASE("cms: every fault of key, padding and length has one name, and costs the same work") {
    const Workshop& workshop = Workshop::get();
    SeededChance chance;
    const std::string plain = chance.bytes(50'000);
    const std::string good =
        sealed_by_openssl(std::string("-stream -aes-256-cbc -recip any.pem") + oaep_sha256, plain);
    const std::string old = sealed_by_openssl("-stream -aes-256-cbc -recip any.pem", plain);
    const auto with_changed_byte = [&](std::string envelope, std::string_view after) {
        const auto at = envelope.find(after);
        REQUIRE(at != std::string::npos);
        envelope[at + after.size() + 100] =
            static_cast<char>(envelope[at + after.size() + 100] ^ 1);
        return envelope;
    };
    const std::string_view wrapped_key_follows("\x04\x82\x01\x00", 4);
    std::string last_block = good;
    // The end-of-contents octets are the last; before them the last block.
    last_block[last_block.size() - 11] =
        static_cast<char>(last_block[last_block.size() - 11] ^ 0x80);

    std::vector<std::pair<std::string, tests::Opened>> faults;
    faults.emplace_back("wrapped key changed, OAEP",
                        open_envelope(with_changed_byte(good, wrapped_key_follows), "any"));
    faults.emplace_back("wrapped key changed, v1.5",
                        open_envelope(with_changed_byte(old, wrapped_key_follows), "any"));
    faults.emplace_back("last block changed", open_envelope(last_block, "any"));
    faults.emplace_back("another key", tests::open_with_key(good, chance.bytes(32)));
    faults.emplace_back("key too short", tests::open_with_key(good, chance.bytes(16)));
    faults.emplace_back("key too long", tests::open_with_key(good, chance.bytes(48)));
    faults.emplace_back("no key", tests::open_with_key(good, ""));
    for (const auto& [what, opened] : faults) {
        INFO(what);
        CHECK(opened.key_wanted);
        // One in 256 wrong keys happens to leave a padding that is right: that is what implicit
        // rejection means, and the container within then refuses what came out.
        if (opened.refusal.empty()) {
            CHECK(opened.plain != plain);
            continue;
        }
        CHECK(opened.refusal == "seal.cms_not_decryptable");
        // All blocks but the last were decrypted and handed on, as for the right key.
        CHECK(opened.plain.size() == plain.size() / 16 * 16);
    }
    CHECK(open_envelope(good, "any").plain == plain);
    CHECK(workshop.key("sealing") != nullptr);
}

TEST_CASE("cms: a refused envelope stays refused, and a key is given when it is wanted") {
    seal::CmsDecrypter decrypter;
    std::string out;
    CHECK(decrypter.give_key("key", out).error().is(core::Errc::invalid_argument));
    CHECK(decrypter.write("no envelope", out).has_error());
    CHECK(seal::refusal_name(decrypter.write("", out).error()) == "seal.cms_malformed");
    CHECK(seal::refusal_name(decrypter.finish(out).error()) == "seal.cms_malformed");
    seal::CmsDecrypter waiting;
    REQUIRE(
        waiting.write(sealed_by_openssl("-aes-256-cbc -recip any.pem", "text"), out).has_value());
    REQUIRE(waiting.wants_key());
    CHECK(waiting.key_bytes() == 32);
    CHECK(waiting.write("more", out).error().is(core::Errc::invalid_argument));
    CHECK(out.empty());
}
