#include "gateway/ports/flow_store.hpp"
#include "gateway/store/flow_rules.hpp"
#include "inbox_commands.hpp"

#include <map>

using namespace tests;
using ports::FlowFigure;

namespace {

template <class Kind>
class FlowWorld : public World<Kind> {
public:
    ports::FlowStore& flow() { return ports::flow_store_of(*this->store); }

    ports::FlowQuery asked(int hours = 24) const {
        ports::FlowQuery query;
        query.tenant = oslo;
        query.until = ports::flow_hour(this->now()) + 1;
        query.from = query.until - hours;
        return query;
    }
    std::map<int, std::int64_t> sums(const ports::FlowQuery& query) {
        auto series = this->run(flow().flow_series(query));
        REQUIRE(series.has_value());
        std::map<int, std::int64_t> all;
        for (const auto& point : series->points) {
            all[point.figure] += point.count;
        }
        return all;
    }
    std::int64_t sum(FlowFigure figure) { return sums(asked(24 * 40))[static_cast<int>(figure)]; }
    std::int64_t sum(FlowFigure figure, const core::ConnectionId& connection) {
        auto query = asked(24 * 40);
        query.connections = {connection.value};
        return sums(query)[static_cast<int>(figure)];
    }
    void end(const ports::ClaimedDelivery& item, DeliveryState state,
             std::optional<ports::TakeOver> instead = {}) {
        const bool waits = state == DeliveryState::sent;
        auto finish = this->finish(item, state, waits ? Work::receipts : Work::none);
        if (waits) {
            finish.due = this->now() + 1h;
        }
        finish.take_over = std::move(instead);
        this->ok(this->store->finish(finish));
    }
    ports::ClaimedDelivery begin_next() {
        auto item = this->claim_one();
        this->ok(this->store->begin_attempt(this->begin(item)));
        return item;
    }
    void receive(const ports::DeliveryKey& key, const std::string& dedupe, DeliveryState reached) {
        REQUIRE(
            this->run(this->store->apply_receipt(this->receipt(key, dedupe, reached))).has_value());
    }
};

}   // namespace

TEMPLATE_TEST_CASE("flow: what became of each message is counted once, over a restart and whatever "
                   "is said again",
                   "[contract]", InMemory, InSqlite) {
    FlowWorld<TestType> world;
    const auto letter = world.keyed(oslo, "key", "content");
    const auto item = world.begun(letter);
    CHECK(world.run(world.store->accept(letter))->result == ports::Accepted::same);
    world.clock.advance(40s);
    world.end(item, DeliveryState::sent);
    world.clock.advance(50s);
    const auto receipt = world.receipt(key_of(letter), "delivered", DeliveryState::delivered);
    REQUIRE(world.run(world.store->apply_receipt(receipt)).has_value());
    world.restart();
    CHECK(world.run(world.store->apply_receipt(receipt))->duplicate);
    CHECK(world.fails(Errc::stale_fence,
                      world.store->finish(world.finish(item, DeliveryState::sent, Work::none))));
    world.receive(key_of(letter), "told again", DeliveryState::delivered);
    world.receive(key_of(letter), "read", DeliveryState::read);
    world.restart();
    const std::map<int, std::int64_t> expected{{static_cast<int>(FlowFigure::accepted), 1},
                                               {static_cast<int>(FlowFigure::handed_over), 1},
                                               {static_cast<int>(FlowFigure::delivered), 1},
                                               {gateway::store::delivery_time_figure(90s), 1}};
    CHECK(world.sums(world.asked()) == expected);
    const auto ways = world.run(world.flow().flow_ways(world.asked()));
    REQUIRE(ways->size() == 4);
    CHECK(ways->front().system == visma);
    CHECK(ways->front().type == letter.type);
    CHECK(ways->front().connection == altinn.value);
    auto elsewhere = world.asked();
    elsewhere.tenant = bergen;
    CHECK(world.sums(elsewhere).empty());
    world.check_sound();
}

