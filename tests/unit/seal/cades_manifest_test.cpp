#include "gateway/seal/cades_manifest.hpp"

#include "tests/unit/seal/cades_samples.hpp"
#include "tests/unit/seal/xades_samples.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::replaced;

namespace {

const std::string signature_name = "META-INF/signature-1.p7s";

std::string manifest() {
    return write_cades_manifest(tests::cades_files(), signature_name).value();
}

std::string verdict(const std::string& xml) {
    const auto read = read_cades_manifest(xml);
    if (read) {
        return read->dialect ? "read as a dialect" : "read";
    }
    return read.error().code.value + " " +
           (read.error().params.empty() ? "" : read.error().params.front().second);
}

std::string entries(const std::vector<std::string>& names) {
    const auto found = find_cades_entries(names);
    return found ? found->manifest + " + " + found->signature : found.error().code.value;
}

}   // namespace

TEST_CASE("CAdES manifest: it is written as KS's Java client writes it, and read back") {
    const std::string xml = manifest();
    CHECK(xml.find(R"(<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#")") !=
          std::string::npos);
    CHECK(
        xml.find(
            R"(<SigReference URI="META-INF/signature-1.p7s" MimeType="application/x-pkcs7-signature"/>)") !=
        std::string::npos);
    CHECK(
        xml.find(
            R"(<DataObjectReference URI="arkivmelding.xml" MimeType="application/xml" Rootfile="true">)") !=
        std::string::npos);
    CHECK(
        xml.find(
            R"(<DataObjectReference URI="S%C3%B8knad%20om%20tilskudd.pdf" MimeType="application/pdf">)") !=
        std::string::npos);
    const auto read = read_cades_manifest(xml);
    REQUIRE(read.has_value());
    CHECK(read->signature_uri == signature_name);
    CHECK_FALSE(read->dialect);
    REQUIRE(read->files.size() == 2);
    CHECK(read->files[1].uri == "S%C3%B8knad%20om%20tilskudd.pdf");
    CHECK(read->files[1].digest == tests::cades_files()[1].sha256.to_bytes());
}

TEST_CASE("CAdES manifest: the dialects of KS's clients are read") {
    const std::string xml = manifest();
    CHECK(verdict(xml) == "read");
    CHECK(verdict(replaced(xml, "org/02918/v1.2.1#", "org/2918/v1.2.1#")) == "read as a dialect");
    CHECK(verdict(replaced(xml, "org/02918/v1.2.1#", "org/02918/v1.1.1#")) == "read as a dialect");
    CHECK(verdict(replaced(xml, "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha256")) ==
          "read as a dialect");
    const std::string reference = "<SigReference URI=\"META-INF/signature-1.p7s\" "
                                  "MimeType=\"application/x-pkcs7-signature\"/>";
    const auto without = read_cades_manifest(replaced(xml, reference, ""));
    CHECK(without.value().signature_uri.empty());
    CHECK(verdict(replaced(xml, "<ds:DigestValue>", "<ds:DigestValue>\n ")) == "read");
}

TEST_CASE("CAdES manifest: what does not follow the standard is told by its part") {
    const std::string xml = manifest();
    CHECK(verdict(replaced(xml, "org/02918/v1.2.1#", "org/other#")) ==
          "seal.manifest_malformed ASiCManifest");
    CHECK(verdict("<a/>") == "seal.manifest_malformed ASiCManifest");
    CHECK(verdict("<a") == "seal.xml_malformed ");
    CHECK(verdict("<!DOCTYPE a>" + xml) == "seal.xml_unsafe doctype");
    CHECK(verdict(replaced(xml, "xmlenc#sha256", "xmlenc#sha512")) ==
          "seal.signature_algorithm DigestMethod");
    CHECK(verdict(replaced(xml, "<ds:DigestValue>", "<ds:DigestValue>AA")) ==
          "seal.manifest_malformed DigestValue");
    CHECK(verdict(replaced(xml, " URI=\"arkivmelding.xml\"", "")) ==
          "seal.manifest_malformed DataObjectReference");
    CHECK(verdict(replaced(xml, "<SigReference", "<SigReference URI=\"x\"/><SigReference")) ==
          "seal.manifest_malformed ASiCManifest");
    const std::string extension =
        "<ASiCManifestExtensions><Extension Critical=\"true\"/></ASiCManifestExtensions>";
    CHECK(verdict(replaced(xml, "</ASiCManifest>", extension + "</ASiCManifest>")) ==
          "seal.manifest_malformed ASiCManifest");
    CHECK(verdict(replaced(xml, "</ASiCManifest>",
                           replaced(extension, "true", "false") + "</ASiCManifest>")) == "read");
    CHECK(verdict(R"(<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#"/>)") ==
          "seal.manifest_malformed DataObjectReference");
}

TEST_CASE("CAdES manifest: what cannot be listed is told") {
    const auto files = tests::cades_files();
    const auto code = [](const std::vector<FileToSign>& list, const std::string& name) {
        return write_cades_manifest(list, name).error().to_string();
    };
    CHECK(code({}, signature_name).find("no files") != std::string::npos);
    CHECK(code({files[0], files[0]}, signature_name).find("twice") != std::string::npos);
    CHECK(code({{"\x01", "a/b", {}}}, signature_name).find("no text") != std::string::npos);
    CHECK(code({{"a", "\x01", {}}}, signature_name).find("no text") != std::string::npos);
    CHECK(code(files, "signature.p7s").find("signature's name") != std::string::npos);
    CHECK(code(files, "META-INF/signature.xml").find("signature's name") != std::string::npos);
}

TEST_CASE("CAdES manifest: manifest and signature are found however their names are written") {
    CHECK(entries({"mimetype", "a.xml", "META-INF/ASiCManifest.xml", "META-INF/signature-1.p7s",
                   "META-INF/manifest.xml"}) ==
          "META-INF/ASiCManifest.xml + META-INF/signature-1.p7s");
    CHECK(entries({"meta-inf/asicmanifest1.XML", "META-INF/SIGNATURE.P7S"}) ==
          "meta-inf/asicmanifest1.XML + META-INF/SIGNATURE.P7S");
    CHECK(entries({"META-INF/ASiCManifest.xml"}) == "seal.signature_missing");
    CHECK(entries({"META-INF/signature.p7s", "asicmanifest.xml"}) == "seal.manifest_missing");
    CHECK(entries({"META-INF/signature.p7s", "META-INF/ASiCManifest.xml",
                   "META-INF/signature2.p7s"}) == "seal.signatures_several");
    CHECK(entries({"META-INF/signature.p7s", "META-INF/ASiCManifest.xml",
                   "META-INF/ASiCManifest1.xml"}) == "seal.signatures_several");
}
