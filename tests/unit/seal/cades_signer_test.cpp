#include "gateway/seal/cades_signer.hpp"

#include "tests/support/scratch_folder.hpp"
#include "tests/unit/seal/cades_samples.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::ScratchFolder;

namespace {

void lay_out(const ScratchFolder& folder) {
    const auto parts = tests::cades_parts();
    folder.write("manifest.xml", parts.manifest);
    folder.write("signature.p7s", parts.signature);
    folder.write("root.der", tests::cades_authority().root());
    REQUIRE(folder.run("openssl x509 -inform DER -in root.der -out root.pem") == 0);
}

const std::string verify = "openssl cms -verify -binary -inform DER -in signature.p7s -content "
                           "manifest.xml -CAfile root.pem -purpose any -attime 1768478400 "
                           "-out verified.xml ";

}   // namespace

TEST_CASE("CAdES signer: openssl verifies the signature, the chain and the signing certificate") {
    const ScratchFolder folder;
    lay_out(folder);
    CHECK(folder.run(verify) == 0);
    INFO(folder.read("log"));
    CHECK(folder.read("verified.xml") == tests::cades_parts().manifest);
    CHECK(folder.run(verify + "-cades") == 0);
    folder.write("manifest.xml", tests::cades_parts().manifest + " ");
    CHECK(folder.run(verify) != 0);
}

TEST_CASE("CAdES signer: openssl finds the attributes of B level, and SHA-256 alone") {
    const ScratchFolder folder;
    lay_out(folder);
    REQUIRE(folder.run("openssl cms -cmsout -print -inform DER -in signature.p7s") == 0);
    const std::string said = folder.read("log");
    for (const char* part :
         {"eContent: <ABSENT>", "contentType (1.2.840.113549.1.9.3)",
          "signingTime (1.2.840.113549.1.9.5)", "Jan 15 12:00:00 2026 GMT",
          "messageDigest (1.2.840.113549.1.9.4)",
          "id-smime-aa-signingCertificateV2 (1.2.840.113549.1.9.16.2.47)",
          "algorithm: sha256 (2.16.840.1.101.3.4.2.1)",
          "algorithm: rsaEncryption (1.2.840.113549.1.1.1)", "CN=Test CA root"}) {
        INFO(part);
        CHECK(said.find(part) != std::string::npos);
    }
    CHECK(said.find("sha1") == std::string::npos);
    // Written as DER: read and written again by openssl it is the same bytes.
    REQUIRE(folder.run("openssl cms -cmsout -inform DER -outform DER -in signature.p7s "
                       "-out again.p7s") == 0);
    CHECK(folder.read("again.p7s") == folder.read("signature.p7s"));
}

TEST_CASE("CAdES signer: a signature by another key or over other bytes is refused") {
    const auto draft = draft_cades(tests::cades_input()).value();
    tests::BusinessWishes another;
    another.key = 1;
    const auto stranger = tests::cades_authority().issue(another);
    CHECK(draft.finish(stranger.sign(draft.to_sign())).error().is(core::Errc::invalid_argument));
    CHECK(draft.finish(tests::cades_signer().sign(tests::cades_input().manifest))
              .error()
              .is(core::Errc::invalid_argument));
}

TEST_CASE("CAdES signer: what cannot be signed is told before anything is signed") {
    CadesInput input = tests::cades_input();
    input.manifest.clear();
    CHECK(draft_cades(input).error().is(core::Errc::invalid_argument));
    input = tests::cades_input();
    input.chain.clear();
    CHECK(draft_cades(input).error().is(core::Errc::invalid_argument));
    input = tests::cades_input();
    input.chain.back() = "root";
    CHECK(draft_cades(input).error().is(core::Errc::malformed));
}
