#include "adapters/digital_post/dpi_notice.hpp"
#include "adapters/digital_post/dpi_text.hpp"
#include "tests/unit/adapter_digital_post/letters.hpp"

#include <catch2/catch.hpp>

using namespace letters;

namespace {

const core::Time now = *core::parse_rfc3339("2026-11-22T10:00:00Z");

dpi::Contact address() {
    dpi::Contact made;
    made.can_notify = true;
    made.email.address = "kari@example.no";
    made.email.until = now + std::chrono::hours(24);
    made.mobile.address = "+4790000000";
    made.mobile.until = now + std::chrono::hours(24);
    return made;
}

dpi::Notices ordered(const std::string& channel, const dpi::Contact& whom,
                     const std::string& more = {}) {
    return dpi::order_notices(parsed(R"({"channel":")" + channel +
                                     R"(","email":{"subject":"s","body":"Brev"},)"
                                     R"("sms":{"body":"SMS"})" +
                                     more + "}"),
                              whom, {0, 7}, now);
}

std::string names(const dpi::Notices& notices) {
    std::string all;
    for (const auto& [name, value] : notices.order.members()) {
        all += name + " ";
    }
    for (const auto& note : notices.notes) {
        all += note.code.value + " ";
    }
    return all;
}

json::Value decision(const std::string& notify) {
    auto made = letter();
    made.set("notify", parsed(notify));
    return made;
}

}   // namespace

TEST_CASE("digital_post: a notice has address, words and days") {
    CHECK(json::write(ordered("Email", address()).order) ==
          R"({"epostvarsel":{"epostadresse":"kari@example.no","varslingstekst":"Brev",)"
          R"("repetisjoner":[0,7]}})");
    CHECK(json::write(ordered("Sms", address(), R"(,"reminder":{"days":3})").order) ==
          R"({"smsvarsel":{"mobiltelefonnummer":"+4790000000","varslingstekst":"SMS",)"
          R"("repetisjoner":[0,3]}})");
}

TEST_CASE("digital_post: the preferred channel is used while it may be, else the other") {
    auto whom = address();
    CHECK(names(ordered("EmailPreferred", whom)) == "epostvarsel ");
    CHECK(names(ordered("SmsPreferred", whom)) == "smsvarsel ");
    CHECK(names(ordered("EmailAndSms", whom)) == "epostvarsel smsvarsel ");
    whom.email.until = now;
    CHECK(names(ordered("EmailPreferred", whom)) == "smsvarsel ");
    CHECK(names(ordered("EmailAndSms", whom)) == "smsvarsel digital_post.notice_not_possible ");
    whom.mobile.address = "12";
    CHECK(names(ordered("SmsPreferred", whom)) == "digital_post.notice_not_possible ");
    CHECK(names(ordered("EmailPreferred", whom)) == "digital_post.notice_not_possible ");
}

TEST_CASE("digital_post: who may not be notified is not, and the timeline says so") {
    auto whom = address();
    whom.can_notify = false;
    const auto none = ordered("EmailAndSms", whom);
    CHECK(none.order.is_null());
    CHECK(none.notes.size() == 2);
}

TEST_CASE("digital_post: an address that the schema would refuse is not used") {
    auto whom = address();
    for (const char* bad : {"", "kari", "@x", "kari@", "k a@x", "a@b@c"}) {
        whom.email.address = bad;
        CHECK(ordered("Email", whom).order.is_null());
    }
    for (const char* bad : {"1234567", "123456789012345678901", "+47 900a0000"}) {
        whom.mobile.address = bad;
        CHECK(ordered("Sms", whom).order.is_null());
    }
    whom.mobile.address = "900 00 000";
    CHECK_FALSE(ordered("Sms", whom).order.is_null());
}

TEST_CASE("digital_post: without words of its own a letter leaves notice to the mailbox") {
    const auto notices =
        dpi::order_notices(parsed(R"({"channel":"EmailPreferred"})"), address(), {0, 7}, now);
    CHECK(notices.order.is_null());
    CHECK(notices.notes.empty());
    CHECK(dpi::order_notices(json::Value(), address(), {0}, now).order.is_null());
}

