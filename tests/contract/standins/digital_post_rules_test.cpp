#include "tests/contract/standins/digital_post_world.hpp"

#include <functional>

namespace gateway::tests::standins {

using json::Value;

namespace {

struct Wrong {
    const char* what;
    const char* changes;   // to a right order
    int status;            // of corner 2; 201 where the operator refuses
    const char* words;     // found in what is answered
};

// What corner 2 says no to. Pointers are into the payload.
const std::vector<Wrong>& wrong_messages() {
    static const std::vector<Wrong> list{
        {"digest of other bytes", R"({"digest":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="})",
         400, "fingeravtrykk"},
        {"signature that does not hold", R"({"signature":"broken"})", 400, "signature"},
        {"other algorithm", R"({"header":{"alg":"RS512"}})", 400, "RS256"},
        {"no algorithm", R"({"header":{"alg":"none"}})", 400, "RS256"},
        {"x5c as a text", R"({"header":{"x5c":"AAAA"}})", 400, "x5c"},
        {"no x5c", R"({"header":{"x5c":null}})", 400, "x5c"},
        {"x5c that is no certificate", R"({"header":{"x5c":["AAAA"]}})", 400, "x5c"},
        {"other token in the body", R"({"body":{"maskinportentoken":"eyJh.eyJh.AAAA"}})", 400,
         "maskinportentoken"},
        {"no token in the body", R"({"body":{"maskinportentoken":null}})", 400,
         "required maskinportentoken"},
        {"avsender that is not the consumer", R"({"avsender":"310356875"})", 403, "consumer"},
        {"SBDH sender that is not the certificate's", R"({"sender":"310356875"})", 400, "sender"},
        {"unknown member in the body", R"({"body":{"tittel":"x"}})", 400, "additionalProperties"},
        {"unknown member in the recipient",
         R"({"body":{"mottaker":{"personidentifikator":"01810750045"}}})", 400,
         "additionalProperties"},
        {"level 2", R"({"body":{"sikkerhetsnivaa":2}})", 400, "sikkerhetsnivaa"},
        {"level as a text", R"({"body":{"sikkerhetsnivaa":"3"}})", 400, "sikkerhetsnivaa"},
        {"no title", R"({"body":{"ikkesensitivtittel":null}})", 400, "ikkesensitivtittel"},
        {"empty title", R"({"body":{"ikkesensitivtittel":""}})", 400, "minLength"},
        {"language of three letters", R"({"body":{"spraak":"nob"}})", 400, "maxLength"},
        {"virkningsdato with a time", R"({"body":{"virkningsdato":"2026-11-22T10:00:00Z"}})", 400,
         "virkningsdato"},
        {"virkningstidspunkt without offset",
         R"({"body":{"virkningstidspunkt":"2026-11-22T10:00:00"}})", 400, "virkningstidspunkt"},
        {"opening receipt as a text", R"({"body":{"aapningskvittering":"JA"}})", 400, "type"},
        {"notice without days", R"({"body":{"varsler":{"epostvarsel":{"repetisjoner":[]}}}})", 400,
         "minItems"},
        {"notice after 26 days", R"({"body":{"varsler":{"epostvarsel":{"repetisjoner":[26]}}}})",
         400, "maximum"},
        {"notice by SMS without a number",
         R"({"body":{"varsler":{"smsvarsel":{"varslingstekst":"x","repetisjoner":[0]}}}})", 400,
         "mobiltelefonnummer"},
        {"digest by another method",
         R"({"body":{"dokumentpakkefingeravtrykk":{"digestMethod":"http://www.w3.org/2000/09/xmldsig#sha1"}}})",
         400, "digestMethod"},
        {"process of the other type",
         R"({"payload":[["/standardBusinessDocument/standardBusinessDocumentHeader/businessScope/scope/0/identifier","urn:fdc:digdir.no:2020:profile:egovernment:innbyggerpost:utskrift:ver1.0"]]})",
         400, "process"},
        {"standard of the other type",
         R"({"payload":[["/standardBusinessDocument/standardBusinessDocumentHeader/documentIdentification/standard","urn:fdc:digdir.no:2020:innbyggerpost:xsd::innbyggerpost##urn:fdc:digdir.no:2020:innbyggerpost:schema:utskrift::1.0"]]})",
         400, "standard"},
        {"type that is not the body's",
         R"({"payload":[["/standardBusinessDocument/standardBusinessDocumentHeader/documentIdentification/type","utskrift"]]})",
         400, "additionalProperties digital"},
        {"a receipt",
         R"({"payload":[["/standardBusinessDocument/standardBusinessDocumentHeader/documentIdentification/type","leveringskvittering"]]})",
         400, "digital or utskrift"},
        {"message id that is no UUID", R"({"id":"melding-1"})", 400, "uuid"},
        {"scope of another type",
         R"({"payload":[["/standardBusinessDocument/standardBusinessDocumentHeader/businessScope/scope/0/type","MessageId"]]})",
         400, "scope"},
        {"creation time without offset",
         R"({"payload":[["/standardBusinessDocument/standardBusinessDocumentHeader/documentIdentification/creationDateAndTime","2026-11-22T10:00:00"]]})",
         400, "creationDateAndTime"},
        {"print: postcode and country",
         R"({"type":"utskrift","body":{"mottaker":{"land":"Norge"}}})", 400, "oneOf"},
        {"print: country and code",
         R"({"type":"utskrift","body":{"mottaker":{"postnummer":null,"poststed":null,"land":"Sverige","landkode":"SE"}}})",
         400, "oneOf"},
        {"print: postcode alone", R"({"type":"utskrift","body":{"mottaker":{"poststed":null}}})",
         400, "oneOf"},
        {"print: no name", R"({"type":"utskrift","body":{"mottaker":{"navn":null}}})", 400, "navn"},
        {"print: no return address", R"({"type":"utskrift","body":{"retur":null}})", 400, "retur"},
        {"print: postcode of five",
         R"({"type":"utskrift","body":{"mottaker":{"postnummer":"12345"}}})", 400, "pattern"},
        {"print: colour by another name", R"({"type":"utskrift","body":{"utskriftstype":"SORT"}})",
         400, "utskriftstype"},
        {"print: a level", R"({"type":"utskrift","body":{"sikkerhetsnivaa":3}})", 400,
         "additionalProperties"},
    };
    return list;
}

