#include "made.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using core::Channel;
using core::RouteCondition;
using route::Holds;

namespace {

struct Case {
    RouteCondition condition;
    std::string letter;
    Holds holds = Holds::yes;
};

/// On paper, so that the law is silent and the condition alone decides.
route::Judgement judged(const RouteCondition& condition, const json::Value& letter,
                        std::optional<route::Contact> contact = std::nullopt) {
    auto choice = target("print", "{}", Channel::paper);
    choice.condition = condition;
    const auto facts = route::facts_of(letter);
    route::Knowledge known(facts, gateway::duties::DutyBook::current(), today);
    known.contact = std::move(contact);
    return judge(choice, known);
}

template <class Set>
RouteCondition when(Set set) {
    RouteCondition condition;
    set(condition);
    return condition;
}

}   // namespace

TEST_CASE("conditions: each holds or not by the letter alone") {
    const std::string norwegian = R"("address":{"name":"K","city":"Oslo"})";
    const std::string danish = R"("address":{"name":"K","city":"Aarhus","country":"DK"})";
    const std::string sizes = R"("documents":[{"size":70},{"size":30}])";
    const std::string health = R"("confidentiality":{"level":"confidential","health":true})";
    using C = RouteCondition;
    const std::vector<Case> cases{
        {C(), "", Holds::yes},
        {when([](C& c) { c.recipient = "person"; }), "", Holds::yes},
        {when([](C& c) { c.recipient = "organisation"; }), "", Holds::no},
        {when([](C& c) {
             c.kind = {"decision", "information"};
         }),
         "", Holds::yes},
        {when([](C& c) { c.kind = {"decision"}; }), "", Holds::no},
        {when([](C& c) {
             c.must_be = {"any", "paper"};
         }),
         "", Holds::yes},
        {when([](C& c) { c.must_be = {"paper"}; }), "", Holds::no},
        {when([](C& c) {
             c.confidentiality = {"open", "internal"};
         }),
         "", Holds::yes},
        {when([](C& c) {
             c.confidentiality = {"open", "internal"};
         }),
         health, Holds::no},
        {when([](C& c) { c.health = true; }), health, Holds::yes},
        {when([](C& c) { c.health = false; }), health, Holds::no},
        {when([](C& c) { c.child = true; }), health, Holds::no},
        {when([](C& c) { c.child = false; }), health, Holds::yes},
        {when([](C& c) { c.graded_address = false; }), health, Holds::yes},
        {when([](C& c) { c.graded_address = true; }), health, Holds::no},
        {when([](C& c) { c.open_receipt = true; }), R"("openReceipt":true)", Holds::yes},
        {when([](C& c) { c.open_receipt = true; }), "", Holds::no},
        {when([](C& c) { c.has_address = true; }), norwegian, Holds::yes},
        {when([](C& c) { c.has_address = true; }), "", Holds::no},
        {when([](C& c) { c.has_address = false; }), "", Holds::yes},
        {when([](C& c) { c.abroad = true; }), danish, Holds::yes},
        {when([](C& c) { c.abroad = true; }), norwegian, Holds::no},
        {when([](C& c) { c.abroad = true; }), "", Holds::no},
        {when([](C& c) { c.abroad = false; }), "", Holds::yes},
        {when([](C& c) {
             c.country = {"DK", "SE"};
         }),
         danish, Holds::yes},
        {when([](C& c) { c.country = {"NO"}; }), norwegian, Holds::yes},
        {when([](C& c) { c.country = {"NO"}; }), danish, Holds::no},
        {when([](C& c) { c.country = {"NO"}; }), "", Holds::no},
        {when([](C& c) { c.bytes_max = 100; }), sizes, Holds::yes},
        {when([](C& c) { c.bytes_max = 99; }), sizes, Holds::no},
        {when([](C& c) { c.bytes_min = 100; }), sizes, Holds::yes},
        {when([](C& c) { c.bytes_min = 101; }), sizes, Holds::no},
        {when([](C& c) { c.documents_max = 2; }), sizes, Holds::yes},
        {when([](C& c) { c.documents_max = 1; }), sizes, Holds::no},
        {when([](C& c) { c.documents_min = 1; }), "", Holds::no},
        {when([](C& c) { c.documents_min = 2; }), sizes, Holds::yes},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        INFO("case " << i);
        const auto verdict = judged(cases[i].condition, letter_to_person(cases[i].letter));
        CHECK(verdict.holds == cases[i].holds);
        CHECK(verdict.why.empty() == (cases[i].holds == Holds::yes));
    }
}

