#include "adapters/altinn/altinn_answers.hpp"
#include "adapters/altinn/altinn_errors.hpp"
#include "tests/unit/adapter_altinn/altinn_world.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace altinn_world;
using namespace gateway::altinn;

namespace {

sdk::HttpResponse answer(int status, std::string body, const char* type = "application/json") {
    sdk::HttpResponse response(status, std::move(body));
    response.headers.emplace_back("Content-Type", type);
    return response;
}

sdk::Outcome refused(int status, int number) {
    return outcome_of_refusal(answer(status, problem(status, number), "application/problem+json"));
}

const core::Time noon = *core::parse_rfc3339("2026-01-15T12:00:00Z");

sdk::Receipts receipts(const std::string& members, core::Time now = noon,
                       Settings settings = Settings()) {
    const auto read =
        read_receipts(answer(200, R"({"correspondenceId":")" + std::string(letter_id) +
                                      R"(","created":"2026-01-15T11:59:00Z",)" + members + "}"),
                      settings, noon, now);
    REQUIRE(read.has_value());
    return *read;
}

std::string kinds(const sdk::Receipts& told) {
    std::string all;
    for (const auto& receipt : told.items) {
        all += (all.empty() ? "" : " ") + receipt.code.value;
    }
    return all;
}

json::Value file(const std::string& path) {
    std::ifstream stream(std::string(SLUSE_SOURCE_DIR) + "/" + path);
    std::stringstream text;
    text << stream.rdbuf();
    const gateway::json::ParseLimits limits{8U << 20U, 32, 1'000'000};
    return *json::parse(text.str(), limits);
}

}   // namespace

TEST_CASE("altinn errors: every number with words of its own stands in the texts, and every such "
          "text is reached") {
    const auto codes = file("schemas/texts/codes.json");
    std::size_t in_texts = 0;
    for (const auto& [code, about] : codes.members()) {
        in_texts += code.compare(0, 12, "altinn.corr_") == 0 ? 1U : 0U;
    }
    CHECK(in_texts == numbers_with_texts().size());
    for (const int number : numbers_with_texts()) {
        CHECK(codes.has(refused(400, number).code.value));
    }
}

TEST_CASE(
    "altinn errors: what passes by itself is tried later, everything else with a number is final") {
    for (const int number : {1032, 2000, 2002, 2022}) {
        CHECK(refused(number == 2022 ? 408 : 500, number).verdict == sdk::Verdict::try_later);
    }
    for (const int number : {1001, 1002, 1016, 1029, 1047, 2004, 2008, 2013, 2014, 3002, 3025, 4001,
                             4009, 1999, 2999}) {
        CHECK(refused(400, number).verdict == sdk::Verdict::rejected);
    }
    CHECK(refused(422, 1030).code.value == "altinn.corr_01030");
}

TEST_CASE("altinn errors: a number without words of its own has those of its range") {
    CHECK(refused(400, 1065).code.value == "altinn.correspondence_refused");
    CHECK(refused(400, 2021).code.value == "altinn.attachment_refused");
    CHECK(refused(400, 3010).code.value == "altinn.notification_refused");
    CHECK(refused(401, 4099).code.value == "altinn.access_refused");
    CHECK(refused(400, 1065).params == core::Params{{"code", "CORR-01065"}});
}

TEST_CASE("altinn errors: the number is found in the code alone") {
    const auto outcome = outcome_of_refusal(answer(400, R"({"code":"CORR-01002"})"));
    CHECK(outcome.code.value == "altinn.corr_01002");
}

TEST_CASE("altinn errors: failed validation names the fields and never their values") {
    const auto outcome = outcome_of_refusal(answer(
        400,
        R"({"code":"STD-00000","validationErrors":[{"code":"CORR.VLD-00000","title":"x",)"
        R"("paths":["Recipients[0]"]}],"errors":{"Recipients":["x"],"Ola Nordmann 12345":["x"]}})"));
    CHECK(outcome.verdict == sdk::Verdict::rejected);
    CHECK(outcome.code.value == "altinn.validation_failed");
    CHECK(outcome.params == core::Params{{"paths", "Recipients[0]"}});
}

TEST_CASE("altinn errors: a bare string, an empty 401 and an unknown status are final") {
    CHECK(outcome_of_refusal(answer(400, "Invalid recipient", "text/plain")).code.value ==
          "altinn.correspondence_refused");
    CHECK(outcome_of_refusal(answer(401, "", "")).code.value == "altinn.access_refused");
    CHECK(outcome_of_refusal(answer(413, "", "")).code.value == "upstream.refused");
    CHECK(outcome_of_refusal(answer(413, "", "")).verdict == sdk::Verdict::rejected);
}

TEST_CASE(
    "altinn errors: 429 and 5xx pass, with the pause that was asked for, and blame the target") {
    auto busy = answer(429, "");
    busy.headers.emplace_back("Retry-After", "17");
    const auto outcome = outcome_of_refusal(busy);
    CHECK(outcome.verdict == sdk::Verdict::try_later);
    CHECK(outcome.retry_after == std::chrono::seconds(17));
    CHECK(outcome.target_at_fault);
    CHECK(outcome_of_refusal(answer(503, "<html>")).target_at_fault);
}

TEST_CASE("altinn errors: a web page on the way is not Altinn's refusal") {
    const auto outcome = outcome_of_refusal(answer(404, "<html>proxy</html>", "text/html"));
    CHECK(outcome.verdict == sdk::Verdict::try_later);
    CHECK(outcome.code.value == "upstream.html_answer");
}

