#include "adapters/digital_post/dpi_receipt.hpp"

#include "digital_post_receipts.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/jws.hpp"
#include "gateway/json/schema.hpp"
#include "gateway/sdk/exchange.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::digital_post {
namespace {

using sdk::ReceiptKind;

constexpr std::size_t certificates_max = 6;
constexpr std::size_t depth_max = 16;
constexpr std::string_view organisation_prefix = "0192:";

seal::Finding malformed(const char* part) {
    return seal::Finding("digital_post.receipt_malformed", {{"part", part}});
}

json::ParseLimits limits() {
    json::ParseLimits made;
    made.bytes_max = receipt_bytes_max;
    made.depth_max = depth_max;
    return made;
}

const json::Schema& schema() {
    static const json::Schema compiled = *json::Schema::compile(embedded::receipt_schema);
    return compiled;
}

/// A pointer of names we know; the rest of it could hold what a sender wrote.
std::string known_pointer(const json::SchemaFault& fault) {
    return fault.keyword == "additionalProperties"
               ? fault.pointer.substr(0, fault.pointer.rfind('/'))
               : fault.pointer;
}

/// Letters before the colon at `colon`, digits after it; empty when that is not what stands there.
std::string name_around(const std::string& text, std::size_t colon) {
    std::size_t begin = colon;
    while (begin > 0 && colon - begin < 6 &&
           std::isupper(static_cast<unsigned char>(text[begin - 1])) != 0) {
        --begin;
    }
    std::size_t end = colon + 1;
    while (end < text.size() && end - colon < 7 &&
           std::isdigit(static_cast<unsigned char>(text[end])) != 0) {
        ++end;
    }
    const bool named = begin < colon && end > colon + 1;
    return named ? text.substr(begin, end - begin) : std::string();
}

/// "SBD:5023" and the like, where the operator names its reason so.
std::string reason_in(const std::string& details) {
    for (auto at = details.find(':'); at != std::string::npos; at = details.find(':', at + 1)) {
        if (auto name = name_around(details, at); !name.empty()) {
            return name;
        }
    }
    return "-";
}

struct Meaning {
    std::string_view type;
    ReceiptKind kind;
    const char* code;
    const char* code_of_print;
};

constexpr Meaning meanings[] = {
    {"leveringskvittering", ReceiptKind::delivered, "digital_post.delivered",
     "digital_post.ready_for_posting"},
    {"aapningskvittering", ReceiptKind::read, "digital_post.opened", "digital_post.opened"},
    {"mottakskvittering", ReceiptKind::sent, "digital_post.received_by_operator",
     "digital_post.queued_for_print"},
    {"returpostkvittering", ReceiptKind::returned, "digital_post.returned",
     "digital_post.returned"},
    {"varslingfeiletkvittering", ReceiptKind::notice_failed, "digital_post.notice_failed",
     "digital_post.notice_failed"},
    {"feil", ReceiptKind::failed, nullptr, nullptr},
};

const Meaning* meaning_of(const std::string& type) {
    const auto* found = std::find_if(std::begin(meanings), std::end(meanings),
                                     [&](const Meaning& one) { return one.type == type; });
    return found == std::end(meanings) ? nullptr : found;
}

sdk::Receipt news_of(const Meaning& meaning, const json::Value& body, bool is_print) {
    sdk::Receipt receipt;
    receipt.kind = meaning.kind;
    if (meaning.code != nullptr) {
        receipt.code = is_print ? meaning.code_of_print : meaning.code;
    }
    if (meaning.kind == ReceiptKind::notice_failed) {
        const bool sms = body["varslingskanal"].as_string() == "sms";
        receipt.params.emplace_back("channel", sms ? "Sms" : "Email");
        receipt.upstream_text = sdk::peer_text(body["beskrivelse"].as_string());
    }
    if (meaning.kind == ReceiptKind::failed) {
        const std::string& details = body["detaljer"].as_string();
        const bool ours = body["feiltype"].as_string() == "KLIENT";
        receipt.code = ours ? "digital_post.operator_refused" : "digital_post.operator_failed";
        // What an operator has against the message need not hold on paper: another mailbox, no
        // notice. What is wrong with the letter itself was told before it was accepted.
        receipt.other_channel_may = true;
        receipt.params.emplace_back("reason", reason_in(details));
        receipt.upstream_text = sdk::peer_text(details);
    }
    return receipt;
}

const json::Value* conversation_in(const json::Value& header) {
    for (const auto& scope : header["businessScope"]["scope"].items()) {
        if (scope["type"].as_string() == "ConversationId") {
            return &scope;
        }
    }
    return nullptr;
}

}   // namespace

