#include "made.hpp"

#include <catch2/catch.hpp>

#include <random>

// Whatever the configuration, the letter and the person: the law and the sender's demands hold.

using namespace tests;
using core::Channel;
using route::Use;

namespace {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    bool chance(int percent) { return pick(100) < static_cast<std::size_t>(percent); }
    std::size_t pick(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
    template <class List>
    auto one_of(const List& list) {
        return list[pick(std::size(list))];
    }
    std::optional<bool> maybe() { return chance(25) ? std::optional(chance(50)) : std::nullopt; }

private:
    std::mt19937_64 engine_;
};

constexpr const char* kinds[] = {"decision",      "advance-notice", "information-request",
                                 "appeal-answer", "information",    "reminder"};
constexpr const char* demands[] = {"any", "any", "digital", "paper"};
constexpr const char* levels[] = {"open", "internal", "confidential", "strict"};

core::RouteCondition a_condition(Random& random) {
    core::RouteCondition condition;
    condition.mailbox = random.maybe();
    condition.reserved = random.maybe();
    condition.can_notify = random.maybe();
    condition.health = random.maybe();
    condition.graded_address = random.maybe();
    condition.has_address = random.maybe();
    if (random.chance(10)) {
        condition.recipient = random.chance(50) ? "person" : "organisation";
    }
    if (random.chance(10)) {
        condition.must_be = {random.one_of(demands)};
    }
    if (random.chance(10)) {
        condition.status = {random.chance(50) ? "active" : "not_registered"};
    }
    return condition;
}

core::Configuration a_policy(Random& random) {
    constexpr const char* names[] = {"dpi", "print", "altinn", "paper", "bergens-own"};
    constexpr Channel channels[] = {Channel::digital, Channel::paper, Channel::portal};
    std::vector<core::RouteTarget> use;
    const auto count = 1 + random.pick(5);
    for (std::size_t i = 0; i < count; ++i) {
        auto choice = target(random.one_of(names), random.chance(50) ? "{}" : R"({"a":1})",
                             random.one_of(channels));
        if (random.chance(60)) {
            choice.condition = a_condition(random);
        }
        use.push_back(choice);
    }
    return configured({a_route("r", {}, use)});
}

json::Value a_letter(Random& random) {
    json::Value letter = json::Value::object();
    json::Value recipient = json::Value::object();
    recipient.set(random.chance(80) ? "person" : "organisation", "310002003");
    json::Value confidentiality = json::Value::object();
    confidentiality.set("level", random.one_of(levels))
        .set("health", random.chance(30))
        .set("gradedAddress", random.chance(20));
    letter.set("type", "letter")
        .set("recipient", recipient)
        .set("kind", random.one_of(kinds))
        .set("mustBe", random.one_of(demands))
        .set("confidentiality", confidentiality)
        .set("ignoreReservation", random.chance(30));
    if (random.chance(50)) {
        letter.set("address", json::parse(R"({"name":"K","city":"Oslo"})").value());
    }
    return letter;
}

route::Contact a_person(Random& random) {
    route::Contact contact;
    contact.status = random.chance(80) ? "active" : "not_registered";
    contact.reserved = random.chance(40);
    contact.can_notify = random.chance(70);
    contact.mailbox = contact.status == "active" && random.chance(70);
    return contact;
}

void check_choice(const json::Value& letter, const route::Contact& person,
                  const route::Option& option) {
    const auto channel = option.target.channel;
    const bool on_paper = channel == Channel::paper;
    const auto& demand = letter["mustBe"].as_string();
    CHECK_FALSE((demand == "digital" && on_paper));
    CHECK_FALSE((demand == "paper" && !on_paper));
    CHECK_FALSE((letter["confidentiality"]["gradedAddress"].as_bool() && on_paper));
    if (!letter["recipient"].has("person") || on_paper) {
        return;
    }
    const auto duties =
        gateway::duties::DutyBook::current().duties(letter["kind"].as_string(), today);
    const bool may_ignore = letter["ignoreReservation"].as_bool() && !duties.reservation_binds;
    CHECK_FALSE((person.reserved && !may_ignore));
    CHECK_FALSE((duties.notice_owed && !person.can_notify));
}

}   // namespace

TEST_CASE("policy: no configuration, letter or person gets around the law or the sender") {
    int chosen_count = 0;
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        const auto configuration = a_policy(random);
        const auto letter = a_letter(random);
        const auto person = a_person(random);
        route::Question question(configuration, oslo, "letter/v1", letter, today);
        question.contact = person;
        std::vector<core::RouteTarget> used;
        std::size_t last = 0;
        for (int step = 0; step < 10; ++step) {
            const auto decision = choose(question);
            CHECK_FALSE(decision.needs_contact);
            const auto* option = decision.chosen();
            REQUIRE((option == nullptr) == decision.refusal.has_value());
            if (option == nullptr) {
                break;
            }
            ++chosen_count;
            check_choice(letter, person, *option);
            for (const auto& before : used) {   // each is tried once
                CHECK_FALSE((before.connection == option->target.connection &&
                             before.with == option->target.with));
            }
            CHECK(option->position > last);
            last = option->position;
            used.push_back(option->target);
            question.trail =
                trail_after(trail_of(decision, question.trail), option->target,
                            random.chance(50) ? route::Cause::refused : route::Cause::failed);
        }
        route::Question copy(configuration, oslo, "letter/v1", letter, today);
        copy.contact = person;
        copy.trail = trail_after({}, target("elsewhere"), route::Cause::unread);
        const auto unread = choose(copy);
        if (const auto* option = unread.chosen()) {
            CHECK(option->target.channel == Channel::paper);
            check_choice(letter, person, *option);
        }
    }
    CHECK(chosen_count > 10'000);
}

TEST_CASE("policy: the register never changes what was decided without it") {
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        const auto configuration = a_policy(random);
        const auto letter = a_letter(random);
        route::Question question(configuration, oslo, "letter/v1", letter, today);
        const auto before = choose(question);
        question.contact = a_person(random);
        const auto after = choose(question);
        if (before.needs_contact) {
            CHECK(letter["recipient"].has("person"));
            if (after.chosen() != nullptr) {   // one of those that were possible, or behind them
                const auto position = after.chosen()->position;
                CHECK(before.options.size() >= 1);
                CHECK(position >= before.candidates().front()->position);
            }
            continue;
        }
        if (before.chosen() == nullptr) {
            CHECK(after.chosen() == nullptr);
            continue;
        }
        // Only a portal is chosen for a person without asking, and it asks for itself.
        const bool same =
            after.chosen() != nullptr && after.chosen()->position == before.chosen()->position;
        CHECK((same || before.chosen()->target.channel == Channel::portal));
    }
}
