#include "gateway/seal/xades_verifier.hpp"

#include "gateway/seal/certificate_details.hpp"
#include "tests/unit/seal/xades_samples.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::content_of;
using tests::replaced;
using tests::signed_again;
using tests::signed_with_properties;
using tests::SignedPackage;

namespace {

const std::string sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";
const std::string c14n_uri = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

Judged<VerifiedSignature> verify(const std::string& xml) {
    return verify_xades(xml, SignedPackage().files());
}

std::string verdict(const Judged<VerifiedSignature>& judged) {
    if (judged) {
        return "good";
    }
    std::string text = judged.error().code.value;
    for (const auto& [name, value] : judged.error().params) {
        text += " " + name + "=" + value;
    }
    return text;
}

std::string verdict(const std::string& xml) {
    return verdict(verify(xml));
}

std::string element(const std::string& xml, const std::string& name) {
    const std::size_t begin = xml.find("<" + name);
    const std::size_t end = xml.find("</" + name + ">", begin) + name.size() + 3;
    return xml.substr(begin, end - begin);
}

}   // namespace

TEST_CASE("XAdES verifier: a good signature says who signed, when, and what is worth a remark") {
    const auto verified = verify(SignedPackage().signatures_xml());
    INFO(verdict(verified));
    REQUIRE(verified.has_value());
    CHECK(verified->signer == tests::xades_signer().der);
    CHECK(verified->certificates ==
          std::vector<std::string>{tests::xades_signer().der,
                                   tests::xades_authority().intermediate(),
                                   tests::xades_authority().root()});
    CHECK(verified->signing_time == tests::judged_at());
    CHECK(verified->remarks == Findings{Finding("seal.signer_named_by_sha1")});
}

TEST_CASE("XAdES verifier: a file that was changed, added, taken away or given twice is told") {
    const std::string xml = SignedPackage().signatures_xml();
    auto files = SignedPackage().files();
    files[1].sha256.bytes[0] ^= 1U;
    CHECK(verdict(verify_xades(xml, files)) == "seal.file_changed number=2");
    files = SignedPackage().files();
    files.push_back({"more.txt", {}});
    CHECK(verdict(verify_xades(xml, files)) == "seal.file_unsigned number=5");
    files = SignedPackage().files();
    files.push_back({"meta-inf/more.txt", {}});   // not the folder of that name
    CHECK(verdict(verify_xades(xml, files)) == "seal.file_unsigned number=5");
    files = SignedPackage().files();
    files.erase(files.begin() + 2);
    CHECK(verdict(verify_xades(xml, files)) == "seal.file_missing reference=2");
    files = SignedPackage().files();
    files.push_back(files[1]);
    CHECK(verdict(verify_xades(xml, files)) == "seal.file_unsigned number=5");
}

TEST_CASE("XAdES verifier: names encoded as Java's forms encode them are understood") {
    const std::string ours = "Vedtak%20om%20bl%C3%A5b%C3%A6r%20%282%29.pdf";
    CHECK(verdict(signed_again(SignedPackage(), ours, "Vedtak+om+bl%C3%A5b%C3%A6r+%282%29.pdf")) ==
          "good");
    CHECK(verdict(signed_again(SignedPackage(), ours, "Vedtak om blåbær (2).pdf")) == "good");
    CHECK(verdict(signed_again(SignedPackage(), ours, "Vedtak%")) ==
          "seal.file_missing reference=2");
}

TEST_CASE("XAdES verifier: one file signed twice does not stand for two") {
    const std::string xml =
        signed_again(SignedPackage(), "URI=\"Vedtak%20om%20bl%C3%A5b%C3%A6r%20%282%29.pdf\"",
                     "URI=\"manifest.xml\"");
    CHECK(verdict(xml) == "seal.file_signed_twice number=2");
}

TEST_CASE("XAdES verifier: a reference to mimetype or into META-INF covers nothing") {
    for (const char* name : {"mimetype", "META-INF/signatures.xml", "/etc/passwd",
                             "http://example.test/manifest.xml", "../manifest.xml"}) {
        CHECK(verdict(signed_again(SignedPackage(), "URI=\"manifest.xml\"",
                                   "URI=\"" + std::string(name) + "\"")) ==
              "seal.file_missing reference=1");
    }
    CHECK(verdict(signed_again(SignedPackage(), "URI=\"manifest.xml\"", "URI=\"\"")) ==
          "seal.signature_malformed part=Reference");
    CHECK(verdict(signed_again(SignedPackage(), "URI=\"manifest.xml\"", "URI=\"#Signature\"")) ==
          "seal.signature_malformed part=Reference");
}

