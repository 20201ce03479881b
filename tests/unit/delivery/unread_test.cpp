#include "people.hpp"

#include <catch2/catch.hpp>

// The letter's own rule for what nobody opens: a copy on paper, once, when its time has come.

using namespace people;

TEST_CASE("unread: a letter nobody opens goes on paper when its time has come, once") {
    People world;
    world.dpi->polls(news(sdk::ReceiptKind::delivered));
    const auto message =
        world.send(R"("openReceipt":true,"unread":{"after":"PT2H","then":"paper"})");
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::delivered));
    world.pass(110min);
    CHECK(world.print->count("send") == 0);
    world.pass(20min);
    CHECK(world.print->count("send") == 1);
    const auto view = world.view(message);
    REQUIRE(view.deliveries.size() == 2);
    CHECK(view.deliveries[0].state == DeliveryState::delivered);
    CHECK(world.says(message, "unread:unread"));
    CHECK(world.says(message, "route_chosen:route.paper_unread"));
    world.pass(6h);
    CHECK(world.view(message).deliveries.size() == 2);
    CHECK(world.sent() == 2);
}

TEST_CASE("unread: opened in time, it stays where it is") {
    People world;
    world.dpi->polls(news(sdk::ReceiptKind::delivered));
    world.dpi->polls(news(sdk::ReceiptKind::read));
    const auto message =
        world.send(R"("openReceipt":true,"unread":{"after":"PT2H","then":"paper"})");
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::read));
    world.pass(6h);
    CHECK(world.view(message).deliveries.size() == 1);
    CHECK(world.print->count("send") == 0);
}

TEST_CASE("unread: a component that tells nothing more is not waited for") {
    People world;
    auto last = news(sdk::ReceiptKind::delivered);
    last->ask_again.reset();
    world.dpi->polls(last);
    const auto message =
        world.send(R"("openReceipt":true,"unread":{"after":"PT2H","then":"paper"})");
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::delivered));
    world.pass(130min);
    CHECK(world.print->count("send") == 1);
}

TEST_CASE("unread: while the component cannot be asked, nobody says that it is unopened") {
    People world;
    world.rules().backoff_max = 30min;
    world.dpi->polls(news(sdk::ReceiptKind::delivered));
    for (int i = 0; i < 20; ++i) {
        world.dpi->polls(core::Failure(core::Errc::unreachable));
    }
    const auto message =
        world.send(R"("openReceipt":true,"unread":{"after":"PT1H","then":"paper"})");
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::delivered));
    world.pass(2h);
    CHECK(world.print->count("send") == 0);
    world.pass(6h);
    CHECK(world.print->count("send") == 1);
}

TEST_CASE("unread: a copy that is refused is not put on a screen once more") {
    People world;
    world.dpi->polls(news(sdk::ReceiptKind::delivered));
    world.print->sends(refused("upstream.tls_expired"));
    const auto message =
        world.send(R"("openReceipt":true,"unread":{"after":"PT2H","then":"paper"})");
    world.start();
    world.pass(3h);
    CHECK(world.print->count("send") == 1);
    CHECK(world.altinn->count("send") == 0);
    CHECK(world.view(message).deliveries.size() == 2);
}

TEST_CASE("unread: when the paper way is gone meanwhile, that is said, once") {
    People world;
    world.dpi->polls(news(sdk::ReceiptKind::delivered));
    const auto message =
        world.send(R"("openReceipt":true,"unread":{"after":"PT2H","then":"paper"})");
    world.start();
    REQUIRE(world.reaches(message, DeliveryState::delivered));
    world.use().erase(world.use().begin() + 1);
    world.pass(5h);
    CHECK(world.view(message).deliveries.size() == 1);
    const auto all = world.codes(message);
    CHECK(std::count(all.begin(), all.end(), "unread:route.unread_no_paper") == 1);
}