// What operators say no to, after corner 2 has said yes.
const std::vector<Wrong>& wrong_packages() {
    static const std::vector<Wrong> list{
        {"two files of one name",
         R"({"documents":[{"name":"brev.pdf","mime":"application/pdf","title":"A","text":"1"},{"name":"anna.pdf","mime":"application/pdf","title":"B","text":"2"}],"manifest":[["<vedlegg href=\"anna.pdf\"","<vedlegg href=\"brev.pdf\""]]})",
         201, "SBD:5023"},
        {"two entries of one name", R"({"zip":{"twice":"vedtak.pdf"}})", 201, "SBD:5023"},
        {"name of three characters",
         R"({"documents":[{"name":"a.b","mime":"text/plain","title":"A","text":"1"}]})", 201,
         "skjemaet"},
        {"no title in the manifest", R"({"manifest":[[">Vedtak<","><"]]})", 201, "skjemaet"},
        {"element that the schema does not have",
         R"({"manifest":[["</manifest>","<x/></manifest>"]]})", 201, "skjemaet"},
        {"document type",
         R"({"manifest":[["<manifest xmlns","<!DOCTYPE manifest [<!ENTITY a 'b'>]><manifest xmlns"]]})",
         201, "ikke XML"},
        {"type that is not allowed",
         R"({"documents":[{"name":"skript.js","mime":"text/javascript","title":"A","text":"1"}]})",
         201, "text/javascript"},
        {"empty file",
         R"({"documents":[{"name":"tomt.txt","mime":"text/plain","title":"A","text":""}]})", 201,
         "tom"},
        {"file that the manifest lacks", R"({"zip":{"extra":{"ukjent.txt":"x"}}})", 201,
         "ikke står i manifest.xml"},
        {"file that is not there", R"({"zip":{"missing":["vedtak.pdf"]}})", 201,
         "ikke er i pakken"},
        {"no manifest", R"({"zip":{"missing":["manifest.xml"]}})", 201, "manifest.xml mangler"},
        {"no signature", R"({"zip":{"missing":["META-INF/signatures.xml"]}})", 201,
         "signatures.xml mangler"},
        {"mimetype compressed", R"({"zip":{"mimetype":"deflated"}})", 201, "mimetype"},
        {"mimetype last", R"({"zip":{"mimetype":"last"}})", 201, "mimetype"},
        {"no mimetype", R"({"zip":{"mimetype":"missing"}})", 201, "mimetype"},
        {"another mimetype", R"({"zip":{"mimetype":"other"}})", 201, "mimetype"},
        {"file outside the package", R"({"zip":{"extra":{"../ut.txt":"x"}}})", 201, "filnavn"},
        {"symbolic link", R"({"zip":{"link":"lenke.txt"}})", 201, "filnavn"},
        {"name that is another before the content",
         R"({"zip":{"patch":[["vedtak.pdf","vedtok.pdf"]]}})", 201, "katalogen"},
        {"directory cut off", R"({"zip":{"cut":30}})", 201, "sluttpost"},
        {"two nodes of one Id", R"({"template":[["<Object>","<Object Id=\"SignedProperties\">"]]})",
         201, "holder ikke"},
        {"second signature",
         R"({"signed":[["</XAdESSignatures>","<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></XAdESSignatures>"]]})",
         201, "nøyaktig en Signature"},
        {"file changed after signing", R"({"zip":{"swapped":{"vedtak.pdf":"%PDF-1.4 avslag"}}})",
         201, "holder ikke"},
        {"another avsender in the manifest", R"({"manifest":[["310000019","310356875"]]})", 201,
         "avsender i manifest.xml"},
        {"another mailbox in the manifest", R"({"manifest":[["kari.nordmann","ola.nordmann"]]})",
         201, "postkasseadresse i manifest.xml"},
        {"unit only in the message", R"({"body":{"avsender":{"avsenderidentifikator":"helse"}}})",
         201, "avsenderidentifikator"},
        {"type that is another in the signature",
         R"({"template":[["<MimeType>application/pdf","<MimeType>text/plain"]]})", 201,
         "en annen enn i signaturen"},
        {"no type in the signature",
         R"({"template":[["<DataObjectFormat ObjectReference=\"#ID_1\"><MimeType>application/pdf</MimeType></DataObjectFormat>",""]]})",
         201, "DataObjectFormat"},
        {"signing certificate by SHA-256",
         R"({"template":[["http://www.w3.org/2000/09/xmldsig#sha1","http://www.w3.org/2001/04/xmlenc#sha256"]]})",
         201, "SHA-1"},
        {"target of another signature",
         R"({"template":[["Target=\"#Signature\"","Target=\"#Other\""]]})", 201,
         "en annen signatur"},
        {"certificates changed after signing",
         R"({"signed":[["<ds:X509SerialNumber>","<ds:X509SerialNumber>1"]]})", 201, "IssuerSerial"},
        {"one certificate only", R"({"only_leaf":true})", 201, "tre sertifikater"},
        {"signed long ago", R"({"signed_at":"2020-01-01T00:00:00Z"})", 201, "SigningTime"},
        {"signed in the time to come", R"({"signed_at":"2099-01-01T00:00:00Z"})", 201,
         "SigningTime"},
        {"exclusive canonical form",
         R"({"template":[["<CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"","<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\""]]})",
         201, "CanonicalizationMethod"},
        {"AES-128", R"({"cms":{"cipher":"aes-128-cbc"}})", 201, "AES-256-CBC"},
        {"PKCS#1 v1.5", R"({"cms":{"oaep":""}})", 201, "OAEP"},
        {"OAEP with SHA-512", R"({"cms":{"oaep":"sha512"}})", 201, "OAEP"},
        {"OAEP with two digests", R"({"cms":{"oaep":"sha256","mgf1":"sha1"}})", 201, "OAEP"},
        {"ciphertext damaged", R"({"cms":{"broken":true}})", 201, ""},
        {"days named twice", R"({"body":{"varsler":{"epostvarsel":{"repetisjoner":[7,7]}}}})", 201,
         "repetisjoner"},
    };
    return list;
}