TEST_CASE("XAdES verifier: what is signed cannot be changed") {
    const std::string xml = SignedPackage().signatures_xml();
    CHECK(verdict(replaced(xml, "2026-01-15T12:00:00.000Z", "2026-01-15T12:00:01.000Z")) ==
          "seal.signature_properties_changed");
    CHECK(verdict(replaced(xml, "<MimeType>application/pdf", "<MimeType>application/xml")) ==
          "seal.signature_properties_changed");
    CHECK(verdict(replaced(xml, "URI=\"manifest.xml\"", "URI=\"other.xml\"")) ==
          "seal.signature_wrong");
    const std::string value = content_of(xml, "SignatureValue");
    CHECK(verdict(replaced(xml, value, crypto::base64_encode(std::string(256, 'x')))) ==
          "seal.signature_wrong");
    CHECK(verdict(replaced(xml, value, "")) == "seal.signature_malformed part=SignatureValue");
    CHECK(verdict(replaced(xml, value, "!")) == "seal.signature_malformed part=SignatureValue");
}

TEST_CASE("XAdES verifier: white space in base64 and a comment change nothing") {
    const std::string xml = SignedPackage().signatures_xml();
    const std::string value = content_of(xml, "SignatureValue");
    CHECK(verdict(replaced(xml, value, value.substr(0, 20) + "&#13;\n" + value.substr(20))) ==
          "good");
    CHECK(verdict(replaced(xml, "<SigningTime>", "<!-- said --><SigningTime>")) == "good");
    CHECK(verdict(replaced(xml, "<SigningTime>2026", "<SigningTime>20<!-- said -->26")) == "good");
}

TEST_CASE("XAdES verifier: the largest package that is signed is one that is read") {
    SignedPackage package;
    package.contents.clear();
    for (int i = 0; i < 2000; ++i) {
        std::string name = std::to_string(i) + "-";
        for (int j = 0; j < 90; ++j) {
            name += "å";
        }
        package.contents.emplace_back(name + ".pdf", std::to_string(i));
    }
    CHECK(verdict(verify_xades(package.signatures_xml(), package.files())) == "good");
    package.contents.emplace_back("one.more", "");
    CHECK(draft_xades(package.input()).has_error());
}

TEST_CASE("XAdES verifier: exactly one signature") {
    const std::string xml = SignedPackage().signatures_xml();
    const std::string one = xml.substr(xml.find("<Signature "),
                                       xml.find("</XAdESSignatures>") - xml.find("<Signature "));
    CHECK(verdict(replaced(xml, "</XAdESSignatures>", one + "</XAdESSignatures>")) ==
          "seal.signatures_several count=2");
    CHECK(verdict(replaced(xml, one, "")) == "seal.signatures_several count=0");
    CHECK(verdict(std::string()) == "seal.signature_missing");
}

TEST_CASE("XAdES verifier: a wrapped signature is refused, wherever the signed part is hidden") {
    const std::string xml = SignedPackage().signatures_xml();
    const std::string properties = element(xml, "SignedProperties");
    const std::string forged = replaced(properties, "2026-01-15T12", "2026-01-16T12");
    // The signed properties kept for the digest, others in their place.
    CHECK(verdict(replaced(xml, properties, forged + properties)) ==
          "seal.signature_malformed part=QualifyingProperties");
    CHECK(verdict(replaced(replaced(xml, properties, forged), "</Object>",
                           "</Object><Object>" + properties + "</Object>")) ==
          "seal.signature_malformed part=Signature");
    CHECK(verdict(replaced(replaced(xml, properties, forged), "<X509Data>",
                           "<X509Data>" + properties)) == "seal.signature_malformed part=Id");
    // The same with another id in the place that is read.
    const std::string other_id = replaced(forged, "Id=\"SignedProperties\"", "Id=\"Other\"");
    CHECK(verdict(replaced(replaced(xml, properties, other_id), "<X509Data>",
                           "<X509Data>" + properties)) ==
          "seal.signature_malformed part=SignedProperties");
    // A whole other signature around the true one.
    const std::string info = element(xml, "SignedInfo");
    const std::string forged_info = replaced(info, "URI=\"manifest.xml\"", "URI=\"evil.xml\"");
    CHECK(verdict(replaced(xml, info, forged_info + info)) ==
          "seal.signature_malformed part=Signature");
    CHECK(verdict(replaced(replaced(xml, info, forged_info), "<X509Data>", "<X509Data>" + info)) ==
          "seal.signature_malformed part=Id");
}

