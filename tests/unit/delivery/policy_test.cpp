#include "gateway/app/policy.hpp"

#include "gateway/app/incoming.hpp"
#include "people.hpp"
#include "tests/support/fake_scanner.hpp"
#include "tests/support/memory_documents.hpp"

#include <catch2/catch.hpp>

// Policy on the way: the register is asked before the first attempt, what is chosen is written down
// before anything is sent, and what takes over is one new delivery.

using namespace people;
using namespace std::chrono_literals;

TEST_CASE("policy: the register is asked before the first attempt, and the choice is told") {
    People world;
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::sent));
    CHECK(world.dpi->count("send") == 1);
    CHECK(world.sent() == 1);
    const auto asked = world.connections.registers().asked;
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].tenant == oslo);
    CHECK(asked[0].dataset == "contact");
    CHECK(asked[0].keys == std::vector<std::string>{person});
    CHECK(world.codes(message) ==
          std::vector<std::string>{"accepted:accepted", "route_chosen:route.first_choice",
                                   "attempt_started:attempt_started", "sent:sent"});
    CHECK(world.row(message).channel == Channel::digital);
    CHECK_FALSE(world.log.holds(person));
}

TEST_CASE("policy: a reserved person gets paper, and the timeline says why") {
    People world;
    world.knows(true, true, true);
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::sent));
    CHECK(world.print->count("send") == 1);
    CHECK(world.sent() == 1);
    CHECK(world.says(message, "route_passed_over:route.passed_reserved"));
    CHECK(world.says(message, "route_chosen:route.paper_reserved"));
    CHECK(world.row(message).channel == Channel::paper);
}

TEST_CASE("policy: when the register is away the letter waits, and nothing is sent") {
    People world;
    world.connections.registers().fail("upstream.unreachable");
    const auto message = world.send();
    world.start();
    world.pass(10min);
    CHECK(world.state(message) == DeliveryState::queued);
    CHECK(world.sent() == 0);
    CHECK(world.connections.registers().asked.size() > 3);
    CHECK(world.row(message).code.value == "upstream.unreachable");
    auto names = world.names(message);
    CHECK(std::count(names.begin(), names.end(), "route_postponed") == 1);
    world.connections.registers().failure.reset();
    REQUIRE(world.reaches(message, DeliveryState::sent, 2h));
    CHECK(world.dpi->count("send") == 1);
}

TEST_CASE("policy: a register that hangs is given up on, and other letters pass it by") {
    People world;
    world.connections.registers().hangs = true;
    for (int i = 0; i < 100; ++i) {
        world.send();
    }
    Letter other;
    other.connection = "altinn";
    const auto passes = world.accept(other);
    world.start();
    REQUIRE(world.reaches(passes, DeliveryState::sent, 1min));
    CHECK(world.dpi->count("send") == 0);
    world.pass(2min);
    world.connections.registers().hangs = false;
    world.pass(30min);
    CHECK(world.dpi->count("send") == 100);
}

TEST_CASE("policy: without a register for the tenant a person must mend that first") {
    People world;
    world.connections.registers().fail("register.none", false);
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::held));
    CHECK(world.row(message).code.value == "register.none");
    CHECK(world.sent() == 0);
}

TEST_CASE("policy: an answer nobody understands holds the letter: a reservation is not guessed") {
    People world;
    world.connections.registers().knows("contact", person,
                                        gateway::json::parse(R"({"status":"active"})").value());
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::held));
    CHECK(world.row(message).code.value == "route.contact_unreadable");
    CHECK(world.sent() == 0);
}

TEST_CASE("policy: when no choice may be used the letter fails, with each reason") {
    People world;
    world.knows(true, true, true);
    world.use().erase(world.use().begin() + 1);   // no print
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::failed));
    CHECK(world.codes(message) ==
          std::vector<std::string>{"accepted:accepted", "route_passed_over:route.passed_reserved",
                                   "route_passed_over:route.passed_reserved",
                                   "failed:route.none_left"});
    CHECK(world.sent() == 0);
}

TEST_CASE("policy: when the route is gone the letter is held, and goes when it is back") {
    People world;
    const auto routes = world.configuration.now->tenants[oslo].routes;
    world.configuration.now->tenants[oslo].routes.clear();
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::held));
    CHECK(world.row(message).code.value == "message.no_route");
    world.configuration.now->tenants[oslo].routes = routes;
    REQUIRE(run(world.io, world.store->release(oslo, world.row(message).id, world.clock.now(), {}))
                .has_value());
    REQUIRE(world.reaches(message, DeliveryState::sent));
}