TEMPLATE_TEST_CASE("flow: a delivery that another takes over from is no failed message, and two "
                   "ways are no two deliveries of it",
                   "[contract]", InMemory, InSqlite) {
    FlowWorld<TestType> world;
    const auto letter = world.letter(oslo);
    world.end(world.begun(letter), DeliveryState::failed, world.instead());
    CHECK(world.sum(FlowFigure::failed) == 0);
    world.end(world.begin_next(), DeliveryState::delivered);
    CHECK(world.sum(FlowFigure::handed_over, altinn) == 0);
    CHECK(world.sum(FlowFigure::delivered, svarut) == 1);
    // Delivered, and unopened: the copy on paper is no second delivery.
    const auto unread = world.letter(oslo);
    world.end(world.begun(unread), DeliveryState::sent);
    auto receipt = world.receipt(key_of(unread), "delivered", DeliveryState::delivered);
    receipt.unread_at = world.now() + 1h;
    REQUIRE(world.run(world.store->apply_receipt(receipt)).has_value());
    world.clock.advance(1h);
    const auto settled = world.claimed(world.claim_receipts());
    REQUIRE(settled.size() == 1);
    auto copy = world.finish(settled.front(), DeliveryState::delivered, Work::none);
    copy.unread_settled = true;
    copy.take_over = world.instead();
    world.ok(world.store->finish(copy));
    world.end(world.begin_next(), DeliveryState::delivered);
    CHECK(world.sum(FlowFigure::accepted) == 2);
    CHECK(world.sum(FlowFigure::handed_over) == 2);
    CHECK(world.sum(FlowFigure::delivered) == 2);
    CHECK(world.sum(FlowFigure::mended) == 0);
}

TEMPLATE_TEST_CASE("flow: what failed and was sent anew is counted as retried and, handed over, as "
                   "mended",
                   "[contract]", InMemory, InSqlite) {
    FlowWorld<TestType> world;
    const auto letter = world.letter(oslo);
    world.end(world.begun(letter), DeliveryState::failed);
    CHECK(world.sum(FlowFigure::failed) == 1);
    const auto retry = world.retry(oslo, letter.delivery.id);
    world.ok(world.store->retry(retry));
    CHECK(world.fails(Errc::conflict, world.store->retry(retry)));
    world.end(world.begin_next(), DeliveryState::sent);
    CHECK(world.sum(FlowFigure::retried) == 1);
    CHECK(world.sum(FlowFigure::mended) == 1);
    CHECK(world.sum(FlowFigure::failed) == 1);
    // One that a person held and sends anew had not failed.
    const auto held = world.letter(oslo);
    world.accept(held);
    world.ok(world.store->hold(oslo, held.delivery.id, world.now(), world.events("held")));
    world.ok(world.store->retry(world.retry(oslo, held.delivery.id)));
    CHECK(world.sum(FlowFigure::failed) == 1);
    CHECK(world.sum(FlowFigure::retried) == 2);
}

TEMPLATE_TEST_CASE("flow: a correction counts as a message of its own, and as mended when it is "
                   "handed over",
                   "[contract]", InMemory, InSqlite) {
    FlowWorld<TestType> world;
    const auto letter = world.letter(oslo);
    world.end(world.begun(letter), DeliveryState::failed);
    const auto seen = world.newest(letter);
    ports::ReplaceCommand correction;
    correction.old = letter.message;
    correction.seen = seen.id;
    correction.seen_changed = seen.changed;
    correction.closing = world.events("replaced");
    correction.message = world.letter(oslo);
    REQUIRE(world.run(world.store->replace(correction)).has_value());
    CHECK(world.sum(FlowFigure::accepted) == 2);
    CHECK(world.sum(FlowFigure::mended) == 0);
    world.end(world.begin_next(), DeliveryState::sent);
    CHECK(world.sum(FlowFigure::mended) == 1);
    CHECK(world.sum(FlowFigure::failed) == 1);
    CHECK(world.sum(FlowFigure::retried) == 0);
}

