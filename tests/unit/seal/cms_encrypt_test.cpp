#include "gateway/seal/cms_encrypt.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/seal/refusal.hpp"
#include "tests/unit/seal/envelopes.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::string_view_literals;
using tests::SeededChance;
using tests::Workshop;

namespace {

std::string refusal_of(const std::string& certificate) {
    SeededChance chance;
    const std::vector<std::string> certificates{certificate};
    const auto made = seal::CmsEncrypter::create(certificates, chance);
    return made.has_error() ? made.error().code.message() : "";
}

}   // namespace

TEST_CASE("cms: the openssl program opens what was sealed, whatever its size and pieces") {
    const Workshop& workshop = Workshop::get();
    SeededChance chance;
    INFO("seed " << Catch::rngSeed());
    const std::string certificate = workshop.certificate("sealing");
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{16'367},
          std::size_t{16'368}, std::size_t{16'384}, std::size_t{chance.below(300'000)}}) {
        INFO(size << " bytes");
        const std::string plain = chance.bytes(size);
        workshop.write("sealed.cms", tests::seal(plain, {certificate}, chance));
        REQUIRE(workshop.run("openssl cms -decrypt -binary -inform DER -in sealed.cms "
                             "-recip sealing.pem -inkey sealing.key -out opened") == 0);
        CHECK(workshop.read("opened") == plain);
    }
}

TEST_CASE("cms: the envelope is what DPI and Fiks ask for, to the byte") {
    const Workshop& workshop = Workshop::get();
    SeededChance chance;
    const std::string envelope = tests::seal("to be sealed", {workshop.certificate("any")}, chance);
    workshop.write("sealed.cms", envelope);
    REQUIRE(workshop.run("openssl cms -cmsout -print -inform DER -in sealed.cms") == 0);
    const std::string printed = workshop.read("log");
    INFO(printed);
    const auto says = [&](std::string_view text) {
        return printed.find(text) != std::string::npos;
    };
    CHECK(says("contentType: pkcs7-envelopedData (1.2.840.113549.1.7.3)"));
    CHECK(says("d.envelopedData: \n    version: 0\n    originatorInfo: <ABSENT>"));
    CHECK(says("d.ktri: \n        version: 0\n        d.issuerAndSerialNumber:"));
    CHECK(says("algorithm: rsaesOaep (1.2.840.113549.1.1.7)"));
    CHECK(says("algorithm: aes-256-cbc (2.16.840.1.101.3.4.1.42)"));
    CHECK(says("unprotectedAttrs:\n      <ABSENT>"));
    // The key transport's parameters, as the samples have them: SHA-256, MGF1 with SHA-256, the
    // label left out.
    const auto oaep = "\x30\x3c\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07\x30\x2f"
                      "\xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
                      "\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
                      "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04"sv;
    CHECK(envelope.find(oaep) != std::string::npos);
    CHECK(
        envelope.starts_with("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80\x30\x80"
                             "\x02\x01\x00\x31"sv));
    CHECK(envelope.ends_with(std::string(10, '\0')));
}

TEST_CASE("cms: every recipient opens the envelope, the first is the first certificate's") {
    const Workshop& workshop = Workshop::get();
    SeededChance chance;
    const std::string plain = chance.bytes(70'000);
    const std::string envelope =
        tests::seal(plain, {workshop.certificate("sealing"), workshop.certificate("any")}, chance);
    workshop.write("sealed.cms", envelope);
    for (const char* name : {"sealing", "any"}) {
        const std::string identity = name;
        REQUIRE(workshop.run("openssl cms -decrypt -binary -inform DER -in sealed.cms -recip " +
                             identity + ".pem -inkey " + identity + ".key -out opened") == 0);
        CHECK(workshop.read("opened") == plain);
        CHECK(tests::open_envelope(envelope, identity).plain == plain);
    }
    seal::CmsDecrypter decrypter;
    std::string out;
    REQUIRE(decrypter.write(envelope, out).has_value());
    CHECK(seal::find_recipient(decrypter.recipients(), workshop.certificate("sealing")) == 0U);
    CHECK(seal::find_recipient(decrypter.recipients(), workshop.certificate("any")) == 1U);
}

TEST_CASE("cms: size and digest told are those of the envelope's bytes") {
    const Workshop& workshop = Workshop::get();
    SeededChance chance;
    const std::vector<std::string> certificates{workshop.certificate("any")};
    auto encrypter = seal::CmsEncrypter::create(certificates, chance);
    REQUIRE(encrypter.has_value());
    std::string envelope;
    encrypter->write(chance.bytes(50'000), envelope);
    const auto sealed = encrypter->finish(envelope);
    CHECK(sealed.size == envelope.size());
    CHECK(sealed.sha256 == crypto::sha256(envelope));
}

TEST_CASE("cms: what goes out keeps up with what comes in, in octet strings of at most 16 KiB") {
    const Workshop& workshop = Workshop::get();
    SeededChance chance;
    const std::vector<std::string> certificates{workshop.certificate("any")};
    auto encrypter = seal::CmsEncrypter::create(certificates, chance);
    REQUIRE(encrypter.has_value());
    std::string out;
    encrypter->write({}, out);
    const std::size_t head = out.size();
    CHECK(head < 1000);
    out.clear();
    const std::string piece(64 * 1024, 'x');
    for (int i = 0; i < 20; ++i) {
        encrypter->write(piece, out);
        CHECK(out.size() == 4 * (seal::CmsEncrypter::chunk_bytes + 4));
        for (std::size_t at = 0; at < out.size(); at += seal::CmsEncrypter::chunk_bytes + 4) {
            CHECK(std::string_view(out).substr(at, 4) == "\x04\x82\x40\x00"sv);
        }
        out.clear();
    }
}

TEST_CASE("cms: a certificate that must not receive is refused by its reason") {
    const Workshop& workshop = Workshop::get();
    CHECK(refusal_of(workshop.certificate("signing")) == "seal.recipient_no_key_encipherment");
    CHECK(refusal_of(workshop.certificate("short")) == "seal.recipient_key_length");
    CHECK(refusal_of(workshop.certificate("elliptic")) == "seal.recipient_not_rsa");
    CHECK(refusal_of(workshop.certificate("pss")) == "seal.recipient_not_rsa");
    CHECK(refusal_of("no certificate") == "seal.recipient_malformed");
    CHECK(refusal_of(workshop.certificate("any") + "x") == "seal.recipient_malformed");
    CHECK(refusal_of(workshop.certificate("any")).empty());
    SeededChance chance;
    CHECK(seal::CmsEncrypter::create({}, chance).error().is(core::Errc::invalid_argument));
    const std::vector<std::string> many(101, workshop.certificate("any"));
    CHECK(seal::CmsEncrypter::create(many, chance).error().is(core::Errc::invalid_argument));
}
