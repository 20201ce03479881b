#include "adapters/fiks_io/arkiv/arkiv_time.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::fiks_io;

namespace {

std::string read(const char* text) {
    const auto at = arkiv::archive_time(text);
    return at ? core::to_rfc3339(*at) : "(none)";
}

}   // namespace

TEST_CASE("arkiv time: a time without a zone is Norwegian, in summer and in winter") {
    CHECK(read("2026-01-06T12:00:00") == "2026-01-06T11:00:00.000Z");
    CHECK(read("2026-07-06T12:00:00.25") == "2026-07-06T10:00:00.250Z");
    CHECK(read("2026-07-06T12:00:00+05:30") == "2026-07-06T06:30:00.000Z");
    CHECK(read("2026-03-29T01:59:59") == "2026-03-29T00:59:59.000Z");
    CHECK(read("2026-03-29T03:00:00") == "2026-03-29T01:00:00.000Z");
    CHECK(read("2026-10-25T01:59:59") == "2026-10-24T23:59:59.000Z");
    CHECK(read("2026-10-25T02:30:00") == "2026-10-25T01:30:00.000Z");
    CHECK(read("2026-10-25T03:00:00") == "2026-10-25T02:00:00.000Z");
    for (const char* text : {"", "2026-01-06", "2026-02-30T10:00:00", "noon"}) {
        CHECK(read(text) == "(none)");
    }
}

TEST_CASE("arkiv time: a day is the one in Norway") {
    const auto day = [](const char* text) {
        return arkiv::norwegian_date(core::parse_rfc3339(text).value());
    };
    CHECK(day("2026-01-05T22:59:59Z") == "2026-01-05");
    CHECK(day("2026-01-05T23:00:00Z") == "2026-01-06");
    CHECK(day("2026-07-05T21:59:59Z") == "2026-07-05");
    CHECK(day("2026-07-05T22:00:00Z") == "2026-07-06");
}

TEST_CASE("arkiv time: a date may have a zone, which is left out") {
    CHECK(arkiv::archive_date("2026-01-05") == "2026-01-05");
    CHECK(arkiv::archive_date("2026-01-05Z") == "2026-01-05");
    CHECK(arkiv::archive_date("2026-01-05+01:00") == "2026-01-05");
    for (const char* text : {"", "2026-02-30", "2026-01-05T10:00:00", "2026-01-05+0100"}) {
        CHECK_FALSE(arkiv::archive_date(text));
    }
}
