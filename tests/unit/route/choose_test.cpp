#include "made.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using core::Channel;
using route::Use;

namespace {

route::Decision decide(const core::Configuration& configuration, const json::Value& message,
                       std::optional<route::Contact> contact = std::nullopt) {
    route::Question question(configuration, oslo, "letter/v1", message, today);
    question.contact = std::move(contact);
    return choose(question);
}

constexpr const char* address = R"("address":{"name":"Kari","postalCode":"0150","city":"Oslo"})";

}   // namespace

TEST_CASE("route: the first route that fits wins, with its settings") {
    const auto configuration =
        configured({a_route("decisions", {{"/kind", "\"decision\""}},
                            {target("altinn-decisions", R"({"resource":"vedtak"})")}),
                    a_route("rest", {}, {target("altinn")})});
    const auto decision = decide(configuration, message(R"({"kind":"decision"})"));
    REQUIRE(decision.chosen() != nullptr);
    CHECK(decision.route == "decisions");
    CHECK(decision.chosen()->target.connection.value == "altinn-decisions");
    CHECK(decision.chosen()->target.with == R"({"resource":"vedtak"})");
    CHECK(why(decision) == "route.first_choice");
    CHECK_FALSE(decision.refusal);
    CHECK(chosen(decide(configuration, message(R"({"kind":"reminder"})"))) == "altinn");
}

TEST_CASE("route: choices keep their order, and those behind wait for those before to fail") {
    const auto configuration =
        configured({a_route("r", {}, {target("altinn"), target("paper", "{}", Channel::paper)})});
    const auto decision = decide(configuration, message("{}"));
    REQUIRE(decision.options.size() == 2);
    CHECK(decision.options[0].use == Use::chosen);
    CHECK(decision.options[1].use == Use::fall_back);
    CHECK(decision.options[1].params ==
          core::Params{
              {"position", "2"}, {"connection", "paper"}, {"route", "r"}, {"channel", "paper"}});
}

TEST_CASE("route: a connection that does not serve the tenant is never used") {
    const auto configuration =
        configured({a_route("wrong", {}, {target("bergens-own"), target("unknown")}),
                    a_route("right", {}, {target("bergens-own"), target("paper")})});
    const auto decision = decide(configuration, message("{}"));
    CHECK(decision.route == "right");
    CHECK(told(decision) == "bergens-own:route.passed_connection paper:route.digital_next");
}

TEST_CASE("route: all members of `when` must be equal, an absent one equals null") {
    const auto configuration = configured({a_route("r",
                                                   {{"/kind", "\"decision\""},
                                                    {"/case/year", "2026"},
                                                    {"/print/duplex", "true"},
                                                    {"/sign", "null"}},
                                                   {target("paper")})});
    const auto carried = [&](const char* text) {
        return decide(configuration, message(text)).chosen() != nullptr;
    };
    CHECK(carried(R"({"kind":"decision","case":{"year":2026},"print":{"duplex":true}})"));
    CHECK(carried(R"({"kind":"decision","case":{"year":2026.0},"print":{"duplex":true}})"));
    CHECK_FALSE(carried(R"({"kind":"decision","case":{"year":2025},"print":{"duplex":true}})"));
    CHECK_FALSE(carried(R"({"kind":"decision","case":{"year":"2026"},"print":{"duplex":true}})"));
    CHECK_FALSE(carried(R"({"kind":"decision","case":{"year":2026}})"));
    CHECK_FALSE(
        carried(R"({"kind":"decision","case":{"year":2026},"print":{"duplex":true},"sign":{}})"));
}

TEST_CASE("route: no route is a refusal that names the type") {
    const auto configuration = configured({a_route("r", {}, {target("altinn")})});
    const auto empty = message("{}");
    for (const auto& tenant : {oslo, core::TenantId("974760673"), bergen}) {
        const route::Question question(configuration, tenant, "archive/v1", empty, today);
        const auto decision = choose(question);
        CHECK(decision.options.empty());
        REQUIRE(decision.refusal);
        CHECK(decision.refusal->code.value == "message.no_route");
        CHECK(decision.refusal->params == core::Params{{"type", "archive/v1"}});
    }
}

