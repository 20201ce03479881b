#include "adapters/digital_post/dpi_receipt.hpp"
#include "tests/unit/adapter_digital_post/receipts.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using digital_post::read_receipt;
using digital_post::read_signed;
using receipts::receipt;
using sdk::ReceiptKind;

namespace {

digital_post::ReceiptFacts read(const json::Value& payload) {
    return *read_receipt(json::write(payload));
}

/// The code and parameters of the refusal.
std::string refusal(const std::string& payload) {
    const auto facts = read_receipt(payload);
    if (facts) {
        return "taken";
    }
    std::string all = facts.error().code.value;
    for (const auto& [name, value] : facts.error().params) {
        all += " " + value;
    }
    return all;
}

std::string replaced(const json::Value& payload, const std::string& from, const std::string& to) {
    std::string text = json::write(payload);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string part_refused(const std::string& jws) {
    const auto message = read_signed(jws);
    return message ? "taken" : message.error().params.at(0).second;
}

std::string jws_with_header(const std::string& header) {
    return crypto::jws_compact(crypto::jws_signing_input(header, "{}"), "s");
}

}   // namespace

TEST_CASE("digital_post: each receipt moves the letter the way it says") {
    CHECK(read(receipt("leveringskvittering")).receipt.kind == ReceiptKind::delivered);
    CHECK(read(receipt("aapningskvittering")).receipt.kind == ReceiptKind::read);
    CHECK(read(receipt("mottakskvittering")).receipt.kind == ReceiptKind::sent);
    const auto back = read(receipt("returpostkvittering")).receipt;
    CHECK(back.kind == ReceiptKind::returned);
    CHECK(back.code.value == "digital_post.returned");
    const auto untold =
        read(receipt("varslingfeiletkvittering", R"(,"varslingskanal":"sms")")).receipt;
    CHECK(untold.kind == ReceiptKind::notice_failed);
    CHECK(untold.code.value == "digital_post.notice_failed");
    CHECK(read(receipt("feil", R"(,"feiltype":"KLIENT")")).receipt.kind == ReceiptKind::failed);
}

TEST_CASE("digital_post: a receipt has its conversation, its own id, its time and its sender") {
    const auto facts = read(receipt("leveringskvittering"));
    CHECK(facts.conversation.to_string() == letters::delivery_id);
    CHECK(facts.id == receipts::receipt_id);
    CHECK(facts.type == "leveringskvittering");
    CHECK(facts.sender_organisation == receipts::mailbox_operator);
    CHECK(core::to_rfc3339(facts.receipt.at) == "2026-11-22T09:00:50.000Z");
    CHECK(facts.receipt.dedupe_id == std::string("leveringskvittering/") + receipts::receipt_id);
    CHECK(facts.receipt.code.value == "digital_post.delivered");
}

TEST_CASE("digital_post: the same receipt about paper has words of its own") {
    const auto of_print = [](const std::string& type) {
        return read(receipt(type, {}, letters::delivery_id, "utskrift")).receipt.code.value;
    };
    CHECK(of_print("leveringskvittering") == "digital_post.ready_for_posting");
    CHECK(of_print("mottakskvittering") == "digital_post.queued_for_print");
    CHECK(read(receipt("mottakskvittering")).receipt.code.value ==
          "digital_post.received_by_operator");
}

TEST_CASE("digital_post: a failed notice names its channel, and its words are kept sealed") {
    const auto news =
        read(receipt("varslingfeiletkvittering",
                     R"(,"varslingskanal":"epost","beskrivelse":"kari@x finnes ikke")"))
            .receipt;
    CHECK(news.params == core::Params{{"channel", "Email"}});
    CHECK(news.upstream_text == "kari@x finnes ikke");
}

TEST_CASE("digital_post: a failure says whose it is, and the operator's reason where it has one") {
    const auto client =
        read(receipt("feil", R"(,"feiltype":"KLIENT","detaljer":"Reason code: SBD:5023. )"
                             R"(Vedhaeftning maa kun optraede 1 gang")"))
            .receipt;
    CHECK(client.code.value == "digital_post.operator_refused");
    CHECK(client.params == core::Params{{"reason", "SBD:5023"}});
    CHECK(client.other_channel_may == true);   // of the message, not of the letter
    CHECK(client.upstream_text.find("Vedhaeftning") != std::string::npos);
    const auto server =
        read(receipt("feil", R"(,"feiltype":"SERVER","detaljer":"om 17859130003: x")")).receipt;
    CHECK(server.code.value == "digital_post.operator_failed");
    CHECK(server.params == core::Params{{"reason", "-"}});
}

TEST_CASE("digital_post: what a receipt's schema does not know is refused, with its place alone") {
    CHECK(refusal(json::write(receipt("leveringskvittering", R"(,"maskinportentoken":"t")"))) ==
          "digital_post.receipt_against_schema /standardBusinessDocument/leveringskvittering "
          "additionalProperties");
    CHECK(refusal(json::write(receipt("digital", R"(,"feiltype":"SERVER")"))) ==
          "digital_post.receipt_against_schema /standardBusinessDocument additionalProperties");
    CHECK(refusal(json::write(receipt("feil"))) ==
          "digital_post.receipt_against_schema /standardBusinessDocument/feil/feiltype required");
    CHECK(refusal(json::write(receipt("feil", R"(,"feiltype":"ANNET")"))).find(" enum") !=
          std::string::npos);
    CHECK(refusal("{}") ==
          "digital_post.receipt_against_schema /standardBusinessDocument required");
}

TEST_CASE("digital_post: a receipt whose parts disagree or cannot be read is refused") {
    const auto right = receipt("leveringskvittering");
    CHECK(refusal(replaced(right, R"("type":"leveringskvittering")", R"("type":"feil")")) ==
          "digital_post.receipt_malformed type");
    CHECK(refusal(replaced(right, R"("type":"leveringskvittering")", R"("type":"digital")")) ==
          "digital_post.receipt_malformed type");
    CHECK(refusal(replaced(right, letters::delivery_id, "not-a-uuid")) ==
          "digital_post.receipt_malformed conversation");
    CHECK(refusal(replaced(right, "ConversationId", "SenderRef")) ==
          "digital_post.receipt_malformed conversation");
    CHECK(refusal(replaced(right, receipts::receipt_id, "7")) ==
          "digital_post.receipt_malformed id");
    CHECK(refusal(replaced(right, "2026-11-22T10:00:50+01:00", "i dag")) ==
          "digital_post.receipt_malformed time");
    CHECK(refusal(replaced(right, "2026-11-22T10:00:52+01:00", "i dag")) ==
          "digital_post.receipt_malformed time");
    CHECK(refusal(replaced(right, "0192:984661185", "9908:984661185")) ==
          "digital_post.receipt_malformed sender");
    CHECK(refusal("{\"a\":1,\"a\":2}") == "digital_post.receipt_malformed payload");
}

TEST_CASE("digital_post: a signed message is three parts, RS256, with the signer's certificate") {
    const auto right = receipts::jws(receipt("leveringskvittering"), "der", "signature");
    const auto message = read_signed(right);
    REQUIRE(message.has_value());
    CHECK(message->certificates == std::vector<std::string>{"der"});
    CHECK(message->signature == "signature");
    CHECK(right.starts_with(message->signing_input + "."));
    CHECK(part_refused(right.substr(0, right.size() / 2)) == "jws");
    CHECK(part_refused("") == "jws");
    CHECK(part_refused(std::string(digital_post::receipt_bytes_max + 1, 'a')) == "size");
    CHECK(part_refused(jws_with_header("[]")) == "header");
    CHECK(part_refused(jws_with_header(R"({"alg":"RS256","crit":["b64"],"x5c":["ZGVy"]})")) ==
          "header");
    for (const char* alg : {"none", "HS256", "RS512", "rs256"}) {
        CHECK(part_refused(jws_with_header(R"({"x5c":["ZGVy"],"alg":")" + std::string(alg) +
                                           "\"}")) == "alg");
    }
    for (const char* chain : {"[]", "\"ZGVy\"", "[\"\"]", "[\"not base64\"]", "[7]",
                              R"(["ZGVy","ZGVy","ZGVy","ZGVy","ZGVy","ZGVy","ZGVy"])"}) {
        CHECK(part_refused(
                  jws_with_header(R"({"alg":"RS256","x5c":)" + std::string(chain) + "}")) == "x5c");
    }
}

TEST_CASE("digital_post: the id of a message is found though the rest of it cannot be believed") {
    CHECK(digital_post::id_in_payload(json::write(receipt("whatever"))) == receipts::receipt_id);
    CHECK(digital_post::id_in_payload("{}").empty());
    CHECK(digital_post::id_in_payload("x").empty());
}
