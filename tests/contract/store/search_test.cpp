#include "gateway/ports/search_by_id.hpp"
#include "gateway/store/sqlite/operations.hpp"
#include "worlds.hpp"

#include <set>

using namespace tests;

namespace {

ports::SearchQuery in_oslo() {
    ports::SearchQuery query;
    query.tenant = oslo;
    return query;
}

template <class W>
std::vector<core::MessageId> find(W& world, const ports::SearchQuery& query) {
    const auto page = world.run(world.store->search(query));
    REQUIRE(page.has_value());
    std::vector<core::MessageId> ids;
    for (const auto& item : page->items) {
        ids.push_back(item.id);
    }
    return ids;
}

}   // namespace

TEMPLATE_TEST_CASE("store: each filter of a search leaves what fits it", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    auto plain = world.letter(oslo);
    world.accept(plain);
    world.clock.advance(1min);
    auto token = world.letter(oslo);
    token.tokens.emplace_back(std::uint8_t{1}, "reference");
    token.system = gerica;
    world.accept(token);
    world.clock.advance(1min);
    auto other_type = world.letter(oslo);
    other_type.type = "transfer/v1";
    other_type.delivery.connection = svarut;
    other_type.tokens.emplace_back(std::uint8_t{1}, "other reference");
    world.accept(other_type);
    world.accept(world.letter(bergen));
    CHECK(*world.run(world.store->cancel(world.cancel(plain, false))) ==
          ports::CancelAnswer::cancelled);

    using Ids = std::vector<core::MessageId>;
    CHECK(find(world, in_oslo()) == Ids{other_type.message, token.message, plain.message});
    auto query = in_oslo();
    query.system = gerica;
    CHECK(find(world, query) == Ids{token.message});
    query = in_oslo();
    query.token = ports::SearchToken(1, "reference");
    CHECK(find(world, query) == Ids{token.message});
    query.system = visma;
    CHECK(find(world, query).empty());
    query = in_oslo();
    query.token = ports::SearchToken(2, "reference");
    CHECK(find(world, query).empty());
    query = in_oslo();
    query.type = "transfer/v1";
    CHECK(find(world, query) == Ids{other_type.message});
    query = in_oslo();
    query.state = DeliveryState::cancelled;
    CHECK(find(world, query) == Ids{plain.message});
    query.state = DeliveryState::queued;
    query.type = "letter/v1";
    CHECK(find(world, query) == Ids{token.message});
    query = in_oslo();
    query.connection = svarut;
    CHECK(find(world, query) == Ids{other_type.message});
    query = in_oslo();
    query.from = token.at;
    CHECK(find(world, query) == Ids{other_type.message, token.message});
    query.until = other_type.at;
    CHECK(find(world, query) == Ids{token.message});
}

TEMPLATE_TEST_CASE("store: pages of a search follow each other without gap or repetition",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    std::vector<core::MessageId> sent;
    for (int i = 0; i < 25; ++i) {
        auto letter = world.letter(oslo);
        letter.tokens.emplace_back(std::uint8_t{2}, "case");
        world.accept(letter);
        sent.insert(sent.begin(), letter.message);
        if (i % 3 == 0) {
            world.clock.advance(1s);   // several at one moment
        }
    }
    for (const bool by_token : {false, true}) {
        auto query = in_oslo();
        query.limit = 7;
        query.until = world.now() + 1h;
        if (by_token) {
            query.token = ports::SearchToken(2, "case");
        }
        std::vector<core::MessageId> seen;
        for (int pages = 0; pages < 10; ++pages) {
            const auto page = world.run(world.store->search(query));
            REQUIRE(page.has_value());
            for (const auto& item : page->items) {
                CHECK(item.deliveries.size() == 1);
                seen.push_back(item.id);
            }
            world.accept(world.letter(oslo));   // newer ones do not move the pages
            query.cursor = page->next;
            if (page->next.empty()) {
                break;
            }
        }
        if (by_token) {
            CHECK(seen == sent);
        } else {
            CHECK(std::vector<core::MessageId>(seen.end() - 25, seen.end()) == sent);
        }
    }
}

TEMPLATE_TEST_CASE("store: a cursor that the store did not give is refused", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    auto query = in_oslo();
    query.cursor = GENERATE("x", "00000000000000000000000000000000000000000000000g",
                            "'; DROP TABLE message; --");
    CHECK(world.fails(Errc::invalid_argument, world.store->search(query)));
}

TEMPLATE_TEST_CASE("store: a reference that reads as an id finds what has it and whose id it is",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto named = world.letter(oslo);
    world.accept(named);
    const auto other = world.letter(oslo);
    world.accept(other);
    std::vector<core::MessageId> expected{named.message};
    for (int i = 0; i < 4; ++i) {   // answers that refer to it, two at one moment
        auto answer = world.letter(oslo);
        answer.tokens.emplace_back(std::uint8_t{1}, "its id");
        answer.system = i == 0 ? gerica : visma;
        world.accept(answer);
        expected.insert(expected.begin(), answer.message);
        world.clock.advance(i % 2 == 0 ? 0s : 1s);
    }
    auto query = in_oslo();
    query.token = ports::token_or_id(ports::SearchToken(1, "its id"), named.message);
    CHECK(find(world, query) == expected);
    query.limit = 2;
    std::vector<core::MessageId> seen;
    for (int pages = 0; pages < 4; ++pages) {
        const auto page = world.run(world.store->search(query));
        REQUIRE(page.has_value());
        for (const auto& item : page->items) {
            seen.push_back(item.id);
        }
        query.cursor = page->next;
        if (page->next.empty()) {
            break;
        }
    }
    CHECK(seen == expected);
    query.cursor.clear();
    query.system = gerica;
    CHECK(find(world, query).size() == 1);   // the other filters hold for both
    query.system.reset();
    query.tenant = bergen;
    CHECK(find(world, query).empty());
    query = in_oslo();
    query.token = ports::token_or_id(ports::SearchToken(1, "nobody's"), other.message);
    CHECK(find(world, query) == std::vector<core::MessageId>{other.message});
}

TEST_CASE("store: no search scans and none sorts, whatever its filters", "[contract]") {
    World<InSqlite> world;
    gateway::store::sqlite::OpenOptions options;
    options.path = world.kind.path();
    auto opened = gateway::store::sqlite::Database::open(options);
    REQUIRE(opened.has_value());
    auto& db = **opened;
    for (unsigned filters = 0; filters < 32; ++filters) {
        auto query = in_oslo();
        if ((filters & 1U) != 0) {
            query.system = visma;
        }
        if ((filters & 2U) != 0) {
            query.token = ports::SearchToken(1, "t");
        }
        if ((filters & 4U) != 0) {
            query.type = "letter/v1";
        }
        if ((filters & 8U) != 0) {
            query.state = DeliveryState::failed;
        }
        if ((filters & 16U) != 0) {
            query.connection = altinn;
        }
        INFO(gateway::store::sqlite::search_sql(query));
        auto rows = db.query("EXPLAIN QUERY PLAN " + gateway::store::sqlite::search_sql(query));
        int steps = 0;
        while (rows.next()) {
            ++steps;
            INFO(rows.text(3));
            CHECK(rows.text(3).find("SCAN") == std::string::npos);
            CHECK(rows.text(3).find("TEMP B-TREE") == std::string::npos);
        }
        CHECK(steps > 0);
        CHECK_FALSE(db.failure().has_value());
    }
}