TEST_CASE("route: a `when` that is no JSON fits nothing") {
    const auto configuration =
        configured({a_route("r", {{"/kind", "decision"}}, {target("altinn")})});
    CHECK(decide(configuration, message(R"({"kind":"decision"})")).refusal);
}

TEST_CASE("policy: what depends on the contact register is left open until it has answered") {
    const auto configuration = configured({a_route("person", {}, mailbox_print_altinn())});
    const auto letter = letter_to_person(address);
    const auto open = decide(configuration, letter);
    CHECK(open.needs_contact);
    CHECK(open.chosen() == nullptr);
    CHECK_FALSE(open.refusal);
    CHECK(told(open) ==
          "dpi:route.depends_on_register print:route.depends_on_register altinn:route.fall_back");
    CHECK(open.candidates().size() == 2);
    const auto answered = decide(configuration, letter, citizen());
    CHECK_FALSE(answered.needs_contact);
    CHECK(chosen(answered) == "dpi");
}

TEST_CASE("policy: who is what decides the channel, and the reason is told") {
    struct Row {
        const char* promise;
        std::string letter;   // members besides
        const char* status;
        bool reserved;
        bool can_notify;
        bool mailbox;
        const char* chosen;
        const char* why;
    };
    const std::string decision = R"("kind":"decision","mustBe":"any",)";
    const std::string with_address = address;
    const Row rows[] = {
        {"a mailbox is used", with_address, "active", false, true, true, "dpi",
         "route.first_choice"},
        {"reserved: paper", with_address, "active", true, true, true, "print",
         "route.paper_reserved"},
        {"reserved without an address: nobody", "", "active", true, true, true, "-", "-"},
        {"no mailbox: paper", with_address, "active", false, true, false, "print",
         "route.paper_no_mailbox"},
        {"no mailbox and no address: the portal", "", "active", false, true, false, "altinn",
         "route.portal_no_mailbox"},
        {"unknown to the register: paper", with_address, "not_registered", false, false, false,
         "print", "route.paper_no_mailbox"},
        {"information goes to whoever cannot be told", with_address, "active", false, false, true,
         "dpi", "route.first_choice"},
    };
    const auto configuration = configured({a_route("person", {}, mailbox_print_altinn())});
    for (const auto& row : rows) {
        INFO(row.promise);
        route::Contact contact;
        contact.status = row.status;
        contact.reserved = row.reserved;
        contact.can_notify = row.can_notify;
        contact.mailbox = row.mailbox;
        const auto made = decide(configuration, letter_to_person(row.letter), contact);
        CHECK(chosen(made) == row.chosen);
        CHECK(why(made) == row.why);
        CHECK(made.refusal.has_value() == (made.chosen() == nullptr));
    }
}

TEST_CASE("policy: a decision is not put where nobody can be told of it") {
    const auto configuration = configured({a_route("person", {}, mailbox_print_altinn())});
    auto letter = letter_to_person(address);
    letter.set("kind", "decision");
    auto contact = citizen();
    contact.can_notify = false;
    const auto on_paper = decide(configuration, letter, contact);
    CHECK(told(on_paper) == "dpi:route.passed_cannot_notify print:route.paper_cannot_notify "
                            "altinn:route.passed_cannot_notify");
    letter.remove("address");
    const auto nowhere = decide(configuration, letter, contact);
    REQUIRE(nowhere.refusal);
    CHECK(nowhere.refusal->code.value == "message.no_choice");
}

TEST_CASE("policy: the sender may ignore a reservation only where the law lets the letter go") {
    const auto configuration = configured({a_route("person", {}, mailbox_print_altinn())});
    auto letter = letter_to_person(std::string(address) + R"(,"ignoreReservation":true)");
    auto contact = citizen();
    contact.reserved = true;
    const auto information = decide(configuration, letter, contact);
    CHECK(chosen(information) == "dpi");
    CHECK(why(information) == "route.reservation_ignored");
    for (const auto* kind :
         {"decision", "advance-notice", "information-request", "appeal-answer", "reminder"}) {
        INFO(kind);
        letter.set("kind", kind);
        CHECK(chosen(decide(configuration, letter, contact)) == "print");
    }
}

