// The official samples through the digital post stand-in's own verification: what real programs
// wrote has to be taken by it, as what ours write is.

#include "adapters/common/standin/jose.hpp"
#include "adapters/digital_post/standin/business_message.hpp"
#include "adapters/digital_post/standin/package.hpp"
#include "adapters/digital_post/standin/shapes.hpp"
#include "adapters/digital_post/standin/trust.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace gateway;
using namespace gateway::digital_post::standin;

namespace {

const std::string folder = std::string(SLUSE_REFERENCE_DIR) + "/dpi/";

std::string read(const std::string& name) {
    std::ifstream file(folder + name, std::ios::binary);
    INFO(name);
    REQUIRE(file.good());
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

/// The test authorities that have signed the samples' certificates.
Trust trust() {
    Trust out;
    for (const char* name : {"Buypass_Class_3_Test4_Root_CA.cer", "Buypass_Class_3_Test4_CA_3.cer",
                             "Buypass_Class_3_Test4_Root_CA_G2_ST_root.cer",
                             "Buypass_Class_3_Test4_CA_G2_ST_Business_Buypass_Class_3_Test4_Root_"
                             "CA_G2_ST_intermediary.cer"}) {
        const std::string bytes = read(std::string("certificates/test/") + name);
        const auto der = standin::Certificate::from_der(bytes);
        out.add(der ? der->pem() : bytes);
    }
    return out;
}

/// The samples' recipient.
standin::Issued recipient() {
    const std::string bytes = read("samples/complete/eksempel.converted.p12");
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> file(
        d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size())), PKCS12_free);
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    REQUIRE(PKCS12_parse(file.get(), "changeit", &key, &certificate, nullptr) == 1);
    const standin::Certificate leaf{std::shared_ptr<X509>(certificate, X509_free)};
    return {leaf, standin::Key(std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free)), leaf};
}

std::int64_t seconds(core::Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

BusinessMessage message(const std::string& name, const char* time) {
    std::string jwt = read("samples/complete/" + name + "-forretningsmelding.jwt");
    while (jwt.ends_with('\n')) {
        jwt.pop_back();
    }
    const auto got =
        read_business_message(jwt, Shapes(), trust(), seconds(*core::parse_rfc3339(time)));
    if (const auto* refusal = std::get_if<Refusal>(&got)) {
        FAIL(refusal->detail);
    }
    return std::get<BusinessMessage>(got);
}

json::Value package(const std::string& name, const BusinessMessage& from, core::Time arrived) {
    const standin::Issued own = recipient();
    const Trust believed = trust();
    Expected expected;
    expected.avsender = from.avsender;
    expected.signer = from.signer;
    expected.arrived = arrived;
    if (from.type == "digital") {
        expected.mailbox = from.body["mottaker"]["postkasseadresse"].as_string();
    }
    const Desk desk{own, believed, std::chrono::minutes(1),
                    std::filesystem::temp_directory_path().string()};
    const auto got =
        open_package(folder + "samples/complete/" + name + "-dokumentpakke.cms", desk, expected);
    INFO((got ? "" : got.error().detail));
    REQUIRE(got.has_value());
    return *got;
}

std::string digest_of(const std::string& bytes) {
    std::array<unsigned char, 32> hash{};
    EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr);
    return standin::base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}   // namespace

TEST_CASE("reference: the digital post stand-in takes the official digital letter as it is") {
    const char* time = "2022-03-16T14:16:10+01:00";
    const BusinessMessage letter = message("digital", time);
    CHECK(letter.id == "4c96fb25-54b0-4560-a954-afdeed10077b");
    CHECK(letter.conversation == "b63b72a3-ec7a-4d70-94f1-699ef899864f");
    CHECK(letter.signer == "991825827");
    CHECK(letter.receiver == "922020175");
    CHECK(letter.digest == digest_of(read("samples/complete/digital-dokumentpakke.cms")));
    const json::Value opened = package("digital", letter, *core::parse_rfc3339(time));
    CHECK(opened["documents"].items().size() == 1);
    CHECK(opened["documents"].items().at(0)["name"].as_string() == "Test.txt");
    CHECK(opened["signature"]["signer"].as_string() == "991825827");
    CHECK(opened["envelope"]["keyTransport"].as_string() == "RSAES-OAEP SHA-256");
    CHECK(opened["envelope"]["indefinite"].as_bool());
}

TEST_CASE("reference: the digital post stand-in takes the official printed letter as it is") {
    const char* time = "2023-11-14T21:16:06+01:00";
    const BusinessMessage letter = message("utskrift", time);
    CHECK(letter.id == "5738440c-d802-47fe-b274-b4b673b9e493");
    CHECK(letter.receiver == "974761076");
    CHECK(letter.digest == digest_of(read("samples/complete/utskrift-dokumentpakke.cms")));
    const json::Value opened = package("utskrift", letter, *core::parse_rfc3339(time));
    CHECK(opened["documents"].items().at(0)["name"].as_string() == "my.pdf");
    CHECK(opened["documents"].items().at(0)["size"].as_int() == 35957);
}

TEST_CASE("reference: the digital post stand-in believes the samples in their own time only") {
    const std::string jwt = read("samples/complete/digital-forretningsmelding.jwt");
    for (const char* time : {"2019-01-01T00:00:00Z", "2026-11-22T00:00:00Z"}) {
        const auto got =
            read_business_message(jwt, Shapes(), trust(), seconds(*core::parse_rfc3339(time)));
        REQUIRE(std::holds_alternative<Refusal>(got));
        CHECK(std::get<Refusal>(got).detail.starts_with("certificate: "));
    }
}

TEST_CASE("reference: the digital post stand-in refuses the published receipts that break rules") {
    const Shapes shapes;
    const auto sample = [&](const char* name) { return *json::parse(read(name)); };
    json::Value receipt =
        sample("samples/messages/innbyggerpost_dpi_lerveringskvittering_1_0.json");
    CHECK(shapes.objection("leveringskvittering", receipt).has_value());
    CHECK(shapes.objection("feil", sample("samples/receipts-and-tests/feil-sbd.json")).has_value());
    // The first one names no real organisations and has one member too many.
    json::Value& document = *receipt.find("standardBusinessDocument");
    document.find("leveringskvittering")->remove("maskinportentoken");
    json::Value& header = *document.find("standardBusinessDocumentHeader");
    for (const char* side : {"sender", "receiver"}) {
        json::Value& partner = header.find(side)->mutable_items().at(0);
        partner.find("identifier")->set("value", "0192:991825827");
    }
    CHECK_FALSE(shapes.objection("leveringskvittering", receipt).has_value());
    CHECK_FALSE(shapes
                    .objection("digital", *json::parse(read(
                                              "samples/complete/digital-forretningsmelding.json")))
                    .has_value());
    CHECK_FALSE(
        shapes
            .objection("utskrift",
                       *json::parse(read("samples/complete/utskrift-forretningsmelding.json")))
            .has_value());
}
