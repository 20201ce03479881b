// digital_post under the suite: it needs a business certificate, registers and a document to carry
// a letter.

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/jws.hpp"
#include "tests/contract/adapters/suite/candidates.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/unit/adapter_digital_post/receipts.hpp"

namespace candidates {
namespace {

namespace json = gateway::json;
using gateway::crypto::base64_encode;

constexpr const char* person = "17859130003";
constexpr const char* document_bytes = "%PDF-1.7";

const tests::BusinessAuthority& authority() {
    static const tests::BusinessAuthority made;
    return made;
}

/// Of 991825827, the suite's tenant; the operators share it here.
const tests::BusinessIdentity& identity() {
    static const tests::BusinessIdentity made = authority().issue();
    return made;
}

json::Value certificates(const std::string& der) {
    json::Value one;
    one.set("der_base64", base64_encode(der));
    json::Value all;
    all.push(std::move(one));
    return all;
}

std::string trust_file() {
    json::Value environment;
    environment.set("roots", certificates(authority().root()))
        .set("intermediates", certificates(authority().intermediate()));
    json::Value file;
    file.set("prod", std::move(environment));
    return json::write(file);
}

void furnish(tests::FakeHost& fake) {
    fake.keys.chain = {identity().der, authority().intermediate()};
    fake.keys.signer = [](const std::string& bytes) { return identity().sign(bytes); };
    json::Value mailbox;
    mailbox.set("address", "kari#1").set("operator", "984661185");
    json::Value contact;
    contact.set("status", "active")
        .set("mailbox", std::move(mailbox))
        .set("certificate", base64_encode(identity().der));
    fake.registers.knows("contact", person, std::move(contact));
    fake.documents.add("brev.pdf", document_bytes);
}

/// The payload of the signed message in its part of the form.
std::string unwrap(const std::string& body) {
    const auto begin = body.find("\r\n\r\n") + 4;
    const auto message =
        gateway::crypto::jws_split(body.substr(begin, body.find("\r\n", begin) - begin));
    return message ? message->payload_json : std::string();
}

/// One receipt of the mailbox operator, signed by a certificate of its own.
std::string signed_receipt() {
    static const tests::BusinessIdentity operators_own = [] {
        tests::BusinessWishes wishes;
        wishes.subject[2].second = std::string("NTRNO-") + receipts::mailbox_operator;
        return authority().issue(wishes);
    }();
    const std::string header =
        R"({"x5c":[")" + base64_encode(operators_own.der) + R"("],"alg":"RS256"})";
    const auto payload =
        receipts::receipt("leveringskvittering", {}, "0198408f-979c-75e0-b23e-aef6e907015f");
    auto input = gateway::crypto::jws_signing_input(header, json::write(payload));
    const auto signature = operators_own.sign(input);
    return gateway::crypto::jws_compact(std::move(input), signature);
}

gateway::sdk::HttpResponse news(const tests::SentRequest& sent) {
    if (sent.method != "GET") {
        return gateway::sdk::HttpResponse(200, "");
    }
    static const std::string receipt = signed_receipt();
    json::Value item;
    item.set("forretningsmelding", receipt)
        .set("downloadurl",
             std::string("https://upstream.example/messages/in/") + receipts::receipt_id);
    return gateway::sdk::HttpResponse(200, json::write(json::Value::array().push(std::move(item))));
}

}   // namespace

Candidate digital_post() {
    Candidate made;
    made.probe_body = R"([])";
    made.name = "digital_post";
    json::Value config;
    config.set("organisation", "991825827").set("revocation", "off");
    made.config = json::write(config.set("trust_file", trust_file()));
    made.route = R"({"service":"digital"})";
    made.bad_configs = {"{}",
                        R"({"organisation":"991825827"})",
                        R"({"organisation":"99","trust_file":"t"})",
                        R"({"organisation":"991825827","trust_file":"t","nonsense":1})",
                        R"({"organisation":"991825827","trust_file":"t","channel":"far-too-long"})",
                        R"({"organisation":"991825827","trust_file":"t","notice_days":[26]})",
                        R"({"organisation":"991825827","trust_file":"t","revocation":"no"})"};
    made.bad_routes = {"{}", R"({"service":"fax"})", R"({"service":"print","nonsense":1})",
                       R"({"service":"print","return_address":{"name":"x"}})"};
    made.accepted_status = 201;
    made.lookup_body = R"([{"status":"OPPRETTET"}])";
    tests::FakeDocuments documents;
    made.documents = {documents.add("brev.pdf", document_bytes)};
    made.furnish = furnish;
    made.unwrap = unwrap;
    made.news = news;
    made.acknowledges = [](const tests::SentRequest& sent) {
        return sent.method == "POST" && sent.url.ends_with("/read");
    };
    return made;
}

}   // namespace candidates
