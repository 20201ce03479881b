#include "gateway/view/flow_history.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using ports::FlowFigure;
using view::DeliveryTimes;

namespace {

constexpr int first_bucket = static_cast<int>(FlowFigure::delivery_time);

ports::FlowWay way_of(const char* system, int figure, std::int64_t count) {
    ports::FlowWay way;
    way.system = core::SystemId(system);
    way.type = "letter/v1";
    way.connection = "altinn";
    way.figure = figure;
    way.count = count;
    return way;
}

}   // namespace

TEST_CASE("history: shares of the times to delivery are spread evenly within their buckets") {
    DeliveryTimes times;
    CHECK_FALSE(times.seconds(0.5).has_value());
    times.add(first_bucket + 2, 80);   // two to five seconds
    times.add(first_bucket + 6, 20);   // half a minute to one
    times.add(static_cast<int>(FlowFigure::accepted), 7);
    CHECK(times.messages() == 100);
    CHECK(*times.seconds(0.5) == Approx(2 + 3 * 50.0 / 80));
    CHECK(*times.seconds(0.8) == Approx(5));
    CHECK(*times.seconds(0.9) == Approx(45));
    CHECK(*times.seconds(0.95) == Approx(52.5));
}

TEST_CASE("history: what took longer than the longest is said as the longest") {
    DeliveryTimes times;
    times.add(first_bucket + static_cast<int>(ports::delivery_time_buckets) - 1, 3);
    CHECK(*times.seconds(0.5) == 30 * 86400);
    const auto view = view::delivery_times_view(times);
    CHECK(view["messages"].as_int() == 3);
    CHECK(view["medianSeconds"].as_double() == 30 * 86400);
    CHECK(view::delivery_times_view(DeliveryTimes())["p95Seconds"].is_null());
}

TEST_CASE("history: every hour has its point, those of nothing too") {
    view::FlowHistory history;
    history.query.tenant = core::TenantId("310001007");
    history.query.from = 500'000;
    history.query.until = 500'024;
    history.series.first = 500'003;
    history.series.points = {
        {500'003, 1, 5}, {500'003, 3, 4}, {500'023, 1, 2}, {500'023, first_bucket, 4}};
    history.ways = {way_of("byggesak", 1, 7), way_of("oppvekst", 1, 9)};
    const auto view = view::flow_history_view(history);
    CHECK(view["step"].as_string() == "hour");
    const auto& accepted = view["figures"]["accepted"].items();
    REQUIRE(accepted.size() == 24);
    CHECK(accepted[0].as_int() == 0);
    CHECK(accepted[3].as_int() == 5);
    CHECK(accepted[23].as_int() == 2);
    CHECK(view["totals"]["accepted"].as_int() == 7);
    CHECK(view["totals"]["delivered"].as_int() == 4);
    CHECK(view["totals"]["timeToDelivery"]["messages"].as_int() == 4);
    CHECK(core::parse_rfc3339(view["countedSince"].as_string()).value() ==
          core::Time(std::chrono::hours(500'003)));
    REQUIRE(view["ways"].items().size() == 2);
    CHECK(view["ways"].items().front()["system"].as_string() == "oppvekst");
    CHECK(view["waysLeftOut"].as_int() == 0);
}

TEST_CASE("history: days have their points at their first hour, and the busiest ways are shown") {
    view::FlowHistory history;
    history.query.by_day = true;
    history.query.from = ports::first_hour(20'000);
    history.query.until = ports::first_hour(20'030);
    history.series.points = {{ports::first_hour(20'029), 4, 3}};
    for (int i = 0; i < 250; ++i) {
        history.ways.push_back(way_of(("s" + std::to_string(i)).c_str(), 1, i));
    }
    const auto view = view::flow_history_view(history);
    const auto& failed = view["figures"]["failed"].items();
    REQUIRE(failed.size() == 30);
    CHECK(failed[29].as_int() == 3);
    CHECK(view["ways"].items().size() == 200);
    CHECK(view["waysLeftOut"].as_int() == 50);
    CHECK(view["ways"].items().front()["system"].as_string() == "s249");
    CHECK(view["countedSince"].is_null());
}
