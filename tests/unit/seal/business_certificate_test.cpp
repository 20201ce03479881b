#include "gateway/seal/business_certificate.hpp"

#include "tests/support/business_certificates.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::BusinessAuthority;
using tests::BusinessWishes;
using tests::NamedValues;

namespace {

const BusinessAuthority& authority() {
    static const BusinessAuthority one;
    return one;
}

Judged<BusinessCertificate> with_subject(NamedValues subject) {
    BusinessWishes wishes;
    wishes.subject = std::move(subject);
    return read_business_certificate(authority().issue(wishes).der);
}

std::string number_or_code(NamedValues subject) {
    const auto certificate = with_subject(std::move(subject));
    return certificate ? certificate->organisation_number : certificate.error().code.value;
}

Findings purpose_findings(const std::string& key_usage, Purpose purpose,
                          const std::string& key_type = "RSA-2048") {
    BusinessWishes wishes;
    wishes.key_usage = key_usage;
    wishes.key_type = key_type;
    return judge_purpose(read_certificate(authority().issue(wishes).der).value(), purpose);
}

}   // namespace

TEST_CASE("business certificate: the organisation number of each generation is found") {
    CHECK(number_or_code({{"O", "X"}, {"CN", "X"}, {"serialNumber", "991825827"}}) == "991825827");
    CHECK(number_or_code({{"organizationIdentifier", "NTRNO-991825827"}}) == "991825827");
    CHECK(number_or_code({{"organizationIdentifier", "PSDNO-FSA-991825827"}}) == "991825827");
    CHECK(number_or_code({{"organizationIdentifier", "991825827"}}) == "991825827");
    CHECK(number_or_code({{"O", "organisasjon - 991825827"}}) == "991825827");
    CHECK(number_or_code({{"organizationIdentifier", "NTRNO-991825827"},
                          {"serialNumber", "991825827"}}) == "991825827");
}

TEST_CASE("business certificate: fields that hold different numbers make it invalid") {
    CHECK(number_or_code({{"organizationIdentifier", "NTRNO-991825827"},
                          {"serialNumber", "910075918"}}) == "seal.organisation_numbers_disagree");
    CHECK(number_or_code(
              {{"organizationIdentifier", "NTRNO-991825827"}, {"O", "Noen andre - 910075918"}}) ==
          "seal.organisation_numbers_disagree");
    CHECK(number_or_code({{"organizationIdentifier", "NTRNO-991825827"},
                          {"organizationIdentifier", "NTRNO-910075918"}}) ==
          "seal.organisation_numbers_disagree");
}

TEST_CASE("business certificate: a number is taken from its attribute and from no other") {
    CHECK(number_or_code({{"CN", "991825827"}, {"OU", "NTRNO-991825827"}}) ==
          "seal.organisation_number_missing");
    CHECK(number_or_code({{"serialNumber", "UN:NO-991825827"}}) ==
          "seal.organisation_number_missing");
    CHECK(number_or_code({{"O", "991825827"}}) == "seal.organisation_number_missing");
    CHECK(number_or_code({{"O", "-991825827"}}) == "seal.organisation_number_missing");
    CHECK(number_or_code({{"O", "avdeling - nord 991825827"}}) ==
          "seal.organisation_number_missing");
    CHECK(number_or_code({{"organizationIdentifier", "NTRNO-9918258270"}}) ==
          "seal.organisation_number_missing");
}

TEST_CASE("business certificate: a foreign number and one with a wrong check digit are refused") {
    CHECK(number_or_code({{"organizationIdentifier", "NTRSE-991825827"}}) ==
          "seal.organisation_number_foreign");
    CHECK(number_or_code({{"organizationIdentifier", "VATDE-123456789"},
                          {"serialNumber", "991825827"}}) == "seal.organisation_number_foreign");
    CHECK(number_or_code({{"organizationIdentifier", "NTRNO-991825828"}}) ==
          "seal.organisation_number_wrong");
}

TEST_CASE("business certificate: an authority is nobody's business certificate") {
    const auto certificate = read_business_certificate(authority().intermediate());
    REQUIRE(certificate.has_error());
    CHECK(certificate.error().code.value == "seal.certificate_of_authority");
}