TEST_CASE("conditions: the first that does not hold is named") {
    RouteCondition condition;
    condition.documents_min = 1;
    const auto verdict = judged(condition, letter_to_person());
    CHECK(verdict.why.value == "route.passed_condition");
    CHECK(verdict.params == core::Params{{"condition", "documents_min"}});
}

TEST_CASE("conditions: what the register knows is unknown until it is asked, of persons only") {
    using C = RouteCondition;
    struct Row {
        C condition;
        route::Contact contact;
        Holds holds;
        const char* why;
    };
    auto reserved = citizen();
    reserved.reserved = true;
    auto silent = citizen();
    silent.can_notify = false;
    auto without = citizen();
    without.mailbox = false;
    route::Contact stranger;
    stranger.status = "not_registered";
    const Row rows[] = {
        {when([](C& c) { c.mailbox = true; }), citizen(), Holds::yes, ""},
        {when([](C& c) { c.mailbox = true; }), without, Holds::no, "route.passed_no_mailbox"},
        {when([](C& c) { c.mailbox = false; }), citizen(), Holds::no, "route.passed_condition"},
        {when([](C& c) { c.reserved = false; }), reserved, Holds::no, "route.passed_reserved"},
        {when([](C& c) { c.reserved = true; }), reserved, Holds::yes, ""},
        {when([](C& c) { c.reserved = true; }), citizen(), Holds::no, "route.passed_condition"},
        {when([](C& c) { c.can_notify = true; }), silent, Holds::no, "route.passed_cannot_notify"},
        {when([](C& c) { c.can_notify = false; }), silent, Holds::yes, ""},
        {when([](C& c) { c.can_notify = false; }), citizen(), Holds::no, "route.passed_condition"},
        {when([](C& c) { c.status = {"active"}; }), stranger, Holds::no,
         "route.passed_not_registered"},
        {when([](C& c) {
             c.status = {"deleted", "not_registered"};
         }),
         stranger, Holds::yes, ""},
        {when([](C& c) {
             c.status = {"deleted", "not_registered"};
         }),
         citizen(), Holds::no, "route.passed_condition"},
    };
    const auto to_organisation = message(
        R"({"type":"letter","recipient":{"organisation":"310002003"},"kind":"information","mustBe":"any"})");
    for (const auto& row : rows) {
        INFO(row.why);
        CHECK(row.condition.asks_register());
        CHECK(judged(row.condition, letter_to_person()).holds == Holds::unknown);
        const auto verdict = judged(row.condition, letter_to_person(), row.contact);
        CHECK(verdict.holds == row.holds);
        CHECK(verdict.why.value == row.why);
        CHECK(judged(row.condition, to_organisation).holds != Holds::unknown);
    }
    CHECK(judged(when([](C& c) { c.mailbox = true; }), to_organisation).holds == Holds::no);
    CHECK(judged(when([](C& c) { c.reserved = false; }), to_organisation).holds == Holds::yes);
}

TEST_CASE("contact: a mailbox is one that can be written to now") {
    const auto whole = message(
        R"({"status":"active","reserved":false,"canNotify":true,"mailbox":{"address":"a#1","operator":"984661185"},"certificate":"MII"})");
    REQUIRE(route::read_contact(whole));
    CHECK(*route::read_contact(whole) == citizen());
    for (const auto* member : {"mailbox", "certificate"}) {
        auto less = whole;
        less.remove(member);
        CHECK_FALSE(route::read_contact(less)->mailbox);
    }
    auto deleted = whole;
    deleted.set("status", "deleted");
    CHECK_FALSE(route::read_contact(deleted)->mailbox);
}

TEST_CASE(
    "contact: whom the register does not know is not registered; what it cannot say is nothing") {
    REQUIRE(route::read_contact(json::Value()));
    CHECK(route::read_contact(json::Value())->status == "not_registered");
    for (const auto* text : {"{}", "[]", R"({"status":"active"})",
                             R"({"status":"new","reserved":false,"canNotify":true})",
                             R"({"status":"active","reserved":"NEI","canNotify":true})"}) {
        INFO(text);
        CHECK_FALSE(route::read_contact(message(text)));
    }
}