TEST_CASE("XAdES verifier: only the profile's algorithms, also when the signer asks for others") {
    const auto with = [](const std::string& from, const std::string& to) {
        return verdict(signed_again(SignedPackage(), from, to));
    };
    const std::string end = "\"></";
    CHECK(with("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5") ==
          "seal.signature_algorithm part=SignatureMethod");
    CHECK(with("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1") ==
          "seal.signature_algorithm part=SignatureMethod");
    CHECK(with("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#hmac-sha1") ==
          "seal.signature_algorithm part=SignatureMethod");
    CHECK(with(c14n_uri + end, "http://www.w3.org/2001/10/xml-exc-c14n#" + end) ==
          "seal.signature_algorithm part=CanonicalizationMethod");
    CHECK(with(c14n_uri + end + "Transform>", c14n_uri + "#WithComments" + end + "Transform>") ==
          "seal.signature_algorithm part=Transform");
    CHECK(with(c14n_uri + end + "Transform>",
               "http://www.w3.org/TR/1999/REC-xslt-19991116" + end + "Transform>") ==
          "seal.signature_algorithm part=Transform");
    CHECK(with(sha256_uri, "http://www.w3.org/2000/09/xmldsig#sha1") ==
          "seal.signature_algorithm part=DigestMethod");
    CHECK(with("URI=\"manifest.xml\">", "URI=\"manifest.xml\"><Transforms><Transform Algorithm=\"" +
                                            c14n_uri + "\"></Transform></Transforms>") ==
          "seal.signature_algorithm part=Transform");
}

TEST_CASE("XAdES verifier: C14N 1.1 is accepted, as the profile's text prefers it") {
    CHECK(verdict(signed_again(SignedPackage(), "CanonicalizationMethod Algorithm=\"" + c14n_uri,
                               "CanonicalizationMethod Algorithm=\"http://www.w3.org/2006/12/"
                               "xml-c14n11")) == "good");
}

TEST_CASE("XAdES verifier: properties that are not signed are not believed") {
    const std::string xml = SignedPackage().signatures_xml();
    const std::string info = content_of(xml, "SignedInfo");
    const std::string reference = info.substr(info.find("<Reference Type="));
    CHECK(verdict(signed_again(SignedPackage(), reference, "")) ==
          "seal.signature_properties_unsigned");
    CHECK(verdict(signed_again(SignedPackage(), reference, reference + reference)) ==
          "seal.signature_malformed part=SignedProperties");
    CHECK(verdict(signed_again(SignedPackage(),
                               " Type=\"http://uri.etsi.org/01903#SignedProperties\"", "")) ==
          "seal.signature_malformed part=Reference");
}

TEST_CASE("XAdES verifier: the signer is the certificate that the signed digest names") {
    const std::string xml = SignedPackage().signatures_xml();
    const std::string leaf = crypto::base64_encode(tests::xades_signer().der);
    tests::BusinessWishes wishes;   // the same key and another name
    wishes.subject = {{"O", "ANDRE"}, {"serialNumber", "910075918"}, {"CN", "Andre"}};
    const std::string other = crypto::base64_encode(tests::xades_authority().issue(wishes).der);
    CHECK(verdict(replaced(xml, leaf, other)) == "seal.signer_unnamed");
    const std::string certificate = "<X509Certificate>" + leaf;
    CHECK(verify(replaced(xml, certificate,
                          "<X509Certificate>" + other + "</X509Certificate>" + certificate))
              .value()
              .signer == tests::xades_signer().der);
    CHECK(verdict(replaced(xml, element(xml, "X509Data"), "<X509Data></X509Data>")) ==
          "seal.signature_malformed part=KeyInfo");
}