std::string where(const std::vector<Value>& receipts) {
    return receipts.empty() ? "" : body_of(receipts.front())["detaljer"].as_string();
}

}   // namespace

TEST_CASE("digital post stand-in: every wrong message is refused by corner 2 with its own words") {
    const DigitalPost post;
    std::vector<Value> changes;
    for (const Wrong& wrong : wrong_messages()) {
        changes.push_back(object(wrong.changes));
    }
    const auto built = post.build(changes);
    for (std::size_t i = 0; i < built.size(); ++i) {
        const Wrong& wrong = wrong_messages()[i];
        const Answer answer = post.send(built[i]);
        INFO(wrong.what << ": " << answer.body);
        CHECK(answer.status == wrong.status);
        CHECK(answer.header("content-type") == "application/problem+json");
        const Value problem = answer.json();
        CHECK(problem["status"].as_int() == wrong.status);
        CHECK(problem["type"].as_string() == "about:blank");
        CHECK_FALSE(problem["title"].as_string().empty());
        CHECK(problem["instance"].as_string().starts_with("urn:uuid:"));
        CHECK(problem["detail"].as_string().find(wrong.words) != std::string::npos);
    }
    CHECK(post.child().state()["messages"].items().empty());
}

TEST_CASE("digital post stand-in: every wrong package comes back as feil by the operator") {
    const DigitalPost post;
    std::vector<Value> changes;
    for (const Wrong& wrong : wrong_packages()) {
        changes.push_back(object(wrong.changes));
    }
    const auto built = post.build(changes);
    for (std::size_t i = 0; i < built.size(); ++i) {
        const Wrong& wrong = wrong_packages()[i];
        INFO(wrong.what);
        const std::string query = "?kanal=pakke-" + std::to_string(i);
        post.accept(built[i], query);
        const auto receipts = post.until(1, query);
        INFO(where(receipts));
        CHECK(type_of(receipts.front()) == "feil");
        CHECK(body_of(receipts.front())["feiltype"].as_string() == "KLIENT");
        CHECK(where(receipts).find(wrong.words) != std::string::npos);
        CHECK(post.remembered(built[i].id())["opened"].is_null());
    }
}

}   // namespace gateway::tests::standins
