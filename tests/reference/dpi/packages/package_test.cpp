// A package as an operator would meet it, opened by OpenSSL, Info-ZIP, xmlsec1 and xmllint.

#include "tests/support/scratch_folder.hpp"
#include "tests/unit/adapter_digital_post/dpi_world.hpp"

#include <catch2/catch.hpp>

using namespace dpi_world;
using tests::ScratchFolder;

namespace {

const std::string reference = SLUSE_REFERENCE_DIR;

/// One letter sent; what left lies in the folder: sbd.jwt, asic.cms, the operator's key.
class Sent {
public:
    explicit Sent(const json::Value& content = letters::letter(),
                  const std::string& with = R"({"service":"digital"})",
                  const std::string& operator_of = receipts::mailbox_operator) {
        World world;
        world.fake.http.next().answer(201);
        REQUIRE(world.send(world.delivery(content, with)).verdict == sdk::Verdict::accepted);
        posted_ = read_posted(world.call(0));
        folder_.write("sbd.jwt", posted_.jws);
        folder_.write("asic.cms", posted_.envelope);
        folder_.write("operator.key.pem", identity(operator_of).key_pem);
        folder_.write("operator.der", identity(operator_of).der);
        folder_.write("signer.der", identity(letters::municipality).der);
        folder_.write("root.der", authority().root());
        folder_.write("intermediate.der", authority().intermediate());
        run("openssl x509 -inform DER -in operator.der -out operator.pem");
        run("openssl x509 -inform DER -in signer.der -out signer.pem");
        run("openssl x509 -inform DER -in root.der -out root.pem");
        run("openssl x509 -inform DER -in intermediate.der -out intermediate.pem");
    }

    void run(const std::string& command) const {
        const int code = folder_.run(command);
        INFO(command << "\n" << folder_.read("log"));
        REQUIRE(code == 0);
    }
    void open() const {
        run("openssl cms -decrypt -inform DER -in asic.cms -inkey operator.key.pem "
            "-recip operator.pem -out asic.zip");
        // Not Info-ZIP: it takes names of a container that says FAT, as Java writes it, for CP850.
        run("LC_ALL=C.UTF-8 python3 -m zipfile -e asic.zip package");
    }
    const ScratchFolder& folder() const { return folder_; }
    const Posted& posted() const { return posted_; }

private:
    ScratchFolder folder_;
    Posted posted_;
};

json::Value letter_with_three_files() {
    auto content = letters::letter();
    content.set("title", "Vedtak <nr. 1> & \"mer\" æøå").set("costAccount", "K & 1");
    content.find("documents")->push(letters::document("vedlegg & æøå.pdf"));
    content.find("documents")->push(letters::document("bilde 100%.png", "image/png"));
    return content;
}

}   // namespace

TEST_CASE("reference: OpenSSL opens the envelope, with the algorithms the operators ask for") {
    const Sent sent;
    sent.open();
    sent.run("openssl cms -cmsout -print -inform DER -in asic.cms | tee structure");
    const auto structure = sent.folder().read("structure");
    for (const char* part : {"pkcs7-envelopedData", "version: 0", "issuerAndSerialNumber",
                             "rsaesOaep", "aes-256-cbc", "sha256"}) {
        INFO(part);
        CHECK(structure.find(part) != std::string::npos);
    }
}

TEST_CASE("reference: Info-ZIP finds nothing wrong with the container") {
    const Sent sent(letter_with_three_files());
    sent.open();
    sent.run("unzip -t asic.zip");
    sent.run("unzip -Z1 asic.zip | head -1 | grep -qx mimetype");
    CHECK(sent.folder().read("asic.zip").substr(30, 8) == "mimetype");
    CHECK(sent.folder().read("package/mimetype") == "application/vnd.etsi.asic-e+zip");
    CHECK(sent.folder().read("package/vedlegg & æøå.pdf") == "%PDF-1.7 bytes");
}

TEST_CASE("reference: xmlsec1 verifies the signature over every file, up to the root") {
    const Sent sent(letter_with_three_files());
    sent.open();
    // xmlsec1 looks for the files beside the signature.
    sent.run("cp package/META-INF/signatures.xml package/");
    const std::string verify =
        "cd package && xmlsec1 --verify --id-attr:Id "
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties --trusted-pem ../root.pem "
        "--verification-gmt-time '2026-01-15+12:00:00' signatures.xml";
    sent.run(verify);
    CHECK(sent.folder().read("log").find("SignedInfo References (ok/all): 5/5") !=
          std::string::npos);
    sent.folder().write("package/vedtak.pdf", "%PDF-1.7 other");
    CHECK(sent.folder().run(verify) != 0);
}

TEST_CASE("reference: the manifest follows its schema, for mailbox and for print") {
    const std::string check = "xmllint --noout --nonet --schema '" + reference +
                              "/dpi/xsd/sdp-manifest.xsd' package/manifest.xml";
    const Sent digital(letter_with_three_files(),
                       R"({"service":"digital","sender_identifier":"skole & sfo"})");
    digital.open();
    digital.run(check);
    const Sent print(letter_with_three_files(), letters::on_paper, print_operator);
    print.open();
    print.run(check);
    // The schema does look.
    auto xml = print.folder().read("package/manifest.xml");
    print.folder().write("package/manifest.xml",
                         xml.replace(xml.find("href=\"vedtak.pdf\""), 17, "href=\"pdf\""));
    CHECK(print.folder().run(check) != 0);
}

TEST_CASE("reference: the signature file follows the schemas of ASiC, XML Signature and XAdES") {
    const Sent sent(letter_with_three_files());
    sent.open();
    sent.folder().write("all.xsd",
                        R"(<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://uri.etsi.org/02918/v1.2.1#" schemaLocation=")" +
                            reference + R"(/dpi/xsd/asic-e/ts_102918v010201_2.xsd"/>
<xsd:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation=")" +
                            reference + R"(/dpi/xsd/w3/xmldsig-core-schema.xsd"/>
<xsd:import namespace="http://uri.etsi.org/01903/v1.3.2#" schemaLocation=")" +
                            reference + R"(/dpi/xsd/etsi/XAdES.xsd"/>
</xsd:schema>)");
    sent.run("xmllint --noout --nonet --schema all.xsd package/META-INF/signatures.xml");
}

TEST_CASE("reference: OpenSSL verifies the message's signature and finds its fingerprint right") {
    const Sent sent;
    const auto parts = gateway::crypto::jws_split(sent.posted().jws);
    sent.folder().write("signed", parts->signing_input);
    sent.folder().write("signature", parts->signature);
    sent.run("openssl x509 -in signer.pem -pubkey -noout > signer.pub");
    sent.run("openssl dgst -sha256 -verify signer.pub -signature signature signed");
    sent.run("openssl dgst -sha256 -binary asic.cms | openssl base64 -A > digest");
    CHECK(sent.folder().read("digest") ==
          sent.posted()
              .document()["digital"]["dokumentpakkefingeravtrykk"]["digestValue"]
              .as_string());
}
