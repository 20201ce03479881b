#include "world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using namespace tests;
using namespace std::chrono_literals;
using core::DeliveryState;
using core::Work;
using sdk::Outcome;
using sdk::Verdict;

using Names = std::vector<std::string>;

sdk::Receipts news(sdk::ReceiptKind kind, std::optional<std::chrono::seconds> again) {
    sdk::Receipts receipts;
    sdk::Receipt receipt;
    receipt.dedupe_id = "r" + std::to_string(static_cast<int>(kind));
    receipt.kind = kind;
    receipts.items.push_back(receipt);
    receipts.ask_again = again;
    return receipts;
}

}   // namespace

TEST_CASE("dispatch: a missing receipt is an event once, and the state stays sent") {
    World world;
    world.rules().receipt_overdue = 1h;
    auto altinn = world.connect("altinn");
    for (int i = 0; i < 50; ++i) {
        sdk::Receipts none;
        none.ask_again = 600s;
        altinn->polls(std::move(none));
    }
    world.start();
    const auto letter = world.accept();
    world.pass(59min);
    CHECK(world.names(letter).back() == "sent");
    world.pass(2min);
    CHECK(world.names(letter).back() == "overdue");
    world.pass(3h);
    const auto names = world.names(letter);
    CHECK(std::count(names.begin(), names.end(), "overdue") == 1);
    CHECK(world.state(letter) == DeliveryState::sent);
}

TEST_CASE("dispatch: a receipt that is still missing long after nobody asks any more is an event") {
    World world;
    world.rules().receipt_overdue = 6h;
    auto dpi = world.connect("altinn");
    dpi->polls(sdk::Receipts());   // nothing more to ask about
    world.start();
    const auto letter = world.accept();
    world.pass(5h);
    CHECK(dpi->count("poll") == 1);
    CHECK(world.names(letter).back() == "sent");
    world.pass(2h);
    const auto names = world.names(letter);
    CHECK(std::count(names.begin(), names.end(), "overdue") == 1);
    CHECK(world.log.holds("receipt_overdue"));
    CHECK(dpi->count("poll") == 1);
    CHECK(world.state(letter) == DeliveryState::sent);
}

TEST_CASE("dispatch: a receipt told twice is one event, and one of lower rank moves nothing") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->polls(sdk::Receipts(news(sdk::ReceiptKind::read, 10s)));
    altinn->polls(sdk::Receipts(news(sdk::ReceiptKind::read, 10s)));
    altinn->polls(sdk::Receipts(news(sdk::ReceiptKind::delivered, std::nullopt)));
    world.start();
    const auto letter = world.accept();
    world.pass(5min);
    CHECK(world.state(letter) == DeliveryState::read);
    CHECK(world.names(letter) == Names{"accepted", "attempt_started", "sent", "read", "delivered"});
}

TEST_CASE("dispatch: receipts that cannot be fetched are asked for again with back-off") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->polls(core::Failure(core::Errc::unreachable));
    altinn->polls(core::Failure(core::Errc::bad_answer));
    altinn->polls(sdk::Receipts(news(sdk::ReceiptKind::delivered, std::nullopt)));
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::delivered));
    CHECK(altinn->count("poll") == 3);
    CHECK(world.names(letter) == Names{"accepted", "attempt_started", "sent", "delivered"});
}

TEST_CASE("dispatch: the pace of receipts follows the configuration") {
    World world;
    world.rules().receipt_pace = 10;
    auto altinn = world.connect("altinn");
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::sent, 1s));
    world.pass(1'100ms);
    CHECK(altinn->count("poll") == 1);
}

TEST_CASE("dispatch: a cancel the component agrees to ends in cancelled") {
    World world;
    auto altinn = world.connect("altinn");
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::sent));
    CHECK(world.cancel(letter) == ports::CancelAnswer::requested);
    REQUIRE(world.reaches(letter, DeliveryState::cancelled, 2s));
    CHECK(altinn->count("cancel") == 1);
    CHECK(world.names(letter) ==
          Names{"accepted", "attempt_started", "sent", "cancel_requested", "cancelled"});
}

