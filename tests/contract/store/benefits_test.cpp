#include "gateway/ports/benefit_store.hpp"
#include "worlds.hpp"

using namespace tests;
using std::chrono::days;
using std::chrono::sys_days;

namespace {

ports::BenefitKey benefit_of(const core::TenantId& tenant, const core::SystemId& system,
                             const char* how) {
    ports::BenefitKey key;
    key.tenant = tenant;
    key.system = system;
    key.what = "person";
    key.how = how;
    return key;
}

}   // namespace

TEMPLATE_TEST_CASE("benefits: figures of a day add up, and outlive the process", "", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto today = std::chrono::floor<days>(world.now());
    const auto kept = today - days(400);
    CHECK(world.run(ports::benefit_store_of(*world.store).benefits({}, {}))->counts.empty());
    CHECK_FALSE(
        world.run(ports::benefit_store_of(*world.store).benefits({}, {}))->first.has_value());
    const auto held = benefit_of(oslo, visma, "held");
    const auto fetched = benefit_of(oslo, gerica, "fetched");
    const std::vector<ports::BenefitCount> first{{held, 3}, {fetched, 1}};
    const std::vector<ports::BenefitCount> second{{held, 2}};
    auto& store = ports::benefit_store_of(*world.store);
    REQUIRE(world.run(store.add_benefits(today - days(1), first, kept)).has_value());
    REQUIRE(world.run(store.add_benefits(today, second, kept)).has_value());
    REQUIRE(world.run(store.add_benefits(today, second, kept)).has_value());
    if (TestType::durable) {
        world.run(world.store->close()).value();
        world.store = world.kind.open();
    }
    auto& again = ports::benefit_store_of(*world.store);
    const auto all = world.run(again.benefits({}, {}));
    REQUIRE(all.has_value());
    CHECK((all->first == today - days(1)));
    CHECK((all->counts == std::vector<ports::BenefitCount>{{fetched, 1}, {held, 7}}));
    const auto now = world.run(again.benefits(today, today));
    CHECK((now->counts == std::vector<ports::BenefitCount>{{held, 4}}));
    CHECK(world.run(again.benefits(today + days(1), {}))->counts.empty());
}

TEMPLATE_TEST_CASE("benefits: days long ago become one sum, and nothing is lost of it", "",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto today = std::chrono::floor<days>(world.now());
    const auto held = benefit_of(bergen, visma, "held");
    auto& store = ports::benefit_store_of(*world.store);
    const std::vector<ports::BenefitCount> one{{held, 1}};
    for (int ago = 20; ago >= 0; --ago) {
        const auto day = today - days(ago);
        REQUIRE(world.run(store.add_benefits(day, one, day - days(5))).has_value());
    }
    const auto all = world.run(store.benefits({}, {}));
    CHECK((all->first == today - days(20)));
    CHECK((all->counts == std::vector<ports::BenefitCount>{{held, 21}}));
    CHECK(world.run(store.benefits(today - days(20), today - days(20)))->counts.front().count ==
          15);
    CHECK(world.run(store.benefits(today - days(19), today - days(6)))->counts.empty());
    CHECK(world.run(store.benefits(today - days(5), {}))->counts.front().count == 6);
}
