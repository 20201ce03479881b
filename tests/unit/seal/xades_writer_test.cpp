#include "gateway/seal/xades_writer.hpp"

#include "tests/support/scratch_folder.hpp"
#include "tests/unit/seal/xades_samples.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::ScratchFolder;
using tests::SignedPackage;

namespace {

/// The package laid out as xmlsec1 looks for it: files beside the signature, by their URIs.
void lay_out(const ScratchFolder& folder, const SignedPackage& package) {
    for (const auto& [name, bytes] : package.contents) {
        folder.write(name, bytes);
    }
    folder.write("signatures.xml", package.signatures_xml());
    folder.write("root.der", tests::xades_authority().root());
}

const char* const verify =
    "openssl x509 -inform DER -in root.der -out root.pem && "
    "xmlsec1 --verify --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties "
    "--trusted-pem root.pem --verification-gmt-time '2026-01-15+12:00:00' signatures.xml";

std::string code_of(const core::Result<XadesDraft>& draft) {
    return draft.has_value() ? "drafted" : draft.error().to_string();
}

}   // namespace

TEST_CASE("XAdES writer: xmlsec1 verifies the signature, every file and the chain") {
    const ScratchFolder folder;
    lay_out(folder, SignedPackage());
    const int verdict = folder.run(verify);
    INFO(folder.read("log"));
    CHECK(verdict == 0);
    CHECK(folder.read("log").find("SignedInfo References (ok/all): 3/3") != std::string::npos);
}

TEST_CASE("XAdES writer: xmlsec1 refuses it when a file or the signing time is changed") {
    const ScratchFolder folder;
    lay_out(folder, SignedPackage());
    REQUIRE(folder.run(verify) == 0);
    folder.write("manifest.xml", "<manifest >");
    CHECK(folder.run(verify) != 0);
    lay_out(folder, SignedPackage());
    std::string changed = folder.read("signatures.xml");
    const std::string time = "2026-01-15T12:00:00.000Z";
    changed.replace(changed.find(time), time.size(), "2026-01-16T12:00:00.000Z");
    folder.write("signatures.xml", changed);
    CHECK(folder.run(verify) != 0);
}

TEST_CASE("XAdES writer: what is signed is byte for byte what xmllint's C14N gives") {
    const ScratchFolder folder;
    SignedPackage package;
    package.contents.emplace_back("a&b <c> \"d\".txt", "x");
    folder.write("signatures.xml", package.signatures_xml());
    // The whole file is canonical but for its declaration, and SignedInfo inside it but for the
    // namespace that stands further out.
    REQUIRE(folder.run("xmllint --c14n signatures.xml > whole.xml") == 0);
    const std::string whole = package.signatures_xml();
    CHECK(whole.substr(whole.find("?>") + 2) == folder.read("whole.xml"));

    const std::string to_sign = draft_xades(package.input()).value().to_sign();
    folder.write("signed_info.xml", to_sign);
    REQUIRE(folder.run("xmllint --c14n signed_info.xml > canonical.xml") == 0);
    CHECK(folder.read("canonical.xml") == to_sign);
    const std::string without_namespace = "<SignedInfo" + to_sign.substr(to_sign.find('>'));
    CHECK(whole.find(without_namespace) != std::string::npos);
}

TEST_CASE("XAdES writer: algorithms, references and properties are those of the DPI profile") {
    const std::string xml = SignedPackage().signatures_xml();
    const auto has = [&](const std::string& part) {
        INFO(part);
        CHECK(xml.find(part) != std::string::npos);
    };
    has(R"(<XAdESSignatures xmlns="http://uri.etsi.org/02918/v1.2.1#"><Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="Signature"><SignedInfo>)");
    has(R"(<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315">)");
    has(R"(<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">)");
    has(R"(<Reference Id="ID_0" URI="manifest.xml"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">)");
    has(R"(<Reference Id="ID_1" URI="Vedtak%20om%20bl%C3%A5b%C3%A6r%20%282%29.pdf">)");
    has(R"(<Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#SignedProperties"><Transforms><Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315">)");
    has(R"(<QualifyingProperties xmlns="http://uri.etsi.org/01903/v1.3.2#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Target="#Signature"><SignedProperties Id="SignedProperties">)");
    has("<SigningTime>2026-01-15T12:00:00.000Z</SigningTime>");
    has(R"(<CertDigest><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1">)");
    has("<ds:X509IssuerName>CN=Test CA 3\\, business, O=Test CA AS, "
        "OID.2.5.4.97=NTRNO-983163327, C=NO</ds:X509IssuerName>");
    has(R"(<DataObjectFormat ObjectReference="#ID_1"><MimeType>application/pdf</MimeType>)");
    std::size_t certificates = 0;
    for (std::size_t at = 0; (at = xml.find("<X509Certificate>", at)) != std::string::npos; ++at) {
        ++certificates;
    }
    CHECK(certificates == 3);
}

TEST_CASE("XAdES writer: a signature by another key or over other bytes is refused") {
    const auto draft = draft_xades(SignedPackage().input()).value();
    tests::BusinessWishes another;
    another.key = 1;
    const auto stranger = tests::xades_authority().issue(another);
    CHECK(draft.finish(stranger.sign(draft.to_sign())).error().is(core::Errc::invalid_argument));
    CHECK(draft.finish(tests::xades_signer().sign(draft.to_sign() + " "))
              .error()
              .is(core::Errc::invalid_argument));
    CHECK(draft.finish("").error().is(core::Errc::invalid_argument));
}

TEST_CASE("XAdES writer: what cannot be signed is told before anything is signed") {
    const XadesInput good = SignedPackage().input();
    XadesInput input = good;
    input.files.clear();
    CHECK(code_of(draft_xades(input)).find("no files") != std::string::npos);
    input.files.assign(2001, good.files.front());
    CHECK(code_of(draft_xades(input)).find("more than 2000") != std::string::npos);
    input = good;
    input.files.push_back(input.files.front());
    CHECK(code_of(draft_xades(input)).find("stands twice") != std::string::npos);
    for (const char* name : {"", "\x01.pdf", "bl\xe5.pdf"}) {
        input = good;
        input.files.front().name = name;
        CHECK(code_of(draft_xades(input)).find("no text") != std::string::npos);
    }
    input = good;
    input.chain.clear();
    CHECK(code_of(draft_xades(input)).find("no certificate") != std::string::npos);
    input = good;
    input.chain.back() = "root";
    CHECK(code_of(draft_xades(input)).find("not a certificate") != std::string::npos);
}
