#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "tests/unit/client/asked_message.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>

using namespace gateway::app;
using namespace gateway::app::client;
using tests::client::has;
using tests::client::id;
using tests::client::message;
using tests::client::message_options;
using tests::client::TestDesk;

namespace {

std::string line(int number, const char* state) {
    return R"({"id":")" + std::to_string(number) + R"(","at":"2026-02-03T07:00:0)" +
           std::to_string(number) + R"(.000Z","state":")" + state + R"(","title":"Steg )" +
           std::to_string(number) + R"(","owner":"us"})";
}

}   // namespace

TEST_CASE("client: a trace follows over a lost connection and shows each line once") {
    TestDesk test;
    test.answer(200, message("queued"));
    test.script.streams.push_back({line(1, "queued"), line(2, "sending")});
    test.script.streams.push_back({line(1, "queued"), line(2, "sending"), line(3, "read"),
                                   R"({"state":"read","rests":true})"});
    auto options = message_options();
    options.follow = true;
    CHECK(run_trace(test.desk, options) == exit_ok);
    const auto text = test.out.str();
    CHECK(text.find("Steg 3") != std::string::npos);
    CHECK(text.find("Steg 1") == text.rfind("Steg 1"));
    CHECK(test.script.pauses == 1);
}

namespace {

std::string archived(const char* result) {
    return std::string(R"({"id":")") + id +
           R"(","type":"archive/v1","state":"read","system":"sak","tenant":"310001007",)" +
           R"("result":)" + result + "}";
}

constexpr const char* receipt =
    R"({"outcome":"done","case":{"year":2026,"sequence":5},)"
    R"("record":{"systemId":"c8f1","journal":{"year":2026,"sequence":17,"number":2}}})";

}   // namespace

TEST_CASE("client: a trace says where the archive has put it, in the reader's language") {
    TestDesk test;
    test.answer(200, archived(receipt));
    test.answer(200, R"({"items":[]})");
    CHECK(run_trace(test.desk, message_options()) == exit_ok);
    CHECK(has(test.out, "Journal   2026/17 (nr. 2)\n"));
    CHECK(has(test.out, "Sak       2026/5\n"));
    CHECK(has(test.out, "Arkiv-id  c8f1\n"));
    TestDesk other;
    other.desk.language = gateway::texts::Language::en;
    other.answer(200, archived(receipt));
    other.answer(200, R"({"items":[]})");
    CHECK(run_trace(other.desk, message_options()) == exit_ok);
    CHECK(has(other.out, "Journal   2026/17 (no. 2)\n"));
    CHECK(has(other.out, "Archive   c8f1\n"));
    TestDesk early;
    early.answer(200, archived("{}"));
    early.answer(200, R"({"items":[]})");
    CHECK(run_trace(early.desk, message_options()) == exit_ok);
    CHECK_FALSE(has(early.out, "Journal"));
}

TEST_CASE("client: a trace that follows says where the archive has put it when it has") {
    TestDesk test;
    test.answer(200, archived("{}"));
    test.answer(200, archived(receipt));
    test.script.streams.push_back({line(1, "sent"), R"({"state":"read","rests":true})"});
    auto options = message_options();
    options.follow = true;
    CHECK(run_trace(test.desk, options) == exit_ok);
    const auto text = test.out.str();
    CHECK(text.find("2026/17") > text.find("Steg 1"));
    CHECK(text.find("2026/17") != std::string::npos);
}

TEST_CASE("client: a follow ends when nothing more can come, also before the letter was read") {
    TestDesk test;
    test.answer(200, message("queued"));
    test.script.streams.push_back({line(1, "queued"), R"({"state":"queued","rests":false})",
                                   line(2, "sent"), R"({"state":"sent","rests":true})"});
    auto options = message_options();
    options.follow = true;
    CHECK(run_trace(test.desk, options) == exit_ok);
    CHECK(has(test.out, "Steg 2"));
    CHECK(test.script.pauses == 0);
}

TEST_CASE("client: an old failure does not end the following of a message that was retried") {
    TestDesk test;
    test.answer(200, message("queued"));
    test.script.streams.push_back({line(1, "queued"), line(2, "failed"), line(3, "queued"),
                                   R"({"state":"queued","rests":false})", line(4, "held"),
                                   R"({"state":"held","rests":true})"});
    auto options = message_options();
    options.follow = true;
    CHECK(run_trace(test.desk, options) == exit_ok);
    CHECK(has(test.out, "Steg 4"));
    CHECK(has(test.out, "Venter på deg"));
    CHECK(test.script.pauses == 0);
}

TEST_CASE("client: a gateway that stays away ends the following in the end") {
    TestDesk test;
    test.answer(200, message("queued"));
    auto options = message_options();
    options.follow = true;
    CHECK(run_trace(test.desk, options) == exit_unreachable);
    CHECK(test.script.pauses >= 30);
}

TEST_CASE("client: a trace of a failed message ends with the command that tries again") {
    TestDesk test;
    test.answer(200, message("failed"));
    test.answer(200, R"({"items":[)" + line(1, "queued") + "," + line(2, "failed") + "]}");
    CHECK(run_trace(test.desk, message_options()) == exit_ok);
    CHECK(has(test.out, "feilet (failed)"));
    CHECK(has(test.out, std::string("sluse retry ") + id));
}
