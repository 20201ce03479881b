#include "gateway/seal/ocsp.hpp"

#include "tests/support/business_certificates.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::BusinessAuthority;
using tests::judged_at;
using tests::OcspWishes;

namespace {

const BusinessAuthority& authority() {
    static const BusinessAuthority one;
    return one;
}

const std::string& leaf() {
    static const std::string der = authority().issue().der;
    return der;
}

Judged<OcspAnswer> read(const OcspWishes& wishes) {
    return read_ocsp_answer(authority().ocsp_answer(leaf(), wishes), leaf(),
                            authority().intermediate(), judged_at());
}

std::string verdict(const Judged<OcspAnswer>& answer) {
    return answer ? "read" : answer.error().params.front().second;
}

std::string answered_by(const std::string& responder) {
    OcspWishes wishes;
    wishes.responder = responder;
    return verdict(read(wishes));
}

}   // namespace

TEST_CASE("OCSP: good, revoked and unknown are told apart, with their times") {
    const auto good = read(OcspWishes());
    INFO(verdict(good));
    REQUIRE(good.has_value());
    CHECK(good->known);
    CHECK_FALSE(good->revocation.has_value());
    CHECK(good->this_update == OcspWishes().this_update);
    CHECK(good->next_update == OcspWishes().next_update);
    OcspWishes wishes;
    wishes.status = "revoked";
    const auto revoked = read(wishes).value();
    REQUIRE(revoked.revocation.has_value());
    CHECK(revoked.revocation->at == wishes.this_update);
    CHECK(revoked.revocation->reason == "keyCompromise");
    wishes.status = "unknown";
    CHECK_FALSE(read(wishes).value().known);
}

TEST_CASE("OCSP: an answer without an end is good for an hour") {
    OcspWishes wishes;
    wishes.says_next_update = false;
    CHECK(read(wishes).value().next_update == wishes.this_update + std::chrono::hours(1));
}

TEST_CASE("OCSP: only the issuer, or one it gave the right to, may answer") {
    CHECK(answered_by("delegate") == "read");
    CHECK(answered_by("issuer") == "read");
    CHECK(answered_by("delegate_without_usage") == "responder");
    CHECK(answered_by("expired_delegate") == "responder");
    CHECK(answered_by("forged_delegate") == "responder");
    CHECK(answered_by("stranger") == "responder");
    const BusinessAuthority other("Fremmed CA");
    CHECK(verdict(read_ocsp_answer(other.ocsp_answer(leaf()), leaf(), authority().intermediate(),
                                   judged_at())) == "responder");
}

TEST_CASE("OCSP: an answer about another certificate says nothing of this one") {
    CHECK(verdict(read_ocsp_answer(authority().ocsp_answer(authority().issue().der), leaf(),
                                   authority().intermediate(), judged_at())) ==
          "other_certificate");
}

TEST_CASE("OCSP: a changed answer is refused, and one signed with SHA-1") {
    OcspWishes wishes;
    wishes.signed_with_sha1 = true;
    CHECK(verdict(read(wishes)) == "algorithm");
    std::string der = authority().ocsp_answer(leaf());
    const std::size_t time = der.find("20260115110000Z");
    REQUIRE(time != std::string::npos);
    der.replace(time, 15, "20260115113000Z");
    CHECK(verdict(read_ocsp_answer(der, leaf(), authority().intermediate(), judged_at())) ==
          "signature");
}

TEST_CASE("OCSP: a responder that refuses, an answer of tomorrow and one that never was are told") {
    OcspWishes wishes;
    wishes.refused = true;
    CHECK(verdict(read(wishes)) == "refused");
    wishes = OcspWishes();
    wishes.this_update = judged_at() + std::chrono::minutes(6);
    CHECK(verdict(read(wishes)) == "future");
    wishes = OcspWishes();
    wishes.next_update = wishes.this_update;
    CHECK(verdict(read(wishes)) == "no_end");
}

TEST_CASE("OCSP: what is no answer is malformed, and a large one is not read") {
    const std::string der = authority().ocsp_answer(leaf());
    for (const std::string& bytes :
         {std::string(), std::string("answer"), der.substr(0, der.size() - 1), der + "x"}) {
        CHECK(verdict(read_ocsp_answer(bytes, leaf(), authority().intermediate(), judged_at())) ==
              "malformed");
    }
    CHECK(verdict(read_ocsp_answer(der, "leaf", authority().intermediate(), judged_at())) ==
          "malformed");
    CHECK(verdict(read_ocsp_answer(std::string(ocsp_bytes_max + 1, '0'), leaf(),
                                   authority().intermediate(), judged_at())) == "too_large");
}

TEST_CASE("OCSP: openssl's own responder understands the question and answers it") {
    const tests::ScratchFolder folder;
    folder.write("request.der", ocsp_request(leaf(), authority().intermediate()));
    REQUIRE(folder.run("openssl ocsp -reqin request.der -req_text -noverify") == 0);
    const std::string said = folder.read("log");
    CHECK(said.find("Hash Algorithm: sha1") != std::string::npos);
    CHECK(said.find("Nonce") == std::string::npos);
    CHECK(ocsp_request("leaf", authority().intermediate()).empty());
    CHECK(ocsp_request(leaf(), "issuer").empty());

    folder.write("answer.der", authority().ocsp_answer(leaf()));
    folder.write("intermediate.der", authority().intermediate());
    folder.write("root.der", authority().root());
    CHECK(folder.run("openssl x509 -inform DER -in intermediate.der -out intermediate.pem && "
                     "openssl x509 -inform DER -in root.der -out root.pem && "
                     "cat root.pem intermediate.pem > all.pem && "
                     "openssl ocsp -respin answer.der -CAfile all.pem -reqin request.der "
                     "-attime 1768478400 -no_nonce") == 0);
    INFO(folder.read("log"));
    CHECK(folder.read("log").find("Response verify OK") != std::string::npos);
}
