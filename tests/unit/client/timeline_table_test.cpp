#include "gateway/app/cli/client/timeline_table.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using app::client::columns_of;
using app::client::TableLook;
using app::client::TimelineTable;
using app::client::wrap;

namespace {

TableLook look(std::size_t width, bool colour = false) {
    TableLook look;
    look.width = width;
    look.colour = colour;
    look.time = [](const std::string& time) { return time.substr(11, 8); };
    return look;
}

json::Value line(const char* state = "queued") {
    json::Value item = json::Value::object();
    item.set("at", "2026-02-03T07:00:00.000Z")
        .set("state", state)
        .set("title", "Prøver igjen senere")
        .set("text", "Altinn svarte ikke. Sluse prøver igjen av seg selv når ventetiden er over.")
        .set("owner", "national")
        .set("action", "Se driftsmeldinger for Altinn.")
        .set("next", "2026-02-03T07:00:10.000Z");
    return item;
}

}   // namespace

TEST_CASE("timeline table: width is counted in characters, not in bytes") {
    CHECK(columns_of("Prøver") == 6);
    CHECK(columns_of("a\xCC\x8A") == 1);   // a and a combining ring
    CHECK(columns_of("") == 0);
}

TEST_CASE("timeline table: text is cut between words, and a long word inside it") {
    CHECK(wrap("ett to tre", 6) == std::vector<std::string>{"ett to", "tre"});
    CHECK(wrap("æøåæøåæ", 3) == std::vector<std::string>{"æøå", "æøå", "æ"});
    CHECK(wrap("", 10).empty());
    CHECK(wrap("  a   b ", 10) == std::vector<std::string>{"a b"});
}

TEST_CASE("timeline table: no row is wider than the terminal") {
    const TimelineTable table(look(60));
    std::string row = table.row(line());
    while (!row.empty()) {
        const auto end = row.find('\n');
        CHECK(columns_of(row.substr(0, end)) <= 68);   // the head columns have their own width
        row.erase(0, end + 1);
    }
}

TEST_CASE(
    "timeline table: a row says when, what, whose turn it is, what to do and what comes next") {
    const TimelineTable table(look(100));
    const auto row = table.row(line());
    CHECK(row.find("07:00:00") == 0);
    CHECK(row.find("Prøver igjen senere") != std::string::npos);
    CHECK(row.find("fellesk.") != std::string::npos);
    CHECK(row.find("Gjør: Se driftsmeldinger for Altinn.") != std::string::npos);
    CHECK(row.find("Neste: 07:00:10") != std::string::npos);
}

TEST_CASE("timeline table: nothing to do is not worth a line") {
    auto item = line();
    item.set("action", "Du trenger ikke gjøre noe.");
    CHECK(TimelineTable(look(100)).row(item).find("Gjør:") == std::string::npos);
    item.remove("next");
    CHECK(TimelineTable(look(100)).row(item).find("Neste:") == std::string::npos);
}

TEST_CASE("timeline table: an act shows by whom and why, and an answer what was said") {
    auto item = line();
    item.set("who", "root").set("why", "ruten er rettet").set("upstream", "CORR-01029");
    const auto row = TimelineTable(look(100)).row(item);
    CHECK(row.find("Av: root – ruten er rettet") != std::string::npos);
    CHECK(row.find("Svar: CORR-01029") != std::string::npos);
}

TEST_CASE("timeline table: control characters from outside never reach the terminal") {
    auto item = line();
    item.set("text", "f\x1b[2Jare\r\n \xC2\x9B 31m").set("upstream", "\x07\x1b]0;x");
    const auto row = TimelineTable(look(100)).row(item);
    CHECK(row.find('\x1b') == std::string::npos);
    CHECK(row.find('\x07') == std::string::npos);
    CHECK(row.find('\r') == std::string::npos);
    CHECK(row.find("\xC2\x9B") == std::string::npos);
}

TEST_CASE("timeline table: colours are used only when asked for") {
    CHECK(TimelineTable(look(100)).row(line("failed")).find('\x1b') == std::string::npos);
    CHECK(TimelineTable(look(100, true)).row(line("failed")).find("\x1b[1;31m") !=
          std::string::npos);
}
