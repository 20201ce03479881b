#include "gateway/crypto/certificate.hpp"
#include "gateway/seal/revocation_cache.hpp"
#include "gateway/seal/trust_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace gateway;
using namespace gateway::seal;
using tests::ScratchFolder;

namespace {

std::string read(const std::string& name) {
    std::ifstream file(std::string(SLUSE_REFERENCE_DIR) + "/" + name, std::ios::binary);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

TrustFile trust_list(const std::string& environment) {
    const auto file =
        read_trust_file(read("maskinporten/virksomhetssertifikat-trust.json"), environment);
    INFO((file ? std::string() : file.error().to_string()));
    REQUIRE(file.has_value());
    return *file;
}

std::string certificate(const std::string& name) {
    const std::string bytes = read("dpi/certificates/test/" + name);
    const auto pem = crypto::certificates_from_pem(bytes);
    return pem && !pem->empty() ? pem->front() : bytes;
}

std::string verdict(const TrustFile& list, const std::string& name, const char* time) {
    const auto chain = TrustStore::make(list.policy)
                           .value()
                           .judge(certificate(name), {}, core::parse_rfc3339(time).value());
    return chain ? "trusted, " + std::to_string(chain->certificates.size()) + " certificates"
                 : chain.error().code.value;
}

}   // namespace

TEST_CASE("reference: the trust list of Digdir is read, and published certificates chain to it") {
    const TrustFile test = trust_list("test");
    CHECK(verdict(test, "digdir_seid2.cer", "2024-01-01T00:00:00Z") == "trusted, 3 certificates");
    CHECK(verdict(test, "digdir_seid2.cer", "2026-01-01T00:00:00Z") == "seal.certificate_expired");
    CHECK(verdict(test, "buypass-psd2.cer", "2022-01-01T00:00:00Z") == "trusted, 3 certificates");
    CHECK(verdict(test, "bc-test-digdir.cer", "2022-01-01T00:00:00Z") == "trusted, 3 certificates");
    CHECK(verdict(test, "virksert-test-difi.cer", "2019-01-01T00:00:00Z") ==
          "trusted, 3 certificates");
    CHECK(verdict(test, "difi-move-test.cer", "2017-01-01T00:00:00Z") ==
          "seal.certificate_untrusted");
    CHECK(verdict(test, "c2.cer", "2022-01-01T00:00:00Z") == "seal.organisation_number_missing");
}

TEST_CASE("reference: a test certificate is not trusted in production") {
    const TrustFile production = trust_list("prod");
    for (const char* name : {"digdir_seid2.cer", "buypass-psd2.cer", "bc-test-digdir.cer"}) {
        CHECK(verdict(production, name, "2022-12-01T00:00:00Z").rfind("seal.certificate_", 0) == 0);
    }
}

TEST_CASE("reference: every intermediate of the trust list is of one of its roots, openssl says") {
    for (const char* environment : {"test", "prod"}) {
        const TrustFile list = trust_list(environment);
        CHECK(list.policy.roots.size() >= 2);
        CHECK(list.policy.intermediates.size() >= 2);
        CHECK_FALSE(list.crl_urls.empty());
        const ScratchFolder folder;
        for (std::size_t i = 0; i < list.policy.roots.size(); ++i) {
            folder.write("root" + std::to_string(i) + ".der", list.policy.roots[i]);
        }
        for (std::size_t i = 0; i < list.policy.intermediates.size(); ++i) {
            folder.write("intermediate" + std::to_string(i) + ".der", list.policy.intermediates[i]);
        }
        const int verdict =
            folder.run("for f in *.der; do openssl x509 -inform DER -in $f -out $f.pem || exit 9; "
                       "done; cat root*.pem > roots.pem; "
                       "openssl verify -attime 1700000000 -CAfile roots.pem intermediate*.pem");
        INFO(folder.read("log"));
        CHECK(verdict == 0);
    }
}

TEST_CASE("reference: where a published certificate's revocation is told is read from it") {
    const auto details = read_certificate(certificate("bc-test-digdir.cer")).value();
    CHECK(details.crl_urls ==
          std::vector<std::string>{"http://crl.test4.buypass.no/crl/BPClass3T4CA3.crl"});
    CHECK(details.ocsp_urls ==
          std::vector<std::string>{"http://ocsp.test4.buypass.no/ocsp/BPClass3T4CA3"});
    CHECK(judge_purpose(read_certificate(certificate("virksert-test-difi.cer")).value(),
                        Purpose::receiving)
              .size() == 1);   // nonRepudiation alone
    CHECK(judge_purpose(read_certificate(certificate("digdir_seid2.cer")).value(),
                        Purpose::receiving)
              .size() == 1);   // Commfides: digitalSignature alone
    CHECK(judge_purpose(details, Purpose::receiving).empty());
}