TEST_CASE("policy: a refusal that is not the sender's fault goes the next way, once") {
    People world;
    world.dpi->sends(refused("altinn.corr_01029"));   // owner: the recipient
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::sent));
    CHECK(world.dpi->count("send") == 1);
    CHECK(world.print->count("send") == 1);
    CHECK(world.sent() == 2);
    const auto view = world.view(message);
    REQUIRE(view.deliveries.size() == 2);
    CHECK(view.deliveries[0].state == DeliveryState::failed);
    CHECK(view.deliveries[1].replaces == view.deliveries[0].id);
    CHECK(view.deliveries[1].upstream_key != view.deliveries[0].upstream_key);
    CHECK(world.codes(message) ==
          std::vector<std::string>{"accepted:accepted", "route_chosen:route.first_choice",
                                   "attempt_started:attempt_started", "failed:altinn.corr_01029",
                                   "fell_back:fell_back", "route_chosen:route.paper_fell_back",
                                   "attempt_started:attempt_started", "sent:sent"});
}

TEST_CASE("policy: a letter whose content is wrong does not wander through the channels") {
    People world;
    world.dpi->sends(refused("altinn.corr_01037"));   // owner: the sender
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::failed));
    world.pass(1h);
    CHECK(world.sent() == 1);
    CHECK(world.view(message).deliveries.size() == 1);
}

TEST_CASE("policy: what the adapter says of other channels goes before the owner of the code") {
    People world;
    auto may = refused("altinn.corr_01037");
    may.other_channel_may = true;
    auto may_not = refused("altinn.corr_01029");
    may_not.other_channel_may = false;
    world.dpi->sends(may);
    world.print->sends(may_not);
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::failed));
    CHECK(world.view(message).deliveries.size() == 2);
    CHECK(world.altinn->count("send") == 0);
}

TEST_CASE("policy: each way is tried once, and when none is left the letter has failed") {
    People world;
    for (auto* connection : {&world.dpi, &world.print, &world.altinn}) {
        (*connection)->sends(refused("upstream.tls_expired"));   // owner: the component
    }
    const auto message = world.send();
    world.start();
    world.pass(1h);
    CHECK(world.state(message) == DeliveryState::failed);
    CHECK(world.view(message).deliveries.size() == 3);
    CHECK(world.sent() == 3);
    for (const auto& delivery : world.view(message).deliveries) {
        CHECK(delivery.state == DeliveryState::failed);
    }
}

TEST_CASE("policy: an unknown outcome never goes another way") {
    People world;
    world.dpi->capabilities[0].answers_lookup = false;
    world.dpi->capabilities[0].deduplicates = sdk::Deduplicates::none;
    world.dpi->sends(sdk::Outcome(sdk::Verdict::unknown, "upstream.answer_lost"));
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::held));
    world.pass(6h);
    CHECK(world.sent() == 1);
    CHECK(world.view(message).deliveries.size() == 1);
}

TEST_CASE("policy: a passing fault is waited for, it does not go another way") {
    People world;
    world.dpi->standing_send = sdk::Outcome(sdk::Verdict::try_later, "upstream.server_error");
    const auto message = world.send();
    world.start();
    world.pass(3h);
    CHECK(world.state(message) == DeliveryState::queued);
    CHECK(world.print->count("send") == 0);
}

TEST_CASE("policy: a choice gives up when its hours are over, and the next takes over") {
    People world;
    world.use()[0].give_up = std::chrono::hours(2);
    world.dpi->standing_send = sdk::Outcome(sdk::Verdict::try_later, "upstream.server_error");
    const auto message = world.send();
    world.start();
    world.pass(110min);
    CHECK(world.print->count("send") == 0);
    REQUIRE(world.reaches(message, DeliveryState::sent, 1h));
    CHECK(world.print->count("send") == 1);
    CHECK(world.view(message).deliveries[0].state == DeliveryState::expired);
    CHECK(world.says(message, "expired:route.gave_up"));
    CHECK(world.says(message, "route_chosen:route.paper_fell_back"));
}

