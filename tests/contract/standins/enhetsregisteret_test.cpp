#include "gateway/core/ids.hpp"
#include "tests/contract/standins/child.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

#include <set>

namespace gateway::tests::standins {

using json::Value;

namespace {

struct Brreg {
    explicit Brreg(const std::vector<std::string>& options = {"--units", "400"})
        : child("enhetsregisteret", folder.path(), options) {}

    std::string api(const std::string& path) const {
        return child.url() + "/enhetsregisteret/api" + path;
    }
    Answer get_it(const std::string& path) const { return get(api(path)); }
    Value unit(std::size_t place) const { return child.state()["first"].items().at(place); }
    std::string number(std::size_t place) const {
        return unit(place)["organisasjonsnummer"].as_string();
    }
    Answer change(const std::string& number, const char* act) const {
        return child.command("/control/unit",
                             Value::object().set("number", number).set("act", act));
    }
    Value updates_from(std::int64_t id, const std::string& more = "") const {
        return get_it("/oppdateringer/enheter?oppdateringsid=" + std::to_string(id) + more).json();
    }
    static const json::Array& told(const Value& page) {
        return page["_embedded"]["oppdaterteEnheter"].items();
    }

    TemporaryFolder folder;
    Child child;
};

std::string unpack(const std::string& packed) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string plain(32U << 20U, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    const int result = inflate(&stream, Z_FINISH);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    REQUIRE(result == Z_STREAM_END);
    return plain;
}

}   // namespace

TEST_CASE("enhetsregisteret stand-in: one unit, a deleted one, a removed one and none") {
    const Brreg brreg;
    const std::string number = brreg.number(0);
    const Answer found = brreg.get_it("/enheter/" + number);
    REQUIRE(found.status == 200);
    CHECK(found.json()["organisasjonsnummer"].as_string() == number);
    CHECK(core::is_organisation_number(number));
    CHECK(brreg.get_it("/underenheter/" + number).status == 404);
    CHECK(brreg.get_it("/enheter/310000019").status == 404);
    CHECK(brreg.get_it("/enheter/31000001").status == 400);
    CHECK(brreg.change(number, "delete").status == 200);
    const Value deleted = brreg.get_it("/enheter/" + number).json();
    CHECK(deleted.has("slettedato"));
    CHECK_FALSE(deleted.has("naeringskode1"));
    CHECK(brreg.change(brreg.number(1), "remove").status == 200);
    CHECK(brreg.child.state()["first"].items()[1].has("removed"));
    CHECK(brreg.change(number, "rename").status == 400);
}

TEST_CASE("enhetsregisteret stand-in: a search finds those that are not deleted, page by page") {
    const Brreg brreg;
    const auto total = [&](const std::string& query) {
        return brreg.get_it("/enheter?" + query).json()["page"]["totalElements"].as_int();
    };
    CHECK(total("size=1") == 400);
    const std::string one = brreg.number(0);
    const std::string two = brreg.number(1);
    CHECK(total("organisasjonsnummer=" + one + "," + two + ",310000019") == 2);
    brreg.change(one, "delete");
    CHECK(total("organisasjonsnummer=" + one + "," + two) == 1);
    CHECK(total("size=1") == 399);
    std::set<std::string> seen;
    for (int page = 0; page < 5; ++page) {
        const Value answer = brreg.get_it("/enheter?size=100&page=" + std::to_string(page)).json();
        for (const Value& unit : answer["_embedded"]["enheter"].items()) {
            seen.insert(unit["organisasjonsnummer"].as_string());
        }
        CHECK(answer["page"]["totalPages"].as_int() == 4);
    }
    CHECK(seen.size() == 399);
    CHECK(total("kommunenummer=0301") > 0);
    CHECK(total("organisasjonsform=AS&navn=nordlys") > 0);
    CHECK_FALSE(brreg.get_it("/enheter?navn=finnesikke").json().has("_embedded"));
}

TEST_CASE("enhetsregisteret stand-in: nothing is given beyond 10 000") {
    const Brreg brreg;
    for (const char* path : {"/enheter", "/underenheter", "/oppdateringer/enheter"}) {
        const std::string base = path;
        CHECK(brreg.get_it(base + "?size=10000").status == 200);
        CHECK(brreg.get_it(base + "?size=10001").status == 400);
        CHECK(brreg.get_it(base + "?size=1000&page=9").status == 200);
        CHECK(brreg.get_it(base + "?size=1000&page=10").status == 400);
        CHECK(brreg.get_it(base + "?size=0").status == 400);
        CHECK(brreg.get_it(base + "?size=x").status == 400);
    }
}

TEST_CASE(
    "enhetsregisteret stand-in: updates rise, include the id asked from, and survive a kill") {
    Brreg brreg;
    const std::int64_t before = brreg.child.state()["last_unit_update"].as_int();
    REQUIRE(Brreg::told(brreg.updates_from(before)).size() == 1);
    CHECK_FALSE(brreg.updates_from(before + 1).has("_embedded"));
    brreg.change(brreg.number(0), "rename");
    brreg.change(brreg.number(2), "move");
    brreg.change(brreg.number(3), "delete");
    brreg.change(brreg.number(4), "remove");
    const Value page = brreg.updates_from(before + 1, "&includeChanges=true");
    const auto& told = Brreg::told(page);
    REQUIRE(told.size() == 4);
    CHECK(told[0]["endringstype"].as_string() == "Endring");
    CHECK(told[2]["endringstype"].as_string() == "Sletting");
    CHECK(told[3]["endringstype"].as_string() == "Fjernet");
    CHECK(told[0]["oppdateringsid"].as_int() < told[1]["oppdateringsid"].as_int());
    CHECK(told[0]["endringer"].items().size() > 0);
    CHECK_FALSE(Brreg::told(brreg.updates_from(before + 1))[0].has("endringer"));
    CHECK(brreg.get_it("/oppdateringer/enheter?dato=2999-01-01T00:00:00.000Z")
              .json()["page"]["totalElements"]
              .as_int() == 0);
    brreg.child.kill();
    const Child again("enhetsregisteret", brreg.folder.path(), {"--units", "400"});
    CHECK(again.state()["last_unit_update"].as_int() == told[3]["oppdateringsid"].as_int());
}

TEST_CASE("enhetsregisteret stand-in: what is created is found, and told as new") {
    const Brreg brreg;
    const Answer made = brreg.child.command("/control/unit", object(R"({"act":"create"})"));
    const std::string number = made.json()["number"].as_string();
    CHECK(core::is_organisation_number(number));
    CHECK(brreg.get_it("/enheter/" + number).status == 200);
    const Answer sub =
        brreg.child.command("/control/unit", object(R"({"act":"create","sub_unit":true})"));
    const Value unit = brreg.get_it("/underenheter/" + sub.json()["number"].as_string()).json();
    CHECK(unit["overordnetEnhet"].as_string() == brreg.number(0));
    const Value told = brreg.get_it("/oppdateringer/underenheter").json();
    CHECK(told["_embedded"]["oppdaterteUnderenheter"].items().size() == 1);
}

TEST_CASE("enhetsregisteret stand-in: the dump is gzip of everybody who is not deleted") {
    const Brreg brreg({"--units", "1500"});
    brreg.change(brreg.number(0), "delete");
    const Answer answer = brreg.get_it("/enheter/lastned");
    REQUIRE(answer.status == 200);
    json::ParseLimits limits;
    limits.bytes_max = 32U << 20U;
    limits.values_max = 10'000'000;
    const auto all = json::parse(unpack(answer.body), limits);
    REQUIRE(all.has_value());
    CHECK(all->items().size() == 1499);
    brreg.child.command("/control/faults", object(R"({"kind":"dump_cut","bytes":500})"));
    CHECK(brreg.get_it("/enheter/lastned").body.size() <= 500);
}

TEST_CASE("enhetsregisteret stand-in: roles are a unit's, and have those who left in them") {
    const Brreg brreg;
    const Value roles = brreg.get_it("/enheter/" + brreg.number(3) + "/roller").json();
    CHECK(roles["rollegrupper"].items().size() == 2);
    CHECK(roles["rollegrupper"].items()[0]["roller"].items().size() == 3);
    CHECK(brreg.get_it("/enheter/310000019/roller").status == 404);
}

}   // namespace gateway::tests::standins
