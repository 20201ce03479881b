#include "gateway/seal/cms_encrypt.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/unit/adapter_fiks_io/fiks_world.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace fiks_world;
using tests::ScratchFolder;

namespace {

std::string published_package() {
    std::ifstream file(std::string(SLUSE_REFERENCE_DIR) +
                           "/fiks/testvectors/asice-cades/resources/cades-valid.asice",
                       std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    REQUIRE(bytes.str().size() > 1000);
    return bytes.str();
}

/// As another sender would close it for us.
std::string closed_for_us(World& world, const std::string& plain) {
    const std::vector<std::string> whom{identity(municipality).der};
    auto cms = seal::CmsEncrypter::create(whom, *world.fake.ids);
    std::string envelope;
    cms->write(plain, envelope);
    cms->finish(envelope);
    return envelope;
}

std::string with_trust() {
    return R"(,"trust_file":)" + json::write(json::Value(trust_file()));
}

}   // namespace

TEST_CASE("reference: openssl opens what we seal, and holds its signature for CAdES") {
    World world;
    fiks::Files files;
    files.emplace_back("arkivmelding.xml", "application/xml", "<arkivmelding/>");
    files.push_back(world.document("Søknad.pdf", std::string(300'000, 'p')));
    const ScratchFolder folder;
    folder.write("envelope", world.seal(std::move(files), identity(archive_owner).der));
    folder.write("key.pem", identity(archive_owner).key_pem);
    folder.write("receiver.pem", pem_of(identity(archive_owner).der));
    folder.write("signer.pem", pem_of(identity(municipality).der));
    folder.write("roots.pem", pem_of(authority().root()));
    CHECK(folder.run("openssl cms -decrypt -binary -inform DER -in envelope -recip receiver.pem "
                     "-inkey key.pem -out package.zip") == 0);
    INFO(folder.read("log"));
    REQUIRE(folder.run("unzip -q package.zip -d package") == 0);
    CHECK(folder.read("package/mimetype") == "application/vnd.etsi.asic-e+zip");
    CHECK(folder.read("package/arkivmelding.xml") == "<arkivmelding/>");
    CHECK(folder.read("package/Søknad.pdf") == std::string(300'000, 'p'));
    const std::string verify =
        "openssl cms -verify -cades -binary -inform DER -in package/META-INF/signature-*.p7s "
        "-content package/META-INF/ASiCManifest.xml -CAfile roots.pem -purpose any "
        "-attime 1768478400 -out verified";
    const int held = folder.run(verify);
    INFO(folder.read("log"));
    CHECK(held == 0);
    folder.write("package/META-INF/ASiCManifest.xml", "<other/>");
    CHECK(folder.run(verify) != 0);
}

TEST_CASE("reference: openssl finds one recipient, by OAEP with SHA-256, and AES-256-CBC") {
    World world;
    fiks::Files files;
    files.emplace_back("a.xml", "application/xml", "<a/>");
    const ScratchFolder folder;
    folder.write("envelope", world.seal(std::move(files)));
    REQUIRE(folder.run("openssl cms -cmsout -print -noout -inform DER -in envelope > shown") == 0);
    const std::string shown = folder.read("shown");
    const auto first = shown.find("d.ktri");
    CHECK(first != std::string::npos);
    CHECK(shown.find("d.ktri", first + 1) == std::string::npos);
    CHECK(shown.find("rsaesOaep") != std::string::npos);
    CHECK(shown.find("aes-256-cbc") != std::string::npos);
}

TEST_CASE(
    "reference: what openssl closes opens, by PKCS#1 v1.5, by OAEP, by both for one certificate") {
    World world;
    world.fake.http.always("GET", "offentligNokkel")
        .answer_json(200, key_answer(identity(municipality).der));
    const ScratchFolder folder;
    folder.write("package", published_package());
    folder.write("ours.pem", pem_of(identity(municipality).der));
    const std::string oaep = " -recip ours.pem -keyopt rsa_padding_mode:oaep -keyopt "
                             "rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256";
    for (const std::string& recipients :
         {std::string(" -recip ours.pem"), oaep, " -recip ours.pem" + oaep}) {
        INFO(recipients);
        REQUIRE(folder.run("openssl cms -encrypt -binary -stream -aes-256-cbc -outform DER "
                           "-in package -out closed" +
                           recipients) == 0);
        const auto opening = world.open(folder.read("closed"));
        INFO(opening.code.value);
        CHECK(opening.package.has_value());
    }
}

TEST_CASE(
    "reference: the published package opens, is flagged for SHA-1, and is refused by policy") {
    World warned(with_trust());
    warned.fake.http.always("GET", "offentligNokkel")
        .answer_json(200, key_answer(identity(municipality).der));
    const auto opening = warned.open(closed_for_us(warned, published_package()), "991825827");
    INFO(opening.code.value);
    REQUIRE(opening.package.has_value());
    CHECK(opening.package->files.size() == 2);
    const auto& signature = opening.package->signature;
    CHECK(signature.holds);
    CHECK_FALSE(signature.trusted);   // by an authority that this trust file does not know
    CHECK(signature.organisation == "991825827");
    CHECK(seal::has_finding(signature.findings, "seal.signature_sha1"));

    World strict(with_trust() + R"(,"signature":"require")");
    strict.fake.http.always("GET", "offentligNokkel")
        .answer_json(200, key_answer(identity(municipality).der));
    const auto refused = strict.open(closed_for_us(strict, published_package()), "991825827");
    CHECK_FALSE(refused.package.has_value());
    CHECK(refused.code.value == "seal.signature_sha1");
}