TEST_CASE("policy: a portal minds reservations itself, so it waits for no register") {
    const auto configuration =
        configured({a_route("r", {}, {target("altinn", "{}", Channel::portal)})});
    auto letter = letter_to_person();
    letter.set("kind", "decision");
    CHECK(chosen(decide(configuration, letter)) == "altinn");
    auto reserved = citizen();
    reserved.reserved = true;
    CHECK(decide(configuration, letter, reserved).refusal);   // but what is known is obeyed
}

TEST_CASE("policy: what the letter demands of the channel is obeyed") {
    auto any_print = mailbox_print_altinn();
    any_print[1].condition = core::RouteCondition();
    const auto configuration = configured({a_route("person", {}, any_print)});
    auto paper = letter_to_person();
    paper.set("mustBe", "paper");
    const auto on_paper = decide(configuration, paper);   // no register is needed for that
    CHECK(told(on_paper) == "dpi:route.passed_must_be_paper print:route.paper_demanded "
                            "altinn:route.passed_must_be_paper");
    auto digital = letter_to_person();
    digital.set("mustBe", "digital");
    auto contact = citizen();
    contact.mailbox = false;
    const auto portal = decide(configuration, digital, contact);
    CHECK(told(portal) == "dpi:route.passed_no_mailbox print:route.passed_must_be_digital "
                          "altinn:route.portal_no_mailbox");
}

TEST_CASE("policy: a demand that no choice of the route meets is said where it stands") {
    const auto digital_only =
        configured({a_route("r", {}, {target("altinn", "{}", Channel::portal)})});
    const auto paper_only = configured({a_route("r", {}, {target("paper", "{}", Channel::paper)})});
    const auto problem = [](const route::Decision& decision) {
        REQUIRE(decision.refusal);
        CHECK(decision.refusal->code.value == "message.no_choice");
        CHECK(decision.refusal->params == core::Params{{"route", "r"}});
        REQUIRE(decision.refusal->problems.size() == 1);
        return decision.refusal->problems[0].pointer + " " +
               decision.refusal->problems[0].code.value;
    };
    auto letter = letter_to_person();
    letter.set("mustBe", "paper");
    CHECK(problem(decide(digital_only, letter)) == "/mustBe letter.must_be_paper");
    letter.set("mustBe", "digital");
    CHECK(problem(decide(paper_only, letter)) == "/mustBe letter.must_be_digital");
    const auto graded =
        letter_to_person(R"("confidentiality":{"level":"strict","gradedAddress":true})");
    CHECK(problem(decide(paper_only, graded)) ==
          "/confidentiality/gradedAddress letter.graded_not_on_paper");
    CHECK(chosen(decide(digital_only, graded)) == "altinn");
}

TEST_CASE("policy: a choice whose own rules the letter breaks is passed over when asked") {
    const auto configuration = configured({a_route(
        "r", {},
        {target("altinn", "{}", Channel::portal), target("paper", "{}", Channel::paper)})});
    const auto letter = letter_to_person();
    route::Question question(configuration, oslo, "letter/v1", letter, today);
    question.fits = [](const core::RouteTarget& one) { return one.connection.value == "paper"; };
    CHECK(told(choose(question)) == "altinn:route.passed_rules paper:route.paper_next");
}

TEST_CASE("policy: a fall-back goes to a choice behind the last, and never to one tried") {
    auto targets = mailbox_print_altinn();
    targets[1].condition = core::RouteCondition();
    const auto configuration = configured({a_route("person", {}, targets)});
    const auto letter = letter_to_person();
    route::Question question(configuration, oslo, "letter/v1", letter, today);
    question.contact = citizen();
    const auto first = choose(question);
    REQUIRE(chosen(first) == "dpi");

    const auto own = trail_of(first, question.trail);
    CHECK(own.position == 1);
    CHECK(own.route == "person");
    question.trail = trail_after(own, first.chosen()->target, route::Cause::refused);
    const auto second = choose(question);
    CHECK(told(second) == "print:route.paper_fell_back altinn:route.fall_back");

    question.trail = trail_after(trail_of(second, question.trail), second.chosen()->target,
                                 route::Cause::failed);
    const auto third = choose(question);
    CHECK(told(third) == "altinn:route.portal_fell_back");

    question.trail =
        trail_after(trail_of(third, question.trail), third.chosen()->target, route::Cause::refused);
    const auto none = choose(question);
    CHECK(none.options.empty());
    REQUIRE(none.refusal);
    CHECK(none.refusal->code.value == "message.no_choice");
}