TEST_CASE("dispatch: a refused cancel is an event, and the receipts go on") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->cancels(Outcome(Verdict::rejected, core::Code("altinn.corr_01013")));
    altinn->polls(sdk::Receipts(news(sdk::ReceiptKind::delivered, std::nullopt)));
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::sent, 1s));
    world.cancel(letter);
    world.pass(500ms);
    CHECK(world.events(letter).back().name == "cancel_refused");
    CHECK(world.events(letter).back().code.value == "altinn.corr_01013");
    CHECK(world.state(letter) == DeliveryState::sent);
    CHECK_FALSE(world.row(letter).cancel_requested);
    CHECK(world.reaches(letter, DeliveryState::delivered));
    CHECK(altinn->count("cancel") == 1);
}

TEST_CASE("dispatch: a cancel asked for while an attempt runs is carried out after it") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->takes = 10s;
    world.start();
    const auto letter = world.accept();
    world.pass(1s);
    CHECK(world.cancel(letter) == ports::CancelAnswer::requested);
    REQUIRE(world.reaches(letter, DeliveryState::cancelled, 1min));
    CHECK(altinn->count("send") == 1);
    CHECK(altinn->count("cancel") == 1);
}

TEST_CASE("dispatch: where receipts come by themselves nobody asks, and one that is missing is an "
          "event and an alarm, once") {
    World world;
    world.rules().receipt_overdue = 1h;
    auto dpi = world.connect("altinn");
    dpi->capabilities.front().receipts_are_pushed = true;
    world.start();
    const auto letter = world.accept();
    world.pass(59min);
    CHECK(world.names(letter).back() == "sent");
    CHECK_FALSE(world.log.holds("receipt_overdue"));
    world.pass(3h);
    const auto names = world.names(letter);
    CHECK(std::count(names.begin(), names.end(), "overdue") == 1);
    CHECK(world.log.all.find("receipt_overdue") == world.log.all.rfind("receipt_overdue"));
    CHECK(world.log.holds("receipt_overdue"));
    CHECK(world.state(letter) == DeliveryState::sent);
    CHECK(dpi->count("poll") == 0);
}

TEST_CASE(
    "dispatch: a receipt that comes by itself takes the watch away, also during the attempt") {
    World world;
    world.rules().receipt_overdue = 1h;
    auto dpi = world.connect("altinn");
    dpi->capabilities.front().receipts_are_pushed = true;
    const auto arrives = [&world](core::MessageId letter) {
        ports::ReceiptCommand command;
        command.key = ports::DeliveryKey(oslo, world.row(letter).id);
        command.dedupe_id = "1";
        command.reached = DeliveryState::delivered;
        command.at = world.clock.now();
        command.events.push_back(world.event("delivered"));
        REQUIRE(run(world.io, world.store->apply_receipt(command)).has_value());
    };
    world.start();
    SECTION("after it") {
        const auto letter = world.accept();
        world.pass(10min);
        arrives(letter);
        world.pass(3h);
        CHECK(world.state(letter) == DeliveryState::delivered);
        CHECK(world.names(letter).back() == "delivered");
        CHECK_FALSE(world.row(letter).due);
    }
    SECTION("during it") {
        dpi->takes = 10s;
        const auto letter = world.accept();
        world.pass(5s);
        REQUIRE(world.state(letter) == DeliveryState::sending);
        arrives(letter);
        world.pass(3h);
        CHECK(world.state(letter) == DeliveryState::delivered);
        const auto names = world.names(letter);
        CHECK(std::count(names.begin(), names.end(), "overdue") == 0);
        CHECK_FALSE(world.row(letter).due);
    }
    SECTION("before an answer that was lost") {
        dpi->takes = 10s;
        dpi->sends(Outcome(Verdict::unknown));
        const auto letter = world.accept();
        world.pass(5s);
        arrives(letter);
        world.pass(3h);
        CHECK(world.state(letter) == DeliveryState::delivered);
        CHECK(dpi->count("send") == 1);
    }
    CHECK(dpi->count("poll") == 0);
}