TEST_CASE("altinn answers: published is delivered, read is read, confirmed is both") {
    CHECK(kinds(receipts(R"("status":"Initialized")")).empty());
    CHECK(kinds(receipts(R"("status":"ReadyForPublish")")).empty());
    CHECK(kinds(receipts(R"("status":"Published","published":"2026-01-15T12:00:00Z")")) ==
          "delivered");
    CHECK(kinds(receipts(R"("status":"Fetched")")) == "delivered receipt_other");
    CHECK(kinds(receipts(R"("status":"Read")")) == "delivered read");
    CHECK(kinds(receipts(R"("status":"Confirmed")")) == "delivered confirmed read");
}

TEST_CASE("altinn answers: a later status does not hide that the letter was read") {
    const auto told = receipts(R"("status":"AttachmentsDownloaded","read":"2026-01-15T12:00:05Z")");
    CHECK(kinds(told) == "delivered read receipt_other");
    CHECK(told.items[1].at == *core::parse_rfc3339("2026-01-15T12:00:05Z"));
    CHECK_FALSE(told.ask_again.has_value());
}

TEST_CASE("altinn answers: a failed publication is told with what Altinn said, sealed away") {
    const auto told = receipts(R"("status":"Failed","statusText":"No such party")");
    CHECK(kinds(told) == "altinn.publish_failed");
    CHECK(told.items[0].kind == sdk::ReceiptKind::failed);
    CHECK(told.items[0].upstream_text == "No such party");
    CHECK_FALSE(told.ask_again.has_value());
    CHECK(kinds(receipts(R"("status":"Reserved")")) == "altinn.reserved");
}

TEST_CASE("altinn answers: a status nobody knew is an event and not an error") {
    const auto told = receipts(R"("status":"Teleported","published":"2026-01-15T12:00:00Z")");
    CHECK(kinds(told) == "delivered altinn.unexpected_status");
    CHECK(told.ask_again.has_value());
}

TEST_CASE(
    "altinn answers: a letter purged before publication was withdrawn, afterwards it was deleted") {
    CHECK(receipts(R"("status":"PurgedByAltinn")").items[0].kind == sdk::ReceiptKind::cancelled);
    CHECK(kinds(receipts(R"("status":"PurgedByRecipient","published":"2026-01-15T12:00:00Z")")) ==
          "delivered altinn.purged");
}

TEST_CASE("altinn answers: the same news has the same id however often it is told") {
    const auto once = receipts(R"("status":"Published")");
    const auto twice = receipts(R"("status":"Read")");
    CHECK(once.items[0].dedupe_id == twice.items[0].dedupe_id);
    CHECK(twice.items[0].dedupe_id != twice.items[1].dedupe_id);
}

TEST_CASE("altinn answers: it is asked often at first, then ever slower, and not for ever") {
    const std::string published = R"("status":"Published","published":"2026-01-15T12:00:00Z")";
    CHECK(receipts(R"("status":"Initialized")").ask_again == seconds(15));
    CHECK(receipts(published, noon + seconds(5)).ask_again == seconds(10));
    CHECK(receipts(published, noon + std::chrono::hours(10)).ask_again == std::chrono::hours(1));
    CHECK(receipts(published, noon + std::chrono::hours(24 * 30)).ask_again ==
          std::chrono::hours(6));
    CHECK_FALSE(receipts(published, noon + std::chrono::hours(24 * 91)).ask_again.has_value());
}

TEST_CASE("altinn answers: a letter to be confirmed is followed until it is") {
    CHECK(receipts(R"("status":"Read","isConfirmationNeeded":true)").ask_again.has_value());
    CHECK_FALSE(
        receipts(R"("status":"Confirmed","isConfirmationNeeded":true)").ask_again.has_value());
    CHECK_FALSE(receipts(R"("status":"Read")").ask_again.has_value());
}

TEST_CASE("altinn answers: details tell of notices, without the address they went to") {
    const auto told =
        receipts(R"("status":"Published","notifications":[{"id":"1","notificationStatusDetails":{
        "email":{"id":"0196d885-2b97-7e8d-b8fb-21bd0e64b301","succeeded":true,"recipient":{"emailAddress":"a@b.no"},
                 "sendStatus":{"status":"Email_Delivered","lastUpdate":"2026-01-15T12:00:00Z"}},
        "sms":{"id":"0196d885-2b97-7e8d-b8fb-21bd0e64b302","succeeded":false,
               "sendStatus":{"status":"SMS_Failed_InvalidRecipient","lastUpdate":"2026-01-15T12:00:00Z"}}}}],
        "statusHistory":[{"status":"Read","statusChanged":"2026-01-15T12:00:03Z"}])");
    CHECK(kinds(told) == "delivered notice_sent notice_failed read");
    for (const auto& receipt : told.items) {
        CHECK(receipt.upstream_text.empty());
        CHECK(receipt.params.empty());
    }
}

TEST_CASE("altinn answers: other shapes are not answers") {
    CHECK_FALSE(read_initialised(answer(200, "<html>")).has_value());
    CHECK_FALSE(read_initialised(answer(200, R"({"correspondences":[]})")).has_value());
    CHECK_FALSE(
        read_initialised(answer(200, R"({"correspondences":[{"correspondenceId":"../x"}]})"))
            .has_value());
    CHECK_FALSE(read_attachment_id(answer(200, R"("x")")).has_value());
    CHECK_FALSE(read_ids(answer(200, R"({"ids":["x"]})")).has_value());
    CHECK_FALSE(read_receipts(answer(200, "{}"), Settings(), noon, noon).has_value());
    CHECK(read_attachment_id(answer(200, quoted("0196D885-2B97-7E8D-B8FB-21BD0E64B301"))) ==
          first_attachment);
}
