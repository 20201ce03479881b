#include "adapters/digital_post/standin/business_message.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"

namespace gateway::digital_post::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t certificates_max = 5;
constexpr const char* document = "standardBusinessDocument";

std::string standard_of(const std::string& type) {
    return "urn:fdc:digdir.no:2020:innbyggerpost:xsd::innbyggerpost##urn:fdc:digdir.no:2020:"
           "innbyggerpost:schema:" +
           type + "::1.0";
}

std::string process_of(const std::string& type) {
    return "urn:fdc:digdir.no:2020:profile:egovernment:innbyggerpost:" + type + ":ver1.0";
}

/// The certificate's organisation when the signature holds; what is wrong otherwise.
std::variant<std::string, Refusal> check_signature(const kit::Jws& jws, const Trust& trust,
                                                   std::int64_t now) {
    const Value& chain = jws.header["x5c"];
    if (!chain.is_array() || chain.items().empty() || chain.items().size() > certificates_max) {
        return Refusal(400, "x5c is a list of certificates");
    }
    if (jws.header["alg"].as_string() != "RS256") {
        return Refusal(400, "alg is RS256");
    }
    std::vector<kit::Certificate> certificates;
    for (const Value& entry : chain.items()) {
        const auto der = kit::from_base64(entry.as_string());
        auto certificate = der ? kit::Certificate::from_der(*der) : std::nullopt;
        if (!certificate) {
            return Refusal(400, "x5c holds something that is no certificate");
        }
        certificates.push_back(std::move(*certificate));
    }
    const kit::Certificate leaf = certificates.front();
    certificates.erase(certificates.begin());
    if (const auto objection = trust.objection(leaf, certificates, now)) {
        return Refusal(400, *objection);
    }
    if (!leaf.public_key().verify("RS256", jws.signed_text, jws.signature)) {
        return Refusal(400, "The signature of the forretningsmelding does not hold");
    }
    return leaf.organisation().value_or("");
}

BusinessMessage take_apart(const Value& sbd, const std::string& type) {
    const Value& header = sbd["standardBusinessDocumentHeader"];
    const Value& identification = header["documentIdentification"];
    const Value& scope = header["businessScope"]["scope"].items().front();
    BusinessMessage out;
    out.type = type;
    out.id = kit::lower(identification["instanceIdentifier"].as_string());
    out.conversation = kit::lower(scope["instanceIdentifier"].as_string());
    out.process = scope["identifier"].as_string();
    out.header_sender = organisation_number(header["sender"].items().front()["identifier"]);
    out.receiver = organisation_number(header["receiver"].items().front()["identifier"]);
    out.created = *core::parse_rfc3339(identification["creationDateAndTime"].as_string());
    out.body = sbd[type];
    out.avsender = organisation_number(out.body["avsender"]["virksomhetsidentifikator"]);
    out.sender_unit = out.body["avsender"]["avsenderidentifikator"].as_string();
    out.digest = out.body["dokumentpakkefingeravtrykk"]["digestValue"].as_string();
    out.token = out.body["maskinportentoken"].as_string();
    out.body.remove("maskinportentoken");
    return out;
}

}   // namespace

std::string organisation_number(const Value& identifier) {
    const std::string& value = identifier["value"].as_string();
    return value.starts_with("0192:") ? value.substr(5) : std::string();
}

std::variant<BusinessMessage, Refusal> read_business_message(const std::string& compact,
                                                             const Shapes& shapes,
                                                             const Trust& trust, std::int64_t now) {
    const auto jws = kit::split_jws(compact);
    if (!jws) {
        return Refusal(400, "forretningsmelding is no JWS in compact form");
    }
    auto signer = check_signature(*jws, trust, now);
    if (auto* refusal = std::get_if<Refusal>(&signer)) {
        return *refusal;
    }
    const Value& sbd = jws->payload[document];
    const Value& identification = sbd["standardBusinessDocumentHeader"]["documentIdentification"];
    const std::string& type = identification["type"].as_string();
    if (type != "digital" && type != "utskrift") {
        return Refusal(400, "documentIdentification.type is digital or utskrift");
    }
    if (const auto objection = shapes.objection(type, jws->payload)) {
        return Refusal(400, *objection);
    }
    BusinessMessage message = take_apart(sbd, type);
    message.signer = std::get<std::string>(signer);
    if (identification["standard"].as_string() != standard_of(type)) {
        return Refusal(400, "documentIdentification.standard is that of another document");
    }
    if (message.process != process_of(type)) {
        return Refusal(400, "The scope's identifier is that of another process");
    }
    if (message.header_sender != message.signer) {
        return Refusal(400, "The SBDH's sender is not the organisation in the certificate");
    }
    return message;
}

}   // namespace gateway::digital_post::standin