TEST_CASE("XAdES verifier: a signing certificate named by another serial, digest or method") {
    const auto with = [](const std::string& from, const std::string& to) {
        return verdict(signed_with_properties(SignedPackage(), from, to));
    };
    const auto details = read_certificate(tests::xades_signer().der).value();
    CHECK(with(">" + details.serial_decimal + "<", ">1<") == "seal.signer_unnamed");
    CHECK(with(">" + details.serial_decimal + "<", "><") == "seal.signer_unnamed");
    const std::string sha1_uri = "http://www.w3.org/2000/09/xmldsig#sha1";
    const std::string sha1_value =
        content_of(content_of(SignedPackage().signatures_xml(), "CertDigest"), "ds:DigestValue");
    CHECK(with(sha1_value, crypto::base64_encode(std::string(20, 'x'))) == "seal.signer_unnamed");
    CHECK(with(sha1_value, crypto::base64_encode(std::string(16, 'x'))) ==
          "seal.signature_malformed part=CertDigest");
    CHECK(with(sha1_uri, "http://www.w3.org/2001/04/xmldsig-more#md5") ==
          "seal.signature_algorithm part=CertDigest");
    const std::string end = "\"></ds:DigestMethod><ds:DigestValue>";
    const auto strong = verify(signed_with_properties(
        SignedPackage(), sha1_uri + end + sha1_value,
        sha256_uri + end + crypto::base64_encode(details.sha256.to_bytes())));
    REQUIRE(strong.has_value());
    CHECK(strong->remarks.empty());
    CHECK(with("SigningCertificate>", "SigningCertificateV2>") ==
          "seal.xml_malformed");   // begun by one name and ended by another
    CHECK(with("<SigningTime>", "<SigningTime>x") == "seal.signature_malformed part=SigningTime");
    CHECK(with("<SigningTime>2026-01-15T12:00:00.000Z</SigningTime>", "") ==
          "seal.signature_malformed part=SigningTime");
    CHECK(with("<Cert>", "<Cert><Other></Other>") == "good");
}

TEST_CASE("XAdES verifier: XML that could do harm is not parsed") {
    const std::string xml = SignedPackage().signatures_xml();
    const std::string start = "<XAdESSignatures";
    CHECK(verdict(replaced(xml, start,
                           "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + start)) ==
          "seal.xml_unsafe reason=doctype");
    CHECK(verdict(
              replaced(xml, start, "<!DOCTYPE x SYSTEM \"http://example.test/x.dtd\">" + start)) ==
          "seal.xml_unsafe reason=doctype");
    CHECK(verdict(xml + std::string(3U << 20U, ' ')) == "seal.xml_unsafe reason=bytes");
    CHECK(verdict(xml + std::string(1, '\0')) == "seal.xml_unsafe reason=encoding");
    std::string deep;
    std::string nested;
    for (int i = 0; i < 30; ++i) {
        deep += "<a>";
        nested += "</a>";
    }
    CHECK(verdict(replaced(xml, "<X509Data>", "<X509Data>" + deep + nested)) ==
          "seal.xml_unsafe reason=depth");
    std::string many;
    for (int i = 0; i < 70'000; ++i) {
        many += "<a/>";
    }
    CHECK(verdict(replaced(xml, "<X509Data>", "<X509Data>" + many)) ==
          "seal.xml_unsafe reason=nodes");
    std::string wide;
    for (int i = 0; i < 40; ++i) {
        wide += " xmlns:n" + std::to_string(i) + "=\"u:" + std::to_string(i) + "\"";
    }
    CHECK(verdict(replaced(xml, "<X509Data>", "<X509Data" + wide + ">")) ==
          "seal.xml_unsafe reason=namespaces");
    CHECK(
        verdict(replaced(xml, "<X509Data>", "<X509Data a=\"" + std::string(20'000, 'x') + "\">")) ==
        "seal.xml_unsafe reason=tag");
    CHECK(verdict(replaced(xml, "<X509Data>", "<X509Data><?do harm?>")) ==
          "seal.xml_unsafe reason=node_kind");
}

TEST_CASE("XAdES verifier: what is no XML, or another document, is malformed") {
    const std::string xml = SignedPackage().signatures_xml();
    CHECK(verdict(std::string("signature")) == "seal.xml_malformed");
    CHECK(verdict(xml.substr(0, xml.size() / 2)) == "seal.xml_malformed");
    CHECK(verdict(xml + "x") == "seal.xml_malformed");
    CHECK(verdict(replaced(xml, "<X509Data>", "<X509Data>&undeclared;")) == "seal.xml_malformed");
    CHECK(verdict(replaced(xml, "<X509Data>", "<X509Data>\xe5")) == "seal.xml_malformed");
    CHECK(verdict(std::string("<manifest/>")) == "seal.signature_malformed part=XAdESSignatures");
    CHECK(verdict(replaced(xml, "02918/v1.2.1#", "2918/v1.2.1#")) == "good");
    CHECK(verdict(replaced(xml, "<KeyInfo>", "<KeyInfo>text")) == "good");   // not read, not signed
    CHECK(verdict(replaced(xml, "Target=\"#Signature\"", "Target=\"#Other\"")) ==
          "seal.signature_malformed part=QualifyingProperties");
    CHECK(verdict(replaced(xml, "ObjectReference=\"#ID_1\"", "ObjectReference=\"#ID_9\"")) ==
          "seal.signature_malformed part=DataObjectFormat");
}
