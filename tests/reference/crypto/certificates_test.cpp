#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/jwk.hpp"
#include "gateway/crypto/jws.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/json/value.hpp"
#include "gateway/seal/business_certificate.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace gateway;

namespace {

std::string read(const std::string& name) {
    std::ifstream file(std::string(SLUSE_REFERENCE_DIR) + "/" + name, std::ios::binary);
    REQUIRE(file.good());
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

/// The DER of a file that is DER or PEM.
std::string der_of(const std::string& name) {
    const std::string bytes = read(name);
    const auto pem = crypto::certificates_from_pem(bytes);
    return pem.has_value() && !pem->empty() ? pem->front() : bytes;
}

crypto::CertificateFacts facts(const std::string& name) {
    const auto read_facts = crypto::certificate_facts(der_of(name));
    INFO(name);
    REQUIRE(read_facts.has_value());
    return *read_facts;
}

/// The organisation number, or why there is none.
std::string number_or_code(const std::string& name) {
    const auto certificate = seal::read_business_certificate(der_of(name));
    return certificate ? certificate->organisation_number : certificate.error().code.value;
}

}   // namespace

TEST_CASE(
    "reference: the organisation number of each generation of business certificate is found") {
    const std::string folder = "dpi/certificates/test/";
    CHECK(number_or_code(folder + "bc-test-digdir.cer") == "991825827");
    CHECK(number_or_code(folder + "virksert-test-difi.cer") == "991825827");
    CHECK(number_or_code(folder + "difi-move-test.cer") == "910075918");
    CHECK(number_or_code(folder + "buypass-psd2.cer") == "991825827");
    CHECK(number_or_code(folder + "digdir_seid2.cer") == "991825827");
    CHECK(number_or_code(folder + "Buypass_Class_3_Test4_CA_3.cer") ==
          "seal.certificate_of_authority");
    CHECK(number_or_code(folder + "c2.cer") == "seal.organisation_number_missing");
    CHECK(facts(folder + "digdir_seid2.cer").subject.find("løsninger") != std::string::npos);
}

TEST_CASE("reference: every published certificate can be read") {
    std::size_t count = 0;
    for (const char* folder : {"dpi/certificates/test", "dpi/certificates/prod-ca"}) {
        for (const auto& entry :
             std::filesystem::directory_iterator(std::string(SLUSE_REFERENCE_DIR) + "/" + folder)) {
            if (entry.path().extension() != ".p12") {
                const auto one =
                    facts(std::string(folder) + "/" + entry.path().filename().string());
                CHECK(one.not_after > one.not_before);
                CHECK_FALSE(one.issuer.empty());
                ++count;
            }
        }
    }
    CHECK(count >= 15);
}

TEST_CASE("reference: published PKCS#12 test keys open and sign") {
    for (const char* name : {"dpi/certificates/test/c1.p12", "dpi/certificates/test/c2.p12",
                             "dpi/samples/complete/eksempel.converted.p12"}) {
        INFO(name);
        const auto key = crypto::load_key(read(name), "changeit");
        INFO((key.has_error() ? key.error().to_string() : ""));
        REQUIRE(key.has_value());
        REQUIRE_FALSE((*key)->certificates().empty());
        const auto signature = (*key)->sign_rs256("text").value();
        CHECK(
            crypto::verify_rs256_with_certificate((*key)->certificates().front(), "text", signature)
                .value());
        CHECK(crypto::load_key(read(name), "changeme").error().is(core::Errc::unauthorised));
    }
}

TEST_CASE("reference: the official signed samples verify with the certificate they carry") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(SLUSE_REFERENCE_DIR) +
                                                                 "/dpi/samples/complete")) {
        if (entry.path().extension() != ".jwt") {
            continue;
        }
        INFO(entry.path());
        std::string text = read("dpi/samples/complete/" + entry.path().filename().string());
        text.erase(text.find_last_not_of(" \r\n") + 1);
        const auto parts = crypto::jws_split(text);
        REQUIRE(parts.has_value());
        const auto header = json::parse(parts->header_json);
        REQUIRE(header.has_value());
        const auto certificate = crypto::base64_decode(header->at("/x5c/0")->as_string());
        REQUIRE(certificate.has_value());
        CHECK(crypto::verify_rs256_with_certificate(*certificate, parts->signing_input,
                                                    parts->signature)
                  .value());
        const auto jwk = crypto::jwk_from_certificate(*certificate);
        CHECK(crypto::verify_rs256(jwk.value(), parts->signing_input, parts->signature).value());
        ++count;
    }
    CHECK(count >= 2);
}
