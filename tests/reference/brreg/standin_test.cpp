// The stand-in's answers held against the official document's schema of a unit, and against the
// samples: the same members, of the same kinds.

#include "gateway/json/schema.hpp"
#include "tests/contract/standins/child.hpp"
#include "tests/reference/brreg/reference_samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace json = gateway::json;
using brreg_reference::sample;
using brreg_reference::text_of;
using gateway::tests::standins::Child;
using gateway::tests::standins::get;
using gateway::tests::standins::TemporaryFolder;
using json::Value;

namespace {

/// The document as a schema of one of its parts; references within it hold as they stand.
json::Schema schema_of(const char* part) {
    Value document = *json::parse(text_of("enhetsregisteret-openapi-2018.json"));
    Value reference;
    reference.set("$ref", std::string("#/components/schemas/") + part);
    document.set("allOf", Value::array().push(std::move(reference)));
    auto compiled = json::Schema::compile(json::write(document));
    REQUIRE(compiled.has_value());
    return std::move(*compiled);
}

const char* kind_of(const Value& value) {
    if (value.is_object()) {
        return "object";
    }
    if (value.is_array()) {
        return "array";
    }
    return value.is_string() ? "text" : value.is_bool() ? "bool" : "number";
}

/// What both have is of the same kind, all the way down.
void compare(const Value& ours, const Value& theirs, const std::string& where) {
    INFO(where);
    if (ours.is_null() || theirs.is_null()) {
        return;   // a line of an address
    }
    REQUIRE(std::string(kind_of(ours)) == kind_of(theirs));
    for (const auto& [name, value] : ours.members()) {
        if (const Value* known = theirs.find(name)) {
            compare(value, *known, where + "/" + name);
        }
    }
    if (!ours.items().empty() && !theirs.items().empty()) {
        compare(ours.items().front(), theirs.items().front(), where + "/0");
    }
}

/// Every member that the sample has, the answer has too, but those that may lack.
void check_members(const Value& ours, const Value& theirs, const std::vector<std::string>& may_lack,
                   const std::string& where) {
    for (const auto& [name, value] : theirs.members()) {
        INFO(where << "/" << name);
        const bool free = std::find(may_lack.begin(), may_lack.end(), name) != may_lack.end();
        CHECK((free || ours.has(name)));
    }
    compare(ours, theirs, where);
}

struct Running {
    Running() : child("enhetsregisteret", folder.path(), {"--units", "300"}) {}
    Value answer(const std::string& path) const {
        const auto got = get(child.url() + "/enhetsregisteret/api" + path);
        REQUIRE(got.status == 200);
        return got.json();
    }
    std::string number(std::size_t place) const {
        return child.state()["first"].items().at(place)["organisasjonsnummer"].as_string();
    }

    TemporaryFolder folder;
    Child child;
};

}   // namespace

TEST_CASE("brreg reference: every unit of the stand-in's holds by the official schema") {
    const Running brreg;
    const auto schema = schema_of("Enhet");
    const Value page = brreg.answer("/enheter?size=300");
    REQUIRE(page["_embedded"]["enheter"].items().size() == 300);
    for (const Value& unit : page["_embedded"]["enheter"].items()) {
        INFO(json::write(unit));
        CHECK(schema.check(unit).empty());
    }
    // It would see one that does not hold.
    Value wrong = page["_embedded"]["enheter"].items().front();
    wrong.set("konkurs", "nei");
    CHECK_FALSE(schema.check(wrong).empty());
}

TEST_CASE("brreg reference: the stand-in's answers have the samples' members, of the same kinds") {
    const Running brreg;
    const std::string number = brreg.number(0);
    check_members(brreg.answer("/enheter/" + number), sample("enheter-details-response.json"),
                  {"konkursdato", "vedtektsdato", "vedtektsfestetFormaal", "aktivitet"}, "unit");
    const Value subs = brreg.answer("/underenheter?size=20");
    check_members(subs["_embedded"]["underenheter"].items().back(),
                  sample("underenheter-details-response.json"), {"postadresse"}, "sub-unit");
    check_members(subs, sample("underenheter-search-response.json"), {}, "sub-units");
    check_members(brreg.answer("/enheter?size=1"), sample("enheter-search-response.json"), {},
                  "search");
    check_members(brreg.answer("/enheter?navn=finnesikke"),
                  sample("enheter-search-empty-response.json"), {}, "nothing found");
    const std::string partnership = brreg.number(3);
    const Value roles = brreg.answer("/enheter/" + partnership + "/roller");
    check_members(roles, sample("enheter-roller-person-response.json"), {}, "roles");
    const Value theirs = sample("enheter-roller-enhet-response.json");
    check_members(roles["rollegrupper"].items().at(1)["roller"].items().at(0),
                  theirs["rollegrupper"].items().at(0)["roller"].items().at(0), {}, "partner");
    Value command;
    command.set("number", number).set("act", "rename");
    REQUIRE(brreg.child.command("/control/unit", command).status == 200);
    const Value updates = brreg.answer("/oppdateringer/enheter?includeChanges=true");
    check_members(updates, sample("oppdateringer-enheter.derived.json"), {}, "updates");
    command.set("act", "delete");
    REQUIRE(brreg.child.command("/control/unit", command).status == 200);
    check_members(brreg.answer("/enheter/" + number),
                  sample("enheter-details-deleted-response.json"), {}, "deleted");
}
