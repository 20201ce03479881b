#include "gateway/duties/duty_book.hpp"

#include "duties_data.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using duties::DutyBook;

namespace {

core::Time at(const char* text) {
    return core::parse_rfc3339(text).value();
}

const core::Time today = at("2026-02-03T07:00:00Z");

std::string fault(const std::string& text) {
    const auto book = DutyBook::read(text);
    return book ? "" : book.error().detail;
}

std::string with_kinds(const std::string& kinds) {
    return R"({"kinds":)" + kinds +
           R"(,"gradedAddress":[{"from":"1999-01-01","never":["paper"],"law":"l"}],"telling":{}})";
}

}   // namespace

TEST_CASE("duties: the book that ships can be read and knows every kind of letter") {
    const auto book = DutyBook::read(duties::embedded::letter);
    INFO((book ? "" : book.error().detail));
    REQUIRE(book.has_value());
    for (const auto* kind : {"decision", "advance-notice", "information-request", "appeal-answer",
                             "information", "reminder"}) {
        INFO(kind);
        CHECK_FALSE(book->duties(kind, today).law.empty());
    }
    CHECK(book->telling().size() > 20);
}

TEST_CASE("duties: a decision owes a notice that says nothing, and its clock waits for it") {
    const auto duties = DutyBook::current().duties("decision", today);
    CHECK(duties.notice_owed);
    CHECK(duties.notice_says_nothing);
    CHECK(duties.appeal_clock);
    CHECK(duties.reservation_binds);
    const auto information = DutyBook::current().duties("information", today);
    CHECK_FALSE(information.notice_owed);
    CHECK_FALSE(information.appeal_clock);
    CHECK_FALSE(information.reservation_binds);
}

TEST_CASE("duties: the newest that has begun counts; a kind nobody knows binds to reservation") {
    const auto book = DutyBook::read(with_kinds(
        R"({"decision":[{"from":"2014-02-07","notice":"owed","law":"old"},{"from":"2027-01-01","law":"new"}]})"));
    REQUIRE(book.has_value());
    CHECK(book->duties("decision", at("2014-02-06T22:59:59Z")).law.empty());
    CHECK(book->duties("decision", at("2014-02-06T23:00:00Z")).law == "old");
    CHECK(book->duties("decision", at("2026-12-31T22:00:00Z")).notice_owed);
    CHECK_FALSE(book->duties("decision", at("2027-01-01T12:00:00Z")).notice_owed);
    CHECK(book->duties("poem", today).reservation_binds);
}

TEST_CASE("duties: a graded address goes on no paper") {
    CHECK_FALSE(DutyBook::current().graded_may(core::Channel::paper, today));
    CHECK(DutyBook::current().graded_may(core::Channel::digital, today));
    CHECK(DutyBook::current().graded_may(core::Channel::portal, today));
}

TEST_CASE("duties: a book with a mistake is refused, and the mistake named") {
    CHECK(fault(with_kinds(R"({"decision":[{"from":"2014-02-07","law":"l"}]})")).empty());
    CHECK(fault(with_kinds(R"({"decision":[{"from":"2014-02-30","law":"l"}]})")) ==
          "decision: from: 2014-02-30");
    CHECK(fault(with_kinds(R"({"decision":[{"from":"2014-02-07"}]})")) ==
          "decision: law is missing");
    CHECK(fault(with_kinds(R"({"decision":[{"from":"2014-02-07","notice":"maybe","law":"l"}]})")) ==
          "decision: notice: maybe");
    CHECK(fault(with_kinds(R"({"decision":[{"from":"2014-02-07","varsel":"owed","law":"l"}]})")) ==
          "decision: unknown member varsel");
    CHECK(
        fault(with_kinds(
            R"({"decision":[{"from":"2015-01-01","law":"l"},{"from":"2014-02-07","law":"l"}]})")) ==
        "decision: no dates, or not in their order");
    CHECK(fault(with_kinds(R"({"decision":[]})")) == "decision: no dates, or not in their order");
    CHECK(fault(R"({"kinds":{},"gradedAddress":[],"telling":{}})") ==
          "gradedAddress: no dates, or not in their order");
    CHECK(
        fault(
            R"({"kinds":{},"gradedAddress":[{"from":"1999-01-01","never":["fax"]}],"telling":{}})") ==
        "gradedAddress: fax");
    CHECK(
        fault(
            R"({"kinds":{},"gradedAddress":[{"from":"1999-01-01","never":[]}],"telling":{"nb":["ja"]}})") ==
        "telling: ja");
    CHECK(fault("{") != "");
}