TEST_CASE("policy: when the sender's own time is up nothing takes over") {
    People world;
    world.use()[0].give_up = std::chrono::hours(2);
    world.dpi->standing_send = sdk::Outcome(sdk::Verdict::try_later, "upstream.server_error");
    Letter letter;
    letter.connection.reset();
    letter.expires_in = 1h;
    letter.content = std::string(R"({"type":"letter","recipient":{"person":")") + person +
                     R"("},"title":"Brev","kind":"information","mustBe":"any"})";
    const auto message = world.accept(letter);
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::expired, 2h));
    world.pass(4h);
    CHECK(world.view(message).deliveries.size() == 1);
    CHECK(world.print->count("send") == 0);
}

TEST_CASE("policy: a receipt of failure goes the next way, and told again does nothing more") {
    People world;
    world.dpi->polls(news(sdk::ReceiptKind::failed, "altinn.corr_01029"));
    world.dpi->polls(news(sdk::ReceiptKind::failed, "altinn.corr_01029"));
    const auto message = world.send();
    world.start();
    world.pass(10min);
    CHECK(world.print->count("send") == 1);
    CHECK(world.view(message).deliveries.size() == 2);
    CHECK(world.says(message, "failed:altinn.corr_01029"));
    CHECK(world.says(message, "fell_back:fell_back"));
}

TEST_CASE("policy: a failure that the component tells by itself goes the next way, once") {
    People world;
    MemoryDocuments documents(*world.store, world.clock);
    FakeScanner scanner;
    gateway::app::Incoming incoming{{*world.store, world.configuration, world.vaults, world.clock,
                                     *world.ids, world.log, world.metrics, documents, scanner}};
    incoming.obey(world.connections);
    const auto message = world.send();
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::sent));
    sdk::ReceiptNews told;
    told.delivery = world.row(message).id;
    told.receipt = news(sdk::ReceiptKind::failed, "altinn.corr_01029")->items.front();
    const ports::Handover from{core::ConnectionId("dpi"), {oslo}, "digital_post"};
    CHECK(run(world.io, incoming.receipt(from, told)).value() == sdk::Kept::stored);
    CHECK(run(world.io, incoming.receipt(from, told)).value() == sdk::Kept::duplicate);
    world.pass(1min);
    CHECK(world.print->count("send") == 1);
    CHECK(world.view(message).deliveries.size() == 2);
}

TEST_CASE("policy: paper that comes back goes the next way that the law allows") {
    const bool reserved = GENERATE(true, false);
    People world;
    world.knows(reserved, true, false);
    world.print->polls(news(sdk::ReceiptKind::delivered));
    world.print->polls(news(sdk::ReceiptKind::returned));
    const auto message = world.send();
    world.start();
    world.pass(2h);
    CHECK(world.print->count("send") == 1);
    CHECK(world.altinn->count("send") == (reserved ? 0 : 1));
    CHECK(world.state(message) == (reserved ? DeliveryState::failed : DeliveryState::sent));
    CHECK(world.says(message, "returned:returned"));
}

TEST_CASE("policy: a notice that was owed and fails is an alarm, another is only told") {
    for (const auto* kind : {"decision", "information"}) {
        INFO(kind);
        People world;
        world.dpi->polls(news(sdk::ReceiptKind::notice_failed));
        world.dpi->polls(news(sdk::ReceiptKind::notice_failed));
        Letter letter;
        letter.connection.reset();
        letter.content = std::string(R"({"type":"letter","recipient":{"person":")") + person +
                         R"("},"title":"Brev","mustBe":"any","kind":")" + kind + "\"}";
        const auto message = world.accept(letter);
        world.start();
        world.pass(10min);
        const auto names = world.names(message);
        const bool owed = std::string(kind) == "decision";
        CHECK(std::count(names.begin(), names.end(), "notice_failed") == 1);
        CHECK(std::count(names.begin(), names.end(), "notice_alarm") == (owed ? 1 : 0));
        CHECK(world.says(message, "notice_failed:notice_failed"));
        CHECK(world.says(message, "notice_alarm:duty.notice_failed") == owed);
    }
}

TEST_CASE("policy: a restart anywhere between sends nothing twice and forgets nothing") {
    for (int stops = 1; stops <= 6; ++stops) {
        INFO("stopped after " << stops << " hundred milliseconds");
        People world;
        world.dpi->takes = 150ms;
        world.dpi->standing_send = refused("altinn.corr_01029");   // also to a look-up
        const auto message = world.send();
        for (int i = 0; i < stops; ++i) {
            world.start();
            world.pass(100ms);
            world.stop(0s);
        }
        world.start();
        REQUIRE(world.reaches(message, DeliveryState::sent));
        CHECK(world.print->count("send") == 1);
        CHECK(world.altinn->count("send") == 0);
    }
}
