#include "gateway/seal/cades_verifier.hpp"

#include "tests/support/scratch_folder.hpp"
#include "tests/unit/seal/cades_samples.hpp"
#include "tests/unit/seal/xades_samples.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::cades_container;
using tests::cades_parts;
using tests::replaced;
using tests::ScratchFolder;

namespace {

std::string verdict(const Judged<VerifiedSignature>& judged) {
    std::string text = judged ? "good" : judged.error().code.value;
    for (const auto& [name, value] : judged ? core::Params() : judged.error().params) {
        text += " " + name + "=" + value;
    }
    for (const auto& remark : judged ? judged->remarks : Findings()) {
        text += " " + remark.code.value;
    }
    return text;
}

std::string verdict(const CadesParts& parts, const CadesPolicy& policy = CadesPolicy()) {
    return verdict(verify_cades(parts, cades_container(), policy));
}

/// The package's manifest signed by the openssl program, with its own options.
CadesParts signed_by_openssl(const std::string& options, const std::string& manifest = {}) {
    const ScratchFolder folder;
    CadesParts parts = cades_parts();
    parts.manifest = manifest.empty() ? parts.manifest : manifest;
    folder.write("manifest.xml", parts.manifest);
    folder.write("leaf.der", tests::cades_signer().der);
    folder.write("leaf.key", tests::cades_signer().key_pem);
    tests::BusinessWishes wishes;
    wishes.key = 1;
    const auto other = tests::cades_authority().issue(wishes);
    folder.write("other.der", other.der);
    folder.write("other.key", other.key_pem);
    const int made =
        folder.run("for n in leaf other; do openssl x509 -inform DER -in $n.der -out $n.pem; "
                   "done; openssl cms -sign -binary -in manifest.xml -outform DER "
                   "-out signature.p7s -signer leaf.pem -inkey leaf.key " +
                   options);
    INFO(folder.read("log"));
    REQUIRE(made == 0);
    parts.signature = folder.read("signature.p7s");
    return parts;
}

}   // namespace

TEST_CASE("CAdES verifier: what we sign holds under the strictest policy, without a remark") {
    const auto verified = verify_cades(cades_parts(), cades_container(), CadesPolicy::strict());
    INFO(verdict(verified));
    REQUIRE(verified.has_value());
    CHECK(verified->signer == tests::cades_signer().der);
    CHECK(verified->signing_time == tests::judged_at());
    CHECK(verified->certificates.size() == 3);
    CHECK(verified->remarks.empty());
}

TEST_CASE("CAdES verifier: what openssl signs with -cades holds as well") {
    CHECK(verdict(signed_by_openssl("-cades"), CadesPolicy::strict()) == "good");
    CHECK(verdict(signed_by_openssl("-cades -md sha512"), CadesPolicy::strict()) == "good");
}

TEST_CASE("CAdES verifier: a changed file, manifest or signature is told") {
    auto files = cades_container();
    files[1].sha256.bytes[0] ^= 1U;
    CHECK(verdict(verify_cades(cades_parts(), files)) == "seal.file_changed number=2");
    files = cades_container();
    files.push_back({"more.txt", {}});
    CHECK(verdict(verify_cades(cades_parts(), files)) == "seal.file_unsigned number=6");
    files = cades_container();
    files.erase(files.begin() + 2);
    CHECK(verdict(verify_cades(cades_parts(), files)) == "seal.file_missing reference=2");
    CadesParts parts = cades_parts();
    parts.manifest += " ";
    CHECK(verdict(parts) == "seal.manifest_changed");
    parts = cades_parts();
    parts.signature.back() = static_cast<char>(parts.signature.back() ^ 1);
    CHECK(verdict(parts) == "seal.signature_wrong");
    // The signing time is signed.
    parts = cades_parts();
    parts.signature = replaced(parts.signature, "260115120000Z", "260115120001Z");
    CHECK(verdict(parts) == "seal.signature_wrong");
}

TEST_CASE("CAdES verifier: nothing there is told as what is missing") {
    CadesParts parts = cades_parts();
    parts.signature.clear();
    CHECK(verdict(parts) == "seal.signature_missing");
    parts = cades_parts();
    parts.manifest.clear();
    CHECK(verdict(parts) == "seal.manifest_missing");
}

TEST_CASE("CAdES verifier: without the signing certificate's attribute the policy decides") {
    const CadesParts parts = signed_by_openssl("");
    CHECK(verdict(parts) == "good seal.signer_attribute_missing");
    CHECK(verdict(parts, CadesPolicy::strict()) == "seal.signer_attribute_missing");
    CadesPolicy silent;
    silent.signing_certificate = Rule::ignore;
    CHECK(verdict(parts, silent) == "good");
}