TEST_CASE("policy: who was asked about once is asked about again before a portal takes over") {
    const auto configuration = configured({a_route("person", {}, mailbox_print_altinn())});
    const auto letter = letter_to_person(address);
    route::Question question(configuration, oslo, "letter/v1", letter, today);
    question.contact = citizen();
    question.contact->mailbox = false;
    const auto first = choose(question);
    REQUIRE(chosen(first) == "print");
    question.trail = trail_after(trail_of(first, {}), first.chosen()->target, route::Cause::failed);
    question.contact.reset();
    const auto open = choose(question);
    CHECK(open.needs_contact);
    CHECK(told(open) == "altinn:route.depends_on_register");
    question.contact = citizen();
    question.contact->reserved = true;
    CHECK(choose(question).refusal);
}

TEST_CASE("policy: when the route has changed since, what was tried is still not tried again") {
    auto targets = mailbox_print_altinn();
    const auto before = configured({a_route("person", {}, targets)});
    const auto letter = letter_to_person(address);
    route::Question question(before, oslo, "letter/v1", letter, today);
    question.contact = citizen();
    const auto first = choose(question);
    const auto trail =
        trail_after(trail_of(first, {}), first.chosen()->target, route::Cause::refused);
    std::swap(targets[0], targets[2]);
    const auto after = configured({a_route("people", {}, targets)});
    route::Question again(after, oslo, "letter/v1", letter, today);
    again.contact = citizen();
    again.trail = trail;
    CHECK(told(choose(again)) == "altinn:route.portal_fell_back print:route.fall_back");
}

TEST_CASE("policy: a copy of an unopened letter goes on paper, before or behind in the route") {
    auto targets = mailbox_print_altinn();
    std::swap(targets[0], targets[1]);
    targets[0].condition.mailbox = false;
    targets[0].condition.has_address.reset();
    const auto configuration = configured({a_route("person", {}, targets)});
    const auto letter = letter_to_person();
    route::Question question(configuration, oslo, "letter/v1", letter, today);
    question.contact = citizen();
    const auto first = choose(question);
    REQUIRE(chosen(first) == "dpi");
    question.trail = trail_after(trail_of(first, {}), first.chosen()->target, route::Cause::unread);
    CHECK(choose(question).refusal);   // the configuration says: print only without a mailbox

    auto printed = configuration;
    printed.tenants[oslo].routes[0].use[0].condition = core::RouteCondition();
    route::Question asked(printed, oslo, "letter/v1", letter, today);
    asked.contact = citizen();
    asked.trail = question.trail;
    const auto copy = choose(asked);
    CHECK(chosen(copy) == "print");
    CHECK(why(copy) == "route.paper_unread");
    // Should the copy fail, the letter is not put on a screen once more.
    asked.trail =
        trail_after(trail_of(copy, asked.trail), copy.chosen()->target, route::Cause::refused);
    CHECK(choose(asked).refusal);
}

TEST_CASE("policy: a trail reads back as it was written, and other text as an empty one") {
    route::Trail trail;
    trail.cause = route::Cause::gave_up;
    trail.route = "person";
    trail.position = 2;
    trail.tried = {target("dpi", R"({"channel":"digital"})")};
    trail.expires_at = today;
    trail.paper_only = true;
    trail.asked = true;
    const auto read = route::read_trail(route::write(trail));
    CHECK(read.cause == trail.cause);
    CHECK(read.route == "person");
    CHECK(read.position == 2);
    CHECK(read.expires_at == today);
    CHECK(read.paper_only);
    CHECK(read.asked);
    REQUIRE(read.tried.size() == 1);
    CHECK(read.has_tried(target("dpi", R"({"channel":"digital"})")));
    CHECK_FALSE(read.has_tried(target("dpi", R"({"channel":"print"})")));
    for (const auto* text : {"", "{", "[]", "7", R"({"position":-1})"}) {
        const auto empty = route::read_trail(text);
        CHECK(empty.position == 0);
        CHECK(empty.cause == route::Cause::first);
        CHECK(empty.tried.empty());
    }
}
