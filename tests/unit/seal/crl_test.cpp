#include "gateway/seal/crl.hpp"

#include "gateway/seal/certificate_details.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::BusinessAuthority;
using tests::judged_at;
using tests::RevocationListWishes;

namespace {

const BusinessAuthority& authority() {
    static const BusinessAuthority one;
    return one;
}

std::string serial_of(const std::string& der) {
    return read_certificate(der).value().serial_der;
}

Judged<RevocationList> read(const RevocationListWishes& wishes) {
    return RevocationList::read(authority().revocation_list(wishes), authority().intermediate(),
                                judged_at());
}

std::string verdict(const Judged<RevocationList>& list) {
    return list ? "read" : list.error().params.front().second;
}

std::string verdict(const RevocationListWishes& wishes) {
    return verdict(read(wishes));
}

}   // namespace

TEST_CASE("CRL: a revoked certificate is found with time and reason, another is not") {
    RevocationListWishes wishes;
    const auto revoked = authority().issue();
    const auto other = authority().issue();
    for (int i = 0; i < 50; ++i) {
        wishes.revoked.push_back(authority().issue().der);
    }
    wishes.revoked.push_back(revoked.der);
    wishes.reason = "keyCompromise";
    const auto list = read(wishes);
    REQUIRE(list.has_value());
    CHECK(list->size() == 51);
    CHECK(list->this_update() == wishes.this_update);
    CHECK(list->next_update() == wishes.next_update);
    const auto found = list->find(serial_of(revoked.der));
    REQUIRE(found.has_value());
    CHECK(found->at == wishes.this_update);
    CHECK(found->reason == "keyCompromise");
    CHECK_FALSE(list->find(serial_of(other.der)).has_value());
    CHECK_FALSE(list->find("").has_value());
}

TEST_CASE("CRL: an empty list revokes nobody, and no reason is unspecified") {
    const auto list = read(RevocationListWishes());
    REQUIRE(list.has_value());
    CHECK(list->size() == 0);
    RevocationListWishes wishes;
    const auto revoked = authority().issue();
    wishes.revoked = {revoked.der};
    CHECK(read(wishes).value().find(serial_of(revoked.der))->reason == "unspecified");
}

TEST_CASE("CRL: a list of another issuer, or signed by another key, is refused") {
    RevocationListWishes wishes;
    wishes.signed_by_another_key = true;
    CHECK(verdict(wishes) == "signature");
    wishes = RevocationListWishes();
    wishes.signed_with_sha1 = true;
    CHECK(verdict(wishes) == "algorithm");
    const auto leaf = authority().issue();
    CHECK(verdict(RevocationList::read(BusinessAuthority::list_by(leaf), leaf.der, judged_at())) ==
          "usage");
    const BusinessAuthority stranger("Fremmed CA");
    CHECK(verdict(RevocationList::read(authority().revocation_list(), stranger.intermediate(),
                                       judged_at())) == "issuer");
    CHECK(verdict(RevocationList::read(authority().revocation_list(), "no certificate",
                                       judged_at())) == "issuer");
    CHECK(crl_issuer(authority().revocation_list()) ==
          read_certificate(authority().intermediate()).value().subject_der);
}

TEST_CASE("CRL: what is no list, cut, followed by more or too large is refused") {
    const std::string der = authority().revocation_list();
    for (const std::string& bytes :
         {std::string(), std::string("list"), der.substr(0, der.size() - 1), der + "x"}) {
        CHECK(verdict(RevocationList::read(bytes, authority().intermediate(), judged_at())) ==
              "malformed");
        CHECK(crl_issuer(bytes).empty());
    }
    CHECK(verdict(RevocationList::read(std::string(crl_bytes_max + 1, '0'),
                                       authority().intermediate(), judged_at())) == "too_large");
}

