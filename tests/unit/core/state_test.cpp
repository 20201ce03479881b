#include "gateway/core/state.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace {

using namespace gateway::core;

const std::vector<DeliveryState> every_state{DeliveryState::queued,    DeliveryState::sending,
                                             DeliveryState::pending,   DeliveryState::sent,
                                             DeliveryState::delivered, DeliveryState::read,
                                             DeliveryState::failed,    DeliveryState::expired,
                                             DeliveryState::cancelled, DeliveryState::held};

}   // namespace

TEST_CASE("state: every state has a name of its own that reads back") {
    std::set<std::string_view> names;
    for (const auto state : every_state) {
        names.insert(to_string(state));
        CHECK(parse_delivery_state(to_string(state)) == state);
    }
    CHECK(names.size() == every_state.size());
    CHECK(to_string(static_cast<DeliveryState>(0)) == "unknown");
    CHECK_FALSE(parse_delivery_state("unknown"));
    CHECK_FALSE(parse_delivery_state("Queued"));
    CHECK_FALSE(parse_delivery_state(""));
}

TEST_CASE("state: terminal and handed over are told apart") {
    const std::set<DeliveryState> terminal{DeliveryState::read, DeliveryState::failed,
                                           DeliveryState::expired, DeliveryState::cancelled};
    const std::set<DeliveryState> handed_over{DeliveryState::sent, DeliveryState::delivered,
                                              DeliveryState::read};
    for (const auto state : every_state) {
        CHECK(is_terminal(state) == terminal.contains(state));
        CHECK(is_handed_over(state) == handed_over.contains(state));
    }
}

TEST_CASE("state: a receipt moves a delivery exactly as the table says") {
    using S = DeliveryState;
    // From each state: the receipts that move it without a cause; all others are only events.
    const std::map<S, std::set<S>> moves{
        {S::queued, {S::sent, S::delivered, S::read, S::failed, S::cancelled}},
        {S::sending, {S::sent, S::delivered, S::read, S::failed, S::cancelled}},
        {S::pending, {S::sent, S::delivered, S::read, S::failed, S::cancelled}},
        {S::sent, {S::delivered, S::read, S::failed, S::cancelled}},
        {S::delivered, {S::read}},
        {S::read, {}},
        {S::failed, {}},
        {S::expired, {}},
        {S::cancelled, {}},
        {S::held, {S::sent, S::delivered, S::read, S::failed, S::cancelled}},
    };
    for (const auto now : every_state) {
        for (const auto reached : every_state) {
            CAPTURE(to_string(now), to_string(reached));
            const auto after = after_receipt(now, reached, FailureCause::none);
            if (moves.at(now).contains(reached)) {
                CHECK(after == reached);
            } else {
                CHECK_FALSE(after.has_value());
            }
        }
    }
}

TEST_CASE("state: only a letter that came back or was refused fails after delivery, never after "
          "reading") {
    for (const auto cause : {FailureCause::returned, FailureCause::refused}) {
        CHECK(after_receipt(DeliveryState::delivered, DeliveryState::failed, cause) ==
              DeliveryState::failed);
        CHECK(after_receipt(DeliveryState::sent, DeliveryState::failed, cause) ==
              DeliveryState::failed);
        CHECK_FALSE(after_receipt(DeliveryState::read, DeliveryState::failed, cause));
        CHECK_FALSE(after_receipt(DeliveryState::cancelled, DeliveryState::failed, cause));
    }
}