TEST_CASE("digital_post: an SMS that one odd character splits in three is told of") {
    const std::string words(150, 'a');
    auto notify = parsed(R"({"channel":"Sms"})");
    json::Value sms;
    notify.set("sms", sms.set("body", words + "”"));
    const auto notices = dpi::order_notices(notify, address(), {0}, now);
    REQUIRE(notices.notes.size() == 1);
    CHECK(notices.notes[0].code.value == "digital_post.sms_split");
    CHECK(notices.notes[0].params == core::Params{{"parts", "3"}});
}

TEST_CASE("digital_post: SMS are counted as operators count them") {
    CHECK(dpi::sms_parts("") == 1);
    CHECK(dpi::sms_parts(std::string(160, 'a')) == 1);
    CHECK(dpi::sms_parts(std::string(161, 'a')) == 2);
    CHECK(dpi::sms_parts(std::string(158, 'a') + "€") == 1);
    CHECK(dpi::sms_parts(std::string(159, 'a') + "€") == 2);
    CHECK(dpi::sms_parts(std::string(70, 'a') + "") == 1);
    CHECK(dpi::sms_parts("ÆØÅæøåÄÖäöé§@" + std::string(140, 'a')) == 1);
    CHECK(dpi::sms_parts(std::string(69, 'a') + "š") == 1);
    CHECK(dpi::sms_parts(std::string(70, 'a') + "š") == 2);
    CHECK(dpi::sms_parts(std::string(68, 'a') + "\xF0\x9F\x98\x80") == 1);
    CHECK(dpi::sms_parts(std::string(69, 'a') + "\xF0\x9F\x98\x80") == 2);
}

TEST_CASE("digital_post: notice texts have the schema's lengths, in characters") {
    const auto told_of = [](const std::string& sms, const std::string& email) {
        return told(
            dpi::check_notice(decision(R"({"channel":"EmailAndSms","sms":{"body":")" + sms +
                                       R"("},"email":{"subject":"s","body":")" + email + "\"}}")));
    };
    std::string ae;
    for (int i = 0; i < 160; ++i) {
        ae += "æ";
    }
    CHECK(told_of(ae, std::string(500, 'e')).empty());
    CHECK(told_of(ae + "x", std::string(501, 'e')) ==
          std::vector<std::string>{"/notify/email/body letter.notice_too_long",
                                   "/notify/sms/body letter.notice_too_long"});
}

TEST_CASE("digital_post: a notice never names the decision, in whatever case it is written") {
    CHECK(told(dpi::check_notice(decision(
              R"({"channel":"Sms","sms":{"body":"Du har VEDTAK OM REDUSERT BETALING her"}})"))) ==
          std::vector<std::string>{"/notify/sms/body letter.notice_names_decision"});
    auto open = letter();
    open.set("nonSensitiveTitle", "Les: Vedtak om redusert betaling");
    CHECK(told(dpi::check_notice(open)) ==
          std::vector<std::string>{"/nonSensitiveTitle letter.notice_names_decision"});
    open.set("nonSensitiveTitle", "Vedtak om redusert betaling");   // the sender says it is open
    CHECK(dpi::check_notice(open).empty());
    open.set("kind", "information").set("nonSensitiveTitle", "Les: vedtak om redusert betaling");
    CHECK(dpi::check_notice(open).empty());
}

TEST_CASE("digital_post: half a notice and a reminder too late are refused") {
    CHECK(told(dpi::check_notice(decision(R"({"channel":"EmailPreferred","sms":{"body":"x"}})"))) ==
          std::vector<std::string>{"/notify letter.notification_incomplete"});
    CHECK(told(dpi::check_notice(
              decision(R"({"channel":"SmsPreferred","email":{"subject":"s","body":"x"}})"))) ==
          std::vector<std::string>{"/notify letter.notification_incomplete"});
    CHECK(told(dpi::check_notice(decision(R"({"channel":"Email","reminder":{"days":26}})"))) ==
          std::vector<std::string>{"/notify/reminder/days letter.reminder_days_too_many"});
    CHECK(dpi::check_notice(decision(R"({"channel":"Email","reminder":{"days":25}})")).empty());
}
