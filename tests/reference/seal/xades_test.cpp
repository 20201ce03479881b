#include "gateway/seal/business_certificate.hpp"
#include "gateway/seal/file_coverage.hpp"
#include "gateway/seal/xades_verifier.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/unit/seal/xades_samples.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace gateway;
using namespace gateway::seal;
using tests::ScratchFolder;

namespace {

const std::string reference = SLUSE_REFERENCE_DIR;

/// The official packages, unpacked by a program that is not ours.
std::vector<std::filesystem::path> packages() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry :
         std::filesystem::directory_iterator(reference + "/dpi/samples/complete")) {
        if (entry.path().extension() == ".zip") {
            found.push_back(entry.path());
        }
    }
    return found;
}

std::vector<ContainerFile> files_in(const ScratchFolder& folder) {
    std::vector<ContainerFile> files;
    const auto root = folder.path() / "package";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.is_regular_file()) {
            const std::string name = entry.path().lexically_relative(root).generic_string();
            files.push_back({name, crypto::sha256(folder.read("package/" + name))});
        }
    }
    return files;
}

}   // namespace

TEST_CASE("reference: the signature of every official package holds, and not after a change") {
    std::size_t count = 0;
    for (const auto& package : packages()) {
        INFO(package);
        const ScratchFolder folder;
        REQUIRE(folder.run("unzip -q '" + package.string() + "' -d package") == 0);
        auto files = files_in(folder);
        const std::string xml = folder.read("package/META-INF/signatures.xml");
        const auto verified = verify_xades(xml, files);
        INFO((verified ? std::string() : verified.error().code.value));
        REQUIRE(verified.has_value());
        CHECK(verified->certificates.size() == 3);
        CHECK(verified->signer == verified->certificates.front());
        CHECK(read_business_certificate(verified->signer).value().organisation_number ==
              "991825827");
        CHECK(verified->signing_time.has_value());
        CHECK(verified->remarks == Findings{Finding("seal.signer_named_by_sha1")});
        for (auto& file : files) {
            file.sha256.bytes[31] ^= 1U;
            CHECK(verify_xades(xml, files).has_value() != is_to_be_signed(file.name));
            file.sha256.bytes[31] ^= 1U;
        }
        ++count;
    }
    CHECK(count >= 2);
}

TEST_CASE("reference: what we sign follows the schemas of ASiC, XML Signature and XAdES") {
    const ScratchFolder folder;
    folder.write("signatures.xml", tests::SignedPackage().signatures_xml());
    // One schema that names all three, so that none of them is passed over.
    folder.write("all.xsd",
                 R"(<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://uri.etsi.org/02918/v1.2.1#" schemaLocation=")" +
                     reference +
                     R"(/dpi/xsd/asic-e/ts_102918v010201_2.xsd"/>
<xsd:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation=")" +
                     reference +
                     R"(/dpi/xsd/w3/xmldsig-core-schema.xsd"/>
<xsd:import namespace="http://uri.etsi.org/01903/v1.3.2#" schemaLocation=")" +
                     reference +
                     R"(/dpi/xsd/etsi/XAdES.xsd"/>
</xsd:schema>)");
    const std::string check = "xmllint --noout --nonet --schema all.xsd signatures.xml";
    const int verdict = folder.run(check);
    INFO(folder.read("log"));
    CHECK(verdict == 0);
    // The schemas do look: a wrong time and a wrong element are found.
    const std::string xml = folder.read("signatures.xml");
    folder.write("signatures.xml", tests::replaced(xml, "<SigningTime>2026", "<SigningTime>x"));
    CHECK(folder.run(check) != 0);
    folder.write("signatures.xml", tests::replaced(xml, "</X509Data>", "<Wrong/></X509Data>"));
    CHECK(folder.run(check) != 0);
}
