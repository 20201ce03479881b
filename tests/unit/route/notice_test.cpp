#include "gateway/route/letter_rules.hpp"
#include "gateway/route/notice_lint.hpp"
#include "gateway/route/sms_length.hpp"
#include "made.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using route::sms_length;

namespace {

std::string many(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

std::vector<std::string> faults(const std::string& members, const char* kind = "decision") {
    auto letter = letter_to_person(members);
    letter.set("kind", kind);
    letter.set("title", "Redusert foreldrebetaling");
    std::vector<std::string> found;
    for (const auto& problem :
         route::check_notice(letter, gateway::duties::DutyBook::current(), today)) {
        std::string text = problem.pointer + " " + problem.code.value;
        for (const auto& [name, value] : problem.params) {
            text += " " + value;
        }
        found.push_back(text);
    }
    return found;
}

}   // namespace

TEST_CASE("sms: 160 characters of the alphabet are one part, the Norwegian ones among them") {
    CHECK(sms_length(many("æ", 160)).parts == 1);
    CHECK(sms_length(many("Å", 161)).parts == 2);
    CHECK(sms_length(many("a", 306)).parts == 2);
    CHECK(sms_length(many("a", 307)).parts == 3);
    CHECK(sms_length("").parts == 1);
    CHECK(sms_length(many("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà", 1))
              .odd.empty());
}

TEST_CASE("sms: brackets and the euro sign take the place of two") {
    CHECK(sms_length(many("€", 80)).parts == 1);
    CHECK(sms_length(many("€", 81)).parts == 2);
    CHECK(sms_length(many("{", 81)).odd.empty());
}

TEST_CASE("sms: one odd character makes 160 into 70") {
    const auto text = many("a", 100) + "’";
    const auto length = sms_length(text);
    CHECK(length.parts == 2);
    CHECK(length.parts_without_odd == 1);
    CHECK(length.odd == "U+2019");
    CHECK(length.odd_place == 101);
    CHECK(length.is_shrunk());
    CHECK_FALSE(sms_length(many("a", 69) + "’").is_shrunk());
    CHECK(sms_length(many("a", 70) + "’").is_shrunk());
    CHECK(sms_length(many("😀", 35)).parts == 1);   // each takes two
    CHECK(sms_length(many("😀", 36)).parts == 2);
    CHECK(sms_length(many("á", 3)).odd_count == 3);
}

TEST_CASE("sms: bytes that are no text are odd, and end") {
    CHECK(sms_length("\xff\xfe").odd_count == 2);
}

TEST_CASE("notice: words are compared without case, signs or spaces") {
    CHECK(route::words_of("  Du har FÅTT\n«post» – nå! ") == " du har fått post nå ");
    CHECK(route::words_of("ČÁHPPES Ŧ Ŋ") == " čáhppes ŧ ŋ ");
    CHECK(route::words_of("") == " ");
}

TEST_CASE("notice: a decision's notice may not hold its title or name the decision") {
    CHECK(faults("").empty());
    CHECK(
        faults(R"("notify":{"sms":{"body":"Du har fått post fra kommunen. Logg inn."}})").empty());
    CHECK(faults(R"("notify":{"sms":{"body":"Vedtaket ditt er klart"}})") ==
          std::vector<std::string>{"/notify/sms/body letter.notice_tells_decision vedtak*"});
    CHECK(
        faults(
            R"("notify":{"email":{"subject":"Om REDUSERT   foreldrebetaling.","body":"Du fikk avslag."}})") ==
        std::vector<std::string>{"/notify/email/subject letter.notice_tells_title",
                                 "/notify/email/body letter.notice_tells_decision avslag*"});
    CHECK(faults(R"("nonSensitiveTitle":"Vedtak fra kommunen")") ==
          std::vector<std::string>{"/nonSensitiveTitle letter.notice_tells_decision vedtak*"});
    CHECK(faults(
              R"("notify":{"email":{"subject":"Your application was granted","body":"Log in"}})") ==
          std::vector<std::string>{"/notify/email/subject letter.notice_tells_decision granted"});
}

TEST_CASE("notice: other letters may say what they are about, unless they are sensitive") {
    const std::string notice = R"("notify":{"sms":{"body":"Redusert foreldrebetaling: vedtak"}})";
    CHECK(faults(notice, "information").empty());
    CHECK(faults(notice + R"(,"confidentiality":{"level":"open","health":true})", "information") ==
          std::vector<std::string>{"/notify/sms/body letter.notice_tells_title"});
    CHECK(faults(notice + R"(,"confidentiality":{"level":"strict"})", "information").size() == 1);
}

TEST_CASE("notice: a title that the sender shows to everybody gives nothing away") {
    CHECK(
        faults(
            R"("nonSensitiveTitle":"Redusert foreldrebetaling","notify":{"sms":{"body":"Redusert foreldrebetaling"}})")
            .empty());
}

TEST_CASE("notice: an SMS that one character makes longer is a warning, not a problem") {
    auto letter = letter_to_person();
    letter.set("kind", "decision");
    json::Value sms = json::Value::object();
    sms.set("body", many("Du har post. ", 8) + "…");
    json::Value notify = json::Value::object();
    notify.set("sms", sms);
    letter.set("notify", notify);
    const auto warnings = route::warn_of_notice(letter);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].code.value == "letter.sms_not_gsm");
    CHECK(warnings[0].params ==
          core::Params{{"character", "U+2026"}, {"place", "105"}, {"parts", "2"}, {"fewer", "1"}});
    CHECK(route::warn_of_notice(letter_to_person()).empty());
}

