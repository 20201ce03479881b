// What is left of a record: never more than was allowed.

#include "gateway/records/fields.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace gateway;
using namespace gateway::records;

namespace {

const Dataset& person() {
    return *DatasetCatalogue::current().find("person");
}

json::Value address(bool graded) {
    auto value = json::Value::object();
    value.set("street", "Storgata 1");
    if (graded) {
        value.set("graded", true);
    }
    return value;
}

json::Value record(const char* protection, bool residence_graded = false) {
    auto addresses = json::Value::object();
    addresses.set("residence", address(residence_graded)).set("postal", address(false));
    auto names = json::Value::object();
    names.set("first", "Kari").set("last", "Nordmann");
    auto value = json::Value::object();
    value.set("names", std::move(names)).set("addresses", std::move(addresses));
    value.set("municipality", "3101");
    if (protection != nullptr) {
        value.set("protection", protection);
    }
    return value;
}

}   // namespace

TEST_CASE("fields: what is named whole or in part is left, and nothing else") {
    const auto left = minimise(person(), record("none"), {"names", "addresses.postal"}, false);
    CHECK(json::write_canonical(left.values) ==
          R"({"addresses":{"postal":{"street":"Storgata 1"}},)"
          R"("names":{"first":"Kari","last":"Nordmann"}})");
    CHECK(left.given == Fields{"names", "addresses.postal"});
    const auto whole = minimise(person(), record("none"), {"addresses", "addresses.postal"}, false);
    CHECK(whole.given == Fields{"addresses"});
    CHECK(whole.values["addresses"].members().size() == 2);
    CHECK(left.withheld.empty());
    CHECK(minimise(person(), record("none"), {}, true).values.members().empty());
    CHECK(
        minimise(person(), record("none"), {"unknown", "names.unknown", "addresses.unknown"}, true)
            .given.empty());
}

TEST_CASE("fields: whoever the register protects has no address to a purpose without the right") {
    for (const char* protection : {"client", "confidential", "strictly-confidential", "new-word"}) {
        const auto left = minimise(person(), record(protection),
                                   {"names", "addresses.residence", "municipality"}, false);
        CHECK(left.given == Fields{"names"});
        CHECK(left.withheld == Fields{"addresses.residence", "municipality"});
        const auto with_right =
            minimise(person(), record(protection), {"addresses.residence"}, true);
        CHECK(with_right.given == Fields{"addresses.residence"});
    }
}

TEST_CASE("fields: without the register's word on protection no address is given") {
    const auto left = minimise(person(), record(nullptr), {"addresses", "names"}, false);
    CHECK(left.given == Fields{"names"});
    CHECK(left.withheld == Fields{"addresses"});
}

TEST_CASE("fields: an address that is marked by itself is withheld, the others are not") {
    const auto left = minimise(person(), record("none", true), {"addresses"}, false);
    CHECK(left.withheld == Fields{"addresses"});
    CHECK(json::write(left.values) == R"({"addresses":{"postal":{"street":"Storgata 1"}}})");
    const auto part = minimise(person(), record("none", true), {"addresses.residence"}, false);
    CHECK(part.given.empty());
    CHECK(part.withheld == Fields{"addresses.residence"});
}

TEST_CASE("fields: of any record, purpose and question, never more than was allowed is left") {
    std::mt19937 random(std::random_device{}());
    const auto seed = random();
    INFO("seed " << seed);
    random.seed(seed);
    const auto& catalogue = DatasetCatalogue::current();
    const auto ids = catalogue.ids();
    int gave = 0;
    for (int round = 0; round < 4000; ++round) {
        const auto& dataset = *catalogue.find(ids[random() % ids.size()]);
        const auto names = dataset.field_names();
        Fields allowed;
        Fields asked;
        json::Value values = json::Value::object();
        for (const auto& [name, facts] : dataset.fields) {
            if (random() % 4 == 0) {
                continue;
            }
            if (facts.members.empty() || random() % 8 == 0) {
                values.set(name, "secret");
                continue;
            }
            auto parts = json::Value::object();
            for (const auto& member : facts.members) {
                auto leaf = json::Value::object();
                leaf.set("text", "secret");
                if (facts.graded && random() % 3 == 0) {
                    leaf.set("graded", true);
                }
                parts.set(member, std::move(leaf));
            }
            parts.set("not in the catalogue", "secret");
            values.set(name, std::move(parts));
        }
        values.set("not in the catalogue", "secret");
        if (!dataset.grading.empty()) {
            const char* words[] = {"none", "client", "confidential", "strictly-confidential"};
            values.set(dataset.grading, words[random() % 4]);
        }
        for (const auto& name : names) {
            if (random() % 3 == 0) {
                allowed.insert(name);
            }
            if (random() % 3 == 0) {
                asked.insert(name);
            }
        }
        std::erase_if(asked, [&](const auto& field) { return !covers(allowed, field); });
        const bool right = random() % 4 == 0;
        const auto left = minimise(dataset, values, asked, right);
        for (const auto& [name, value] : left.values.members()) {
            ++gave;
            if (asked.contains(name)) {
                CHECK(covers(allowed, name));
            } else {
                for (const auto& [member, below] : value.members()) {
                    REQUIRE(covers(allowed, name + "." + member));
                    REQUIRE(asked.contains(name + "." + member));
                }
                REQUIRE(value.is_object());
            }
        }
        if (!right) {
            REQUIRE(json::write(left.values).find("graded") == std::string::npos);
            const bool hides =
                !dataset.grading.empty() && values[dataset.grading].as_string() != "none";
            for (const auto& field : left.given) {
                REQUIRE_FALSE((hides && dataset.field(field)->graded));
            }
        }
    }
    CHECK(gave > 4000);
}
