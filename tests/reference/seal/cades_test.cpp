#include "gateway/seal/business_certificate.hpp"
#include "gateway/seal/file_coverage.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/unit/seal/cades_samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace gateway;
using namespace gateway::seal;
using tests::ScratchFolder;

namespace {

const std::string reference = SLUSE_REFERENCE_DIR;

std::vector<std::string> names_in(const ScratchFolder& folder) {
    std::vector<std::string> names;
    const auto root = folder.path() / "package";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.is_regular_file()) {
            names.push_back(entry.path().lexically_relative(root).generic_string());
        }
    }
    return names;
}

struct Package {
    CadesParts parts;
    std::vector<ContainerFile> files;
};

/// The published package of KS and Difi, unpacked by a program that is not ours.
Package published() {
    const ScratchFolder folder;
    REQUIRE(folder.run("unzip -q '" + reference +
                       "/fiks/testvectors/asice-cades/resources/cades-valid.asice' -d package") ==
            0);
    Package package;
    const auto names = names_in(folder);
    const auto entries = find_cades_entries(names).value();
    for (const auto& name : names) {
        package.files.push_back({name, crypto::sha256(folder.read("package/" + name))});
    }
    package.parts = {folder.read("package/" + entries.manifest),
                     folder.read("package/" + entries.signature), entries.signature};
    return package;
}

}   // namespace

TEST_CASE("reference: the published package with CAdES is refused for SHA-1, as the policy says") {
    const Package package = published();
    const auto refused = verify_cades(package.parts, package.files);
    REQUIRE(refused.has_error());
    CHECK(refused.error() == Finding("seal.signature_sha1"));
}

TEST_CASE("reference: where SHA-1 is let pass, the package holds and each shortcoming is told") {
    Package package = published();
    CadesPolicy policy;
    policy.strong_digest = Rule::warn;
    policy.standard_manifest = Rule::warn;
    const auto verified = verify_cades(package.parts, package.files, policy);
    INFO((verified ? std::string() : verified.error().code.value));
    REQUIRE(verified.has_value());
    CHECK(verified->remarks == Findings{Finding("seal.signature_sha1"),
                                        Finding("seal.signer_attribute_missing"),
                                        Finding("seal.manifest_dialect")});
    CHECK(read_business_certificate(verified->signer).value().organisation_number == "991825827");
    CHECK(verified->signing_time == core::parse_rfc3339("2015-07-23T06:04:39Z").value());
    for (auto& file : package.files) {
        file.sha256.bytes[0] ^= 1U;
        CHECK(verify_cades(package.parts, package.files, policy).has_value() !=
              is_to_be_signed(file.name));
        file.sha256.bytes[0] ^= 1U;
    }
}

TEST_CASE("reference: the manifest we write follows the schema of ASiC") {
    const ScratchFolder folder;
    folder.write("manifest.xml", tests::cades_input().manifest);
    const std::string check = "xmllint --noout --nonet --schema '" + reference +
                              "/dpi/xsd/asic-e/ts_102918v010201_2.xsd' manifest.xml";
    const int verdict = folder.run(check);
    INFO(folder.read("log"));
    CHECK(verdict == 0);
    folder.write("manifest.xml", R"(<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#"/>)");
    CHECK(folder.run(check) != 0);
}