TEST_CASE("CRL: a list of tomorrow is refused, a clock a little ahead is not") {
    RevocationListWishes wishes;
    wishes.this_update = judged_at() + std::chrono::minutes(4);
    CHECK(verdict(wishes) == "read");
    wishes.this_update = judged_at() + std::chrono::minutes(6);
    CHECK(verdict(wishes) == "future");
    wishes = RevocationListWishes();
    wishes.next_update = wishes.this_update;
    CHECK(verdict(wishes) == "no_end");
}

TEST_CASE(
    "CRL: lists that speak of a part, of others, or in an unknown way are not taken for whole") {
    RevocationListWishes wishes;
    wishes.extensions = {{"crlNumber", "8"}, {"deltaCRL", "7"}};
    CHECK(verdict(wishes) == "delta");
    wishes.extensions = {{"issuingDistributionPoint", "critical,indirectCRL:TRUE"}};
    CHECK(verdict(wishes) == "indirect");
    wishes.extensions = {{"issuingDistributionPoint", "critical,onlysomereasons:keyCompromise"}};
    CHECK(verdict(wishes) == "reasons");
    wishes.extensions = {{"issuingDistributionPoint", "critical,onlyAA:TRUE"}};
    CHECK(verdict(wishes) == "reasons");
    wishes.extensions = {{"nsComment", "critical,beskjed"}};
    CHECK(verdict(wishes) == "extension");
    wishes.extensions = {{"nsComment", "beskjed"}};
    CHECK(verdict(wishes) == "read");
    wishes.revoked = {authority().issue().der};
    CHECK(verdict(wishes) == "read");
    wishes.speaks_for_another_issuer = true;
    CHECK(verdict(wishes) == "extension");
}

TEST_CASE("CRL: a list of users or of one address covers those alone") {
    const std::vector<std::string> urls{"http://crl.example.test/business.crl"};
    CHECK(read(RevocationListWishes()).value().covers(false, urls));
    CHECK(read(RevocationListWishes()).value().covers(true, {}));
    RevocationListWishes wishes;
    wishes.extensions = {{"issuingDistributionPoint", "critical,onlyuser:TRUE"}};
    CHECK(read(wishes).value().covers(false, {}));
    CHECK_FALSE(read(wishes).value().covers(true, {}));
    wishes.extensions = {{"issuingDistributionPoint", "critical,onlyCA:TRUE"}};
    CHECK_FALSE(read(wishes).value().covers(false, {}));
    wishes.extensions = {
        {"issuingDistributionPoint", "critical,fullname:URI:http://crl.example.test/business.crl"}};
    CHECK(read(wishes).value().covers(false, urls));
    CHECK_FALSE(read(wishes).value().covers(false, {"http://crl.example.test/other.crl"}));
    CHECK_FALSE(read(wishes).value().covers(false, {}));
}

TEST_CASE("CRL: openssl reads the lists that these tests make, and agrees on who is revoked") {
    const tests::ScratchFolder folder;
    RevocationListWishes wishes;
    const auto revoked = authority().issue();
    wishes.revoked = {revoked.der};
    folder.write("list.der", authority().revocation_list(wishes));
    folder.write("leaf.der", revoked.der);
    folder.write("other.der", authority().issue().der);
    folder.write("root.der", authority().root());
    folder.write("intermediate.der", authority().intermediate());
    const std::string now = std::to_string(
        std::chrono::floor<std::chrono::seconds>(judged_at()).time_since_epoch().count());
    const std::string prepare = "for n in leaf other root intermediate; do "
                                "openssl x509 -inform DER -in $n.der -out $n.pem || exit 9; done; "
                                "openssl crl -inform DER -in list.der -out list.pem && ";
    const std::string verify = "openssl verify -attime " + now +
                               " -crl_check -CRLfile list.pem -CAfile root.pem "
                               "-untrusted intermediate.pem ";
    CHECK(folder.run(prepare + verify + "other.pem") == 0);
    INFO(folder.read("log"));
    CHECK(folder.run(prepare + verify + "leaf.pem") != 0);
    CHECK(folder.read("log").find("certificate revoked") != std::string::npos);
}