seal::Judged<SignedMessage> read_signed(std::string_view jws) {
    if (jws.size() > receipt_bytes_max) {
        return malformed("size");
    }
    auto parts = crypto::jws_split(jws);
    if (!parts) {
        return malformed("jws");
    }
    const auto header = json::parse(parts->header_json, limits());
    if (!header || !header->is_object() || header->has("crit")) {
        return malformed("header");
    }
    if ((*header)["alg"].as_string() != "RS256") {
        return malformed("alg");
    }
    const auto& chain = (*header)["x5c"].items();
    if (chain.empty() || chain.size() > certificates_max) {
        return malformed("x5c");
    }
    SignedMessage message;
    for (const auto& one : chain) {
        auto der = crypto::base64_decode(one.as_string());
        if (!der || der->empty()) {
            return malformed("x5c");
        }
        message.certificates.push_back(std::move(*der));
    }
    message.signing_input = std::move(parts->signing_input);
    message.signature = std::move(parts->signature);
    message.payload = std::move(parts->payload_json);
    return message;
}

seal::Judged<ReceiptFacts> read_receipt(std::string_view payload) {
    const auto document = json::parse(payload, limits());
    if (!document) {
        return malformed("payload");
    }
    const auto faults = schema().check(*document, 1);
    if (!faults.empty()) {
        return seal::Finding(
            "digital_post.receipt_against_schema",
            {{"pointer", known_pointer(faults.front())}, {"rule", faults.front().keyword}});
    }
    const json::Value& inner = (*document)["standardBusinessDocument"];
    const json::Value& header = inner["standardBusinessDocumentHeader"];
    const json::Value& identification = header["documentIdentification"];
    ReceiptFacts facts;
    facts.type = identification["type"].as_string();
    const json::Value* body = inner.find(facts.type);
    const Meaning* meaning = meaning_of(facts.type);
    if (body == nullptr || meaning == nullptr) {
        return malformed("type");
    }
    const auto id = core::parse_uuid(identification["instanceIdentifier"].as_string());
    const json::Value* scope = conversation_in(header);
    const auto conversation =
        scope == nullptr ? std::nullopt
                         : core::DeliveryId::parse((*scope)["instanceIdentifier"].as_string());
    if (!id || !conversation) {
        return malformed(id ? "conversation" : "id");
    }
    const auto created = core::parse_rfc3339(identification["creationDateAndTime"].as_string());
    const auto at = core::parse_rfc3339((*body)["tidspunkt"].as_string());
    if (!created || !at) {
        return malformed("time");
    }
    const std::string& sender = header["sender"].items().front()["identifier"]["value"].as_string();
    if (!sender.starts_with(organisation_prefix)) {
        return malformed("sender");
    }
    facts.id = id->to_string();
    facts.conversation = *conversation;
    facts.sender_organisation = sender.substr(organisation_prefix.size());
    const bool is_print =
        (*scope)["identifier"].as_string().find(":utskrift:") != std::string::npos;
    facts.receipt = news_of(*meaning, *body, is_print);
    facts.receipt.at = *at;
    facts.receipt.dedupe_id = facts.type + "/" + facts.id;
    return facts;
}

std::string id_in_payload(std::string_view payload) {
    const auto document = json::parse(payload, limits());
    if (!document) {
        return {};
    }
    const auto id =
        core::parse_uuid((*document)["standardBusinessDocument"]["standardBusinessDocumentHeader"]
                                    ["documentIdentification"]["instanceIdentifier"]
                                        .as_string());
    return id ? id->to_string() : std::string();
}

}   // namespace gateway::digital_post