TEST_CASE("unread: days, weeks and hours are read; nothing else is") {
    const auto read = [](const char* text) {
        return route::unread_after(letter_to_person(std::string(R"("unread":{"after":")") + text +
                                                    R"(","then":"paper"})"));
    };
    CHECK(read("P2D") == std::chrono::hours(48));
    CHECK(read("P1W") == std::chrono::hours(168));
    CHECK(read("PT40H") == std::chrono::hours(40));
    for (const auto* text : {"", "P", "PD", "2D", "P2", "PT2D", "P2H", "P0D", "P-1D", "P2DD"}) {
        INFO(text);
        CHECK_FALSE(read(text));
    }
    CHECK_FALSE(route::unread_after(letter_to_person()));
}

TEST_CASE("letter: what policy cannot do is said at accept, all at once") {
    const auto configuration = configured({a_route("person", {}, mailbox_print_altinn())});
    const auto problems = [&](json::Value letter, const core::Configuration& by) {
        const route::Question question(by, oslo, "letter/v1", letter, today);
        std::vector<std::string> found;
        for (const auto& problem : route::check_letter(question)) {
            found.push_back(problem.pointer + " " + problem.code.value);
        }
        return found;
    };
    using List = std::vector<std::string>;
    const std::string address = R"("address":{"name":"K","city":"Oslo"})";
    const std::string unread = R"("unread":{"after":"P2D","then":"paper"})";
    CHECK(problems(letter_to_person(), configuration).empty());
    CHECK(
        problems(letter_to_person(address + "," + unread + R"(,"openReceipt":true)"), configuration)
            .empty());
    CHECK(
        problems(letter_to_person(unread + R"(,"openReceipt":false)"), configuration) ==
        List{"/openReceipt letter.unread_needs_open_receipt", "/unread letter.unread_needs_paper"});
    auto decision = letter_to_person(R"("ignoreReservation":true)");
    decision.set("kind", "decision");
    CHECK(problems(decision, configuration) ==
          List{"/ignoreReservation letter.ignore_reservation_not_allowed"});
    CHECK(problems(letter_to_person(R"("ignoreReservation":true)"), configuration).empty());
    CHECK(problems(letter_to_person(
                       address + R"(,"confidentiality":{"level":"strict","gradedAddress":true})"),
                   configuration) == List{"/address letter.graded_address_given"});
    auto digital = letter_to_person(address + "," + unread + R"(,"openReceipt":true)");
    digital.set("mustBe", "digital");
    CHECK(problems(digital, configuration) == List{"/unread letter.unread_needs_paper"});
}
