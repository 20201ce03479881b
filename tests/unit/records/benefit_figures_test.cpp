#include "gateway/records/benefit_figures.hpp"

#include "gateway/store/memory/memory_store.hpp"
#include "world.hpp"

using namespace tests;
using namespace tests::records;

namespace {

/// A life of the process: counters that begin at nought over a store that does not.
struct Life {
    explicit Life(ports::Store& store, ManualClock& clock)
        : figures(ports::benefit_store_of(store), metrics, clock, log) {}

    void answered(const char* how, std::uint64_t by) {
        metrics.count(
            ports::answers_counter,
            {{"tenant", "958935420"}, {"system", "skole"}, {"dataset", "person"}, {"how", how}},
            by);
    }
    std::uint64_t total(std::string_view counter) const {
        std::uint64_t sum = 0;
        for (const auto& [labels, count] : metrics.counted(counter)) {
            sum += count;
        }
        return sum;
    }

    gateway::runtime::MetricsRegistry metrics;
    RecordingLog log;
    gateway::records::BenefitFigures figures;
};

}   // namespace

TEST_CASE("benefits: counters go on after a restart from where they were last written down") {
    boost::asio::io_context io;
    ManualClock clock;
    const auto store = gateway::store::make_memory_store();
    {
        Life life(*store, clock);
        run(io, life.figures.read());
        life.answered("held", 5);
        life.answered("fetched", 1);
        life.metrics.count(
            ports::life_events_counter,
            {{"tenant", "958935420"}, {"system", "skole"}, {"event", "person.moved"}}, 2);
        run(io, life.figures.write());
        run(io, life.figures.write());   // nothing new: nothing twice
        life.answered("held", 1);        // and then it is killed
    }
    clock.jump(std::chrono::hours(48));
    Life life(*store, clock);
    life.answered("held", 10);   // before the store was read: not lost, and not taken for old
    run(io, life.figures.read());
    CHECK(life.total(ports::answers_counter) == 16);
    CHECK(life.total(ports::life_events_counter) == 2);
    const auto labels = life.metrics.counted(ports::life_events_counter).front().first;
    CHECK(labels ==
          core::Params{{"tenant", "958935420"}, {"system", "skole"}, {"event", "person.moved"}});
    run(io, life.figures.write());
    auto& kept = ports::benefit_store_of(*store);
    const auto today = std::chrono::floor<std::chrono::days>(clock.now());
    const auto of_today = run(io, kept.benefits(today, today));
    REQUIRE(of_today->counts.size() == 1);
    CHECK(of_today->counts.front().count == 10);
    CHECK(of_today->counts.front().key.how == "held");
}