TEST_CASE("business certificate: what is no certificate is malformed, also with bytes behind it") {
    const std::string der = authority().issue().der;
    for (const std::string& bytes :
         {std::string(), std::string("certificate"), der.substr(0, der.size() - 1), der + "x",
          std::string(100'000, '0')}) {
        const auto certificate = read_business_certificate(bytes);
        REQUIRE(certificate.has_error());
        CHECK(certificate.error() == Finding("seal.certificate_malformed"));
    }
}

TEST_CASE("business certificate: names, times, fingerprint and addresses are read") {
    BusinessWishes wishes;
    wishes.subject = {{"O", "BLÅBÆRSKOGEN KOMMUNE"},
                      {"organizationIdentifier", "NTRNO-991825827"},
                      {"CN", "Blåbærskogen"}};
    wishes.policies = "2.16.578.1.26.1.3.5,0.4.0.194112.1.1";
    wishes.ocsp_url = "http://ocsp.example.test/";
    wishes.more_extensions = {{"nsComment", "critical,beskjed"}};
    const auto certificate = read_business_certificate(authority().issue(wishes).der).value();
    CHECK(certificate.organisation_name == "BLÅBÆRSKOGEN KOMMUNE");
    CHECK(certificate.common_name == "Blåbærskogen");
    const auto& details = certificate.details;
    CHECK(details.issuer ==
          "CN=Test CA 3\\, business, O=Test CA AS, OID.2.5.4.97=NTRNO-983163327, C=NO");
    CHECK(details.not_before == wishes.not_before);
    CHECK(details.not_after == wishes.not_after);
    CHECK(details.key_usage.stated);
    CHECK(details.key_usage.digital_signature);
    CHECK(details.key_usage.key_encipherment);
    CHECK_FALSE(details.key_usage.non_repudiation);
    CHECK(details.rsa_bits == 2048);
    CHECK(details.policies == std::vector<std::string>{"2.16.578.1.26.1.3.5", "0.4.0.194112.1.1"});
    CHECK(details.critical_extensions ==
          std::vector<std::string>{"2.5.29.15", "2.16.840.1.113730.1.13"});
    CHECK(details.crl_urls == std::vector<std::string>{"http://crl.example.test/business.crl"});
    CHECK(details.ocsp_urls == std::vector<std::string>{"http://ocsp.example.test/"});
    CHECK(std::stoull(details.serial_hex, nullptr, 16) == std::stoull(details.serial_decimal));
    CHECK_FALSE(details.self_issued);
    CHECK_FALSE(details.authority);
}

TEST_CASE("business certificate: addresses that are not fetched over HTTP are left out") {
    BusinessWishes wishes;
    wishes.crl_url = "ldap://ldap.example.test/cn=ca?certificateRevocationList";
    wishes.ocsp_url = "file:///etc/passwd";
    const auto details = read_certificate(authority().issue(wishes).der).value();
    CHECK(details.crl_urls.empty());
    CHECK(details.ocsp_urls.empty());
}

TEST_CASE("business certificate: the same certificate without key encipherment signs and does not "
          "receive") {
    CHECK(purpose_findings("critical,digitalSignature", Purpose::signing).empty());
    CHECK(purpose_findings("critical,digitalSignature", Purpose::receiving) ==
          Findings{Finding("seal.certificate_key_usage", {{"needed", "keyEncipherment"}})});
    CHECK(purpose_findings("critical,nonRepudiation", Purpose::signing).empty());
    CHECK(purpose_findings("critical,keyEncipherment", Purpose::receiving).empty());
    CHECK(purpose_findings("critical,keyEncipherment", Purpose::signing) ==
          Findings{Finding("seal.certificate_key_usage", {{"needed", "digitalSignature"}})});
    CHECK(has_finding(purpose_findings("", Purpose::signing), "seal.certificate_key_usage"));
}

TEST_CASE("business certificate: a short key and another kind of key are told") {
    const std::string usage = "critical,digitalSignature,keyEncipherment";
    CHECK(purpose_findings(usage, Purpose::signing, "RSA-1024") ==
          Findings{Finding("seal.certificate_key_weak", {{"bits", "1024"}})});
    CHECK(purpose_findings(usage, Purpose::receiving, "EC") ==
          Findings{Finding("seal.certificate_key_weak", {{"bits", "0"}})});
}