TEMPLATE_TEST_CASE("flow: what policy chooses a way for is counted there, at the hour it came",
                   "[contract]", InMemory, InSqlite) {
    FlowWorld<TestType> world;
    auto letter = world.letter(oslo);
    letter.delivery.connection.reset();
    world.accept(letter);
    world.clock.advance(2h);
    auto claim = world.claim();
    claim.lane = ports::Lane::choices;
    const auto item = world.claimed(claim).front();
    auto chosen = world.finish(item, DeliveryState::queued, Work::send);
    chosen.chosen.emplace();
    chosen.chosen->connection = svarut;
    world.ok(world.store->finish(chosen));
    CHECK(world.sum(FlowFigure::accepted) == 1);
    CHECK(world.sum(FlowFigure::accepted, svarut) == 1);
    const auto series = world.run(world.flow().flow_series(world.asked()));
    REQUIRE(series->points.size() == 1);
    CHECK(series->points.front().hour == ports::flow_hour(letter.at));
    CHECK(series->first == ports::flow_hour(letter.at));
}

TEMPLATE_TEST_CASE("flow: each copy of what came in is counted, and a repetition is not",
                   "[contract]", InMemory, InSqlite) {
    FlowWorld<TestType> world;
    const auto form = inbound(world, "form 1", {visma, gerica});
    REQUIRE(world.run(world.store->store_inbound(form)).has_value());
    REQUIRE(world.run(world.store->store_inbound(form)).has_value());
    CHECK(world.sum(FlowFigure::received) == 2);
    auto query = world.asked();
    query.system = gerica;
    query.type = "form/v1";
    CHECK(world.sums(query)[static_cast<int>(FlowFigure::received)] == 1);
    query.type = "letter/v1";
    CHECK(world.sums(query).empty());
}

TEMPLATE_TEST_CASE(
    "flow: hours long ago become days, nothing is lost of them, and days long ago go", "[contract]",
    InMemory, InSqlite) {
    FlowWorld<TestType> world;
    const auto start = ports::flow_day(ports::flow_hour(world.now()));
    for (int i = 0; i < 100; ++i) {
        world.accept(world.letter(oslo));
        world.clock.advance(1h);
    }
    const auto end = ports::flow_day(ports::flow_hour(world.now()));
    auto whole_days = world.asked();
    whole_days.by_day = true;
    whole_days.from = ports::first_hour(start);
    whole_days.until = ports::first_hour(end + 1);
    const auto before = world.run(world.flow().flow_series(whole_days));
    REQUIRE(before->points.size() == static_cast<std::size_t>(end - start) + 1);
    int rounds = 0;
    while (world.run(world.flow().keep_flow(end - 1, start)).value()) {
        ++rounds;
    }
    CHECK(rounds == end - 1 - start);
    world.restart();
    CHECK(world.run(world.flow().flow_series(whole_days))->points == before->points);
    CHECK(world.sums(whole_days)[static_cast<int>(FlowFigure::accepted)] == 100);
    auto single_hours = whole_days;
    single_hours.by_day = false;
    const auto left = world.run(world.flow().flow_series(single_hours));
    CHECK(left->points.front().hour == ports::first_hour(end - 1));
    CHECK(left->first == ports::first_hour(start));
    CHECK_FALSE(world.run(world.flow().keep_flow(end - 1, end)).value());
    CHECK(world.run(world.flow().flow_series(whole_days))->first == ports::first_hour(end - 1));
}

TEST_CASE("flow: a time to delivery is in the bucket that ends with or after it") {
    using gateway::store::delivery_time_figure;
    const int first = static_cast<int>(FlowFigure::delivery_time);
    CHECK(delivery_time_figure(-5s) == first);
    CHECK(delivery_time_figure(1s) == first);
    CHECK(delivery_time_figure(1s + 1us) == first + 1);
    CHECK(delivery_time_figure(1min) == first + 6);
    CHECK(delivery_time_figure(24h * 31) ==
          first + static_cast<int>(ports::delivery_time_buckets) - 1);
}
