#include "gateway/failures/group_retry.hpp"

#include "gateway/failures/groups.hpp"
#include "gateway/runtime/ids.hpp"
#include "tests/support/manual_clock.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using core::DeliveryState;
using failures::GroupRetry;
using failures::Reopened;
using failures::RetryState;
using Next = GroupRetry::Next;

namespace {

class Stepped {
public:
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 3);
    GroupRetry retry;

    Stepped() {
        ports::FailureKind kind;
        kind.tenant = core::TenantId("310001007");
        kind.code = "maskinporten.mp_200";
        kind.detail = "CORR-1";
        kind.type = "letter/v1";
        retry.kinds.push_back(kind);
        retry.id = "id";
        retry.sealed_why = std::string("\0\xff", 2);
    }

    void plan(std::size_t found, DeliveryState state = DeliveryState::failed) {
        std::vector<ports::FailedDelivery> items(found);
        std::vector<core::DeliveryId> next;
        for (auto& item : items) {
            item.at = clock.now();
            item.message = ids->next<core::MessageId>();
            item.delivery = ids->next<core::DeliveryId>();
            item.state = state;
            next.push_back(ids->next<core::DeliveryId>());
        }
        retry.plan(items, next, clock.now());
    }

    void open_all() {
        for (std::size_t i = 0; i < retry.batch.size(); ++i) {
            retry.was_opened(i, true);
        }
        retry.judge(clock.now());
    }

    void see_all(DeliveryState state) {
        for (std::size_t i = 0; i < retry.batch.size(); ++i) {
            retry.was_seen(i, state);
        }
        retry.judge(clock.now());
    }
};

}   // namespace

TEST_CASE("failures: one is tried, then ten, then the rest, and each stage waits for the one "
          "before",
          "[failures]") {
    Stepped it;
    CHECK(it.retry.next() == Next::plan);
    CHECK(it.retry.batch_size() == 1);
    it.plan(1);
    CHECK(it.retry.next() == Next::open);
    it.open_all();
    CHECK(it.retry.next() == Next::look);
    it.see_all(DeliveryState::sending);
    CHECK(it.retry.next() == Next::look);
    it.see_all(DeliveryState::sent);
    CHECK(it.retry.next() == Next::plan);
    CHECK(it.retry.batch_size() == 10);
    it.plan(10);
    it.open_all();
    it.retry.was_seen(0, DeliveryState::delivered);
    it.retry.judge(it.clock.now());
    CHECK(it.retry.next() == Next::look);
    it.see_all(DeliveryState::delivered);
    CHECK(it.retry.batch_size() == failures::rest_batch);
    it.plan(50);
    it.open_all();
    CHECK(it.retry.next() == Next::plan);   // the rest is not waited for
    it.plan(0);
    CHECK(it.retry.state == RetryState::done);
    CHECK(it.retry.next() == Next::none);
    CHECK(it.retry.opened == 61);
    CHECK(it.retry.went == 11);
    CHECK(it.retry.ended.has_value());
}

TEST_CASE("failures: a first that fails anew stops the retry, and nothing more is sent",
          "[failures]") {
    const auto state = GENERATE(DeliveryState::failed, DeliveryState::expired, DeliveryState::held);
    Stepped it;
    it.plan(1);
    it.open_all();
    it.see_all(state);
    CHECK(it.retry.state == RetryState::stopped);
    CHECK(it.retry.next() == Next::none);
    CHECK(it.retry.failed == 1);
    CHECK_FALSE(it.retry.resume());
    CHECK_FALSE(it.retry.cancel(it.clock.now()));
}

TEST_CASE("failures: one that could not be tried proves nothing, so another is tried first",
          "[failures]") {
    Stepped it;
    it.plan(1);
    it.retry.was_opened(0, false);
    it.retry.judge(it.clock.now());
    CHECK(it.retry.next() == Next::plan);
    CHECK(it.retry.batch_size() == 1);
    it.plan(1);
    it.open_all();
    it.see_all(DeliveryState::cancelled);
    CHECK(it.retry.batch_size() == 1);
    CHECK(it.retry.skipped == 1);
}

TEST_CASE("failures: paused it does nothing, resumed it goes on where it was, cancelled it ends",
          "[failures]") {
    Stepped it;
    it.plan(1);
    CHECK_FALSE(it.retry.resume());
    REQUIRE(it.retry.pause());
    CHECK(it.retry.next() == Next::none);
    CHECK_FALSE(it.retry.pause());
    REQUIRE(it.retry.resume());
    CHECK(it.retry.next() == Next::open);
    REQUIRE(it.retry.cancel(it.clock.now()));
    CHECK(it.retry.next() == Next::none);
    it.retry.judge(it.clock.now());
    CHECK(it.retry.state == RetryState::cancelled);
}

TEST_CASE("failures: what is held is released under its own key, what has ended gets a new one",
          "[failures]") {
    Stepped it;
    it.plan(1, DeliveryState::held);
    CHECK(it.retry.batch.front().release);
    CHECK(it.retry.batch.front().next == it.retry.batch.front().old);
    it.plan(1, DeliveryState::expired);
    CHECK_FALSE(it.retry.batch.front().release);
    CHECK(it.retry.batch.front().next != it.retry.batch.front().old);
}

TEST_CASE("failures: a retry reads back as it was written, at each of its places", "[failures]") {
    Stepped it;
    const auto same = [&] {
        const auto read = GroupRetry::from_json(it.retry.to_json());
        REQUIRE(read.has_value());
        CHECK(read->to_json() == it.retry.to_json());
        CHECK(read->next() == it.retry.next());
    };
    same();
    it.plan(1);
    same();
    it.open_all();
    same();
    it.see_all(DeliveryState::read);
    same();
    it.plan(0);
    same();
    auto broken = it.retry.to_json();
    broken.set("state", "sleeping");
    CHECK_FALSE(GroupRetry::from_json(broken).has_value());
}

TEST_CASE("failures: a group is one cause, connection, type and code of the component's",
          "[failures]") {
    ports::FailureCount one;
    one.kind.tenant = core::TenantId("310001007");
    one.kind.code = "altinn.corr_03026";
    one.kind.connection = "altinn-test";
    one.kind.type = "letter/v1";
    one.count = 2;
    one.newest = core::Time(2s);
    one.oldest = core::Time(1s);
    auto same = one;
    same.kind.code = "altinn.corr_03028";   // the same cause
    same.count = 3;
    same.oldest = core::Time(0s);
    auto unknown = one;
    unknown.kind.code = "made.up";
    auto other_unknown = one;
    other_unknown.kind.code = "made.down";
    auto elsewhere = one;
    elsewhere.kind.connection = "altinn-prod";
    const auto groups = failures::groups_of({one, same, unknown, other_unknown, elsewhere});
    REQUIRE(groups.size() == 4);
    CHECK(groups.front().count == 5);
    CHECK(groups.front().kinds.size() == 2);
    CHECK(groups.front().oldest == core::Time(0s));
    CHECK(groups.front().cause.id == "altinn.corr_03026");
    CHECK(groups.front().id == failures::group_id(same.kind));
    CHECK(failures::find_group({one, unknown}, failures::group_id(unknown.kind))->cause.id ==
          "unknown");
    CHECK_FALSE(failures::find_group({one}, "00").has_value());
    for (const char* wrong : {"", ".", "1", "1.x", "-1.0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21"}) {
        CHECK_FALSE(failures::read_cursor(wrong).has_value());
    }
    ports::FailedDelivery last;
    last.at = core::Time(3s);
    CHECK(failures::read_cursor(failures::cursor_of(last)) == std::pair(last.at, last.delivery));
}
