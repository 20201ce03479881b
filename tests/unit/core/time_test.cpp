#include "gateway/core/time.hpp"

#include <catch2/catch.hpp>

using namespace gateway::core;
using namespace std::chrono_literals;
using namespace std::chrono;

namespace {

Time at(int y, unsigned m, unsigned d, microseconds clock) {
    return Time{sys_days{year{y} / static_cast<int>(m) / static_cast<int>(d)}.time_since_epoch() +
                clock};
}

}   // namespace

TEST_CASE("time: is written in UTC with milliseconds and Z") {
    CHECK(to_rfc3339(Time{}) == "1970-01-01T00:00:00.000Z");
    CHECK(to_rfc3339(at(2026, 11, 22, 10h + 46min + 32s + 120ms)) == "2026-11-22T10:46:32.120Z");
    CHECK(to_rfc3339(at(2024, 2, 29, 23h + 59min + 59s + 999'999us)) == "2024-02-29T23:59:59.999Z");
    CHECK(to_rfc3339(at(9999, 12, 31, 0us)) == "9999-12-31T00:00:00.000Z");
}

TEST_CASE("time: reads any offset and up to nine fraction digits") {
    const Time expected = at(2026, 11, 22, 10h + 46min + 32s);
    CHECK(parse_rfc3339("2026-11-22T10:46:32Z").value() == expected);
    CHECK(parse_rfc3339("2026-11-22t10:46:32z").value() == expected);
    CHECK(parse_rfc3339("2026-11-22T11:46:32+01:00").value() == expected);
    CHECK(parse_rfc3339("2026-11-22T05:16:32-05:30").value() == expected);
    CHECK(parse_rfc3339("2026-11-22T10:46:32-00:00").value() == expected);
    CHECK(parse_rfc3339("2026-11-23T10:45:32+23:59").value() == expected);
    CHECK(parse_rfc3339("2026-11-22T10:46:32.1Z").value() == expected + 100ms);
    CHECK(parse_rfc3339("2026-11-22T10:46:32.000001Z").value() == expected + 1us);
    CHECK(parse_rfc3339("2026-11-22T10:46:32.123456789Z").value() == expected + 123'456us);
}

TEST_CASE("time: a leap second counts as the next second") {
    CHECK(parse_rfc3339("2016-12-31T23:59:60Z").value() == at(2017, 1, 1, 0us));
}

TEST_CASE("time: an offset may lead across a day and a year") {
    CHECK(parse_rfc3339("2026-01-01T00:30:00+01:00").value() == at(2025, 12, 31, 23h + 30min));
    CHECK(parse_rfc3339("2025-12-31T23:30:00-01:00").value() == at(2026, 1, 1, 30min));
}

TEST_CASE("time: an offset that leads out of the years we write is malformed") {
    CHECK_FALSE(parse_rfc3339("1970-01-01T00:59:59+01:00").has_value());
    CHECK(parse_rfc3339("1970-01-01T01:00:00+01:00").value() == Time{});
    CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:00-00:01").has_value());
    CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:60Z").has_value());
    CHECK(parse_rfc3339("9999-12-31T23:59:59Z").value() == at(9999, 12, 31, 24h - 1s));
}

TEST_CASE("time: what RFC 3339 does not allow is malformed") {
    for (const auto* text : {"",
                             "2026-11-22",
                             "2026-11-22T10:46:32",
                             "2026-11-22 10:46:32Z",
                             "2026-11-22T10:46Z",
                             "2026-11-22T24:00:00Z",
                             "2026-11-22T10:60:00Z",
                             "2026-11-22T10:46:61Z",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-01-00T00:00:00Z",
                             "2026-04-31T00:00:00Z",
                             "1969-12-31T23:59:59Z",
                             "26-11-22T10:46:32Z",
                             "02026-11-22T10:46:32Z",
                             "2026-11-22T10:46:32.Z",
                             "2026-11-22T10:46:32.1234567890Z",
                             "2026-11-22T10:46:32+0100",
                             "2026-11-22T10:46:32+24:00",
                             "2026-11-22T10:46:32+01:60",
                             "2026-11-22T10:46:32ZZ",
                             "2026-11-22T10:46:32Z ",
                             " 2026-11-22T10:46:32Z",
                             "2026-11-22T1:46:32Z",
                             "2026-11-22T10:46:32,5Z",
                             "-026-11-22T10:46:32Z",
                             "2026-11-22T10:46:+2Z"}) {
        CAPTURE(text);
        const auto parsed = parse_rfc3339(text);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error().is(Errc::malformed));
    }
}

TEST_CASE("time: what is written reads back to the millisecond") {
    for (std::int64_t step = 0; step < 2'000; ++step) {
        const Time moment{milliseconds{step * 86'399'993 * 17}};
        CHECK(parse_rfc3339(to_rfc3339(moment)).value() == moment);
    }
}

TEST_CASE("time: a date is exactly year, month and day") {
    CHECK(parse_date("2024-02-29").value() == year{2024} / 2 / 29);
    for (const auto* text : {"", "2025-02-29", "2024-2-29", "29.02.2024", "2024-02-29T00:00:00Z",
                             "2024-02-30", "1969-01-01", "20240229"}) {
        CAPTURE(text);
        CHECK(parse_date(text).has_error());
    }
}
