#include "adapters/enhetsregisteret/brreg_updates.hpp"
#include "tests/reference/brreg/reference_samples.hpp"

#include <catch2/catch.hpp>

namespace brreg = gateway::enhetsregisteret;
namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
using brreg_reference::sample;
using brreg_reference::text_of;

namespace {

json::Value read(const std::string& name, bool sub_unit) {
    const auto unit = brreg::read_unit(sample(name), sub_unit);
    CHECK(unit.fault.empty());
    return unit.value;
}

}   // namespace

TEST_CASE("brreg reference: the samples of units are understood") {
    const auto unit = read("enheter-details-response.json", false);
    CHECK(unit["number"].as_string() == "112233445");
    CHECK(unit["name"].as_string() == "SESAM STASJON");
    CHECK(unit["form"]["code"].as_string() == "AS");
    CHECK(unit["status"].as_string() == "active");
    CHECK(unit["addresses"]["postal"]["lines"].items().size() == 2);   // empty lines are not told
    CHECK(unit["addresses"]["business"]["lines"].items().size() == 1);
    CHECK(unit["employees"].as_int() == 50);
    CHECK(unit["language"].as_string() == "nb");
    CHECK(unit["registered"]["vat"].as_bool());
    const auto deleted = read("enheter-details-deleted-response.json", false);
    CHECK(deleted["status"].as_string() == "deleted");
    CHECK(deleted["deletedAt"].as_string() == "2017-10-20");
}

TEST_CASE("brreg reference: the samples of sub-units are understood") {
    const auto unit = read("underenheter-details-response.json", true);
    CHECK(unit["subUnit"].as_bool());
    CHECK(unit["parent"].as_string() == "112233445");
    CHECK(unit["ceasedAt"].as_string() == "2018-10-20");
    CHECK(unit["addresses"]["business"]["postalCode"].as_string() == "0122");
    const auto deleted = read("underenheter-details-deleted-response.json", true);
    CHECK(deleted["status"].as_string() == "deleted");
    CHECK(deleted["ceasedAt"].as_string() == "2017-10-05");
}

TEST_CASE("brreg reference: the samples of searches are understood, the empty ones too") {
    const brreg::Settings settings;
    const auto found = [&](const char* name, brreg::Kind kind,
                           const std::vector<std::string>& asked) {
        const auto body = text_of(std::string("samples/") + name);
        return brreg::read_search(settings, sdk::HttpResponse(200, body), kind, asked,
                                  core::Time());
    };
    const auto one =
        found("enheter-search-response.json", brreg::Kind::unit, {"112233445", "310000019"});
    CHECK_FALSE(one.failure);
    CHECK(one.replies.size() == 1);
    const auto none = found("enheter-search-empty-response.json", brreg::Kind::unit, {"112233445"});
    CHECK_FALSE(none.failure);
    CHECK(none.replies.empty());
    const auto sub =
        found("underenheter-search-response.json", brreg::Kind::sub_unit, {"334455660"});
    CHECK(sub.replies.at("334455660").entry.value["parent"].as_string() == "443322119");
    CHECK_FALSE(
        found("underenheter-search-empty-response.json", brreg::Kind::sub_unit, {"1"}).failure);
    // Each of a page that tells of more than it has is understood by itself.
    for (const char* page :
         {"enheter-search-page1-response.json", "enheter-search-page2-response.json"}) {
        const auto answer = sample(page);
        for (const auto& entry : answer["_embedded"]["enheter"].items()) {
            CHECK(brreg::read_unit(entry, false).fault.empty());
        }
    }
}

TEST_CASE("brreg reference: the samples of roles are understood") {
    const auto persons = brreg::read_roles(sample("enheter-roller-person-response.json"));
    CHECK(persons.fault.empty());
    CHECK(persons.number == "810004622");
    const auto& chair = persons.value["roles"].items().at(0);
    CHECK(chair["role"]["code"].as_string() == "LEDE");
    CHECK(chair["person"]["name"]["last"].as_string() == "Olsen");
    CHECK(chair["person"]["birthDate"].as_string() == "1981-01-01");
    CHECK(chair["electedBy"]["code"].as_string() == "A-AK");
    const auto units = brreg::read_roles(sample("enheter-roller-enhet-response.json"));
    CHECK(units.fault.empty());
    REQUIRE(units.value["roles"].items().size() == 2);
    CHECK(units.value["roles"].items()[1]["organisation"]["number"].as_string() == "810004282");
    CHECK(units.value["roles"].items()[1]["share"].as_string() == "50%");
}

TEST_CASE("brreg reference: the sample of updates is understood") {
    const auto updates = brreg::read_updates(
        sdk::HttpResponse(200, text_of("samples/oppdateringer-enheter.derived.json")),
        brreg::Kind::unit, 24720423, 20);
    REQUIRE_FALSE(updates.failure);
    REQUIRE(updates.changes.size() == 2);
    CHECK(updates.last == 24720424);
    CHECK(updates.changes[0].key == "112233445");
    CHECK(updates.changes[1].events == std::vector<std::string>{"organisation.deleted"});
}