TEST_CASE("CAdES verifier: SHA-1 is refused, or remarked on where it must be accepted") {
    const CadesParts parts = signed_by_openssl("-md sha1");
    CHECK(verdict(parts) == "seal.signature_sha1");
    CadesPolicy old;
    old.strong_digest = Rule::warn;
    CHECK(verdict(parts, old) == "good seal.signature_sha1 seal.signer_attribute_missing");
    CHECK(verdict(signed_by_openssl("-md md5"), old) ==
          "seal.signature_algorithm part=digestAlgorithm");
    CHECK(verdict(signed_by_openssl("-keyopt rsa_padding_mode:pss")) ==
          "seal.signature_algorithm part=signatureAlgorithm");
}

TEST_CASE("CAdES verifier: a signature without attributes is refused unless the policy takes it") {
    const CadesParts parts = signed_by_openssl("-noattr");
    CHECK(verdict(parts) == "seal.signed_attributes_missing");
    CadesPolicy policy;
    policy.signed_attributes = Rule::warn;
    CHECK(verdict(parts, policy) == "good seal.signed_attributes_missing "
                                    "seal.signer_attribute_missing seal.signing_time_missing");
    CadesParts changed = parts;
    changed.manifest += " ";
    CHECK(verdict(changed, policy) == "seal.signature_wrong");
}

TEST_CASE("CAdES verifier: one key may sign twice as .NET does, two keys may not") {
    const CadesParts twice = signed_by_openssl(
        "-cades && openssl cms -resign -binary -inform DER -in signature.p7s -content manifest.xml "
        "-nocerts -cades -signer leaf.pem -inkey leaf.key -outform DER -out twice.p7s && "
        "mv twice.p7s signature.p7s");
    CHECK(verdict(twice) == "good seal.signed_twice");
    CHECK(verdict(twice, CadesPolicy::strict()) == "seal.signed_twice");
    CHECK(verdict(signed_by_openssl("-cades -signer other.pem -inkey other.key")) ==
          "seal.signatures_several count=2");
}

TEST_CASE("CAdES verifier: a signature that brings no certificate names nobody") {
    CHECK(verdict(signed_by_openssl("-nocerts")) == "seal.signer_unnamed");
}

TEST_CASE(
    "CAdES verifier: an attribute that names another certificate of the same key is refused") {
    // The same issuer and serial, so that the signature finds it, and another certificate.
    const CadesParts parts = cades_parts();
    const std::string leaf = tests::cades_signer().der;
    std::string forged = leaf;
    const std::size_t name = forged.find("KOMMUNE");
    REQUIRE(name != std::string::npos);
    forged.replace(name, 7, "KOMMUNF");
    CadesParts changed = parts;
    changed.signature = replaced(parts.signature, leaf, forged);
    CHECK(verdict(changed) == "seal.signer_unnamed");
}

TEST_CASE("CAdES verifier: the manifest must mean this signature") {
    CadesParts parts = cades_parts();
    parts.signature_name = "META-INF/signature-2.p7s";
    CHECK(verdict(parts) == "seal.signature_elsewhere");
    const std::string without = replaced(cades_parts().manifest,
                                         "<SigReference URI=\"META-INF/signature-1.p7s\" "
                                         "MimeType=\"application/x-pkcs7-signature\"/>",
                                         "");
    CHECK(verdict(signed_by_openssl("-cades", without)) == "good seal.signature_unreferenced");
    CHECK(verdict(signed_by_openssl("-cades", without), CadesPolicy::strict()) ==
          "seal.signature_unreferenced");
}

TEST_CASE("CAdES verifier: a dialect of the manifest is a matter of policy") {
    const CadesParts parts = signed_by_openssl(
        "-cades", replaced(cades_parts().manifest, "/02918/v1.2.1#", "/2918/v1.2.1#"));
    CHECK(verdict(parts) == "good");
    CHECK(verdict(parts, CadesPolicy::strict()) == "seal.manifest_dialect");
    CHECK(verdict(signed_by_openssl("-cades", "<other/>")) ==
          "seal.manifest_malformed part=ASiCManifest");
}

TEST_CASE("CAdES verifier: what is no detached signature is malformed") {
    CadesParts parts = cades_parts();
    for (const std::string& bytes :
         {std::string("signature"), parts.signature.substr(0, parts.signature.size() - 1),
          parts.signature + "x", std::string(300'000, '0')}) {
        parts.signature = bytes;
        CHECK(verdict(parts) == "seal.signature_malformed part=ContentInfo");
    }
    CHECK(verdict(signed_by_openssl("-nodetach")) == "seal.signature_malformed part=content");
    CHECK(verdict(signed_by_openssl("-econtent_type 1.2.3.4")) ==
          "seal.signature_malformed part=contentType");
    parts.signature = tests::cades_signer().der;
    CHECK(verdict(parts) == "seal.signature_malformed part=ContentInfo");
}
