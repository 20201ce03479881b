#include "adapters/fiks_io/amqp/amqp_frames.hpp"
#include "adapters/fiks_io/amqp/amqp_methods.hpp"
#include "tests/support/amqp_bytes.hpp"

#include <catch2/catch.hpp>

using namespace gateway::fiks_io::amqp;
using gateway::core::Errc;
namespace told = tests::amqp;

namespace {

/// The payload of the one frame in `bytes`.
std::string payload_of(const std::string& bytes) {
    return bytes.substr(7, bytes.size() - 8);
}

std::string head_with(const std::string& entries) {
    return told::u16(60) + told::u16(0) + told::u64(5) + told::u16(0x2000) +
           told::long_text(entries);
}

}   // namespace

TEST_CASE("amqp frames: whole ones come out however the bytes are cut") {
    const std::string bytes = told::frame(1, 7, "method") + told::frame(3, 65535, "") +
                              told::frame(8, 0, "") + told::frame(2, 1, std::string(5000, 'h'));
    for (const std::size_t piece : {std::size_t(1), std::size_t(3), std::size_t(8), bytes.size()}) {
        FrameReader reader;
        std::vector<std::pair<int, std::string>> seen;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            reader.add(std::string_view(bytes).substr(at, piece));
            for (auto frame = reader.next(); frame && *frame; frame = reader.next()) {
                seen.emplace_back((*frame)->channel, std::string((*frame)->payload));
            }
        }
        REQUIRE(seen.size() == 4);
        CHECK(seen[0] == std::pair(7, std::string("method")));
        CHECK(seen[1] == std::pair(65535, std::string()));
        CHECK(seen[3].second == std::string(5000, 'h'));
        CHECK(reader.waiting() == 0);
    }
}

TEST_CASE("amqp frames: what is no frame, or larger than agreed, ends the reading for good") {
    struct Case {
        std::string bytes;
        Errc code;
    };
    std::string cut_end = told::frame(1, 0, "x");
    cut_end.back() = 'x';
    const std::vector<Case> cases{
        {"HTTP/1.1 400 Bad Request\r\n", Errc::malformed},
        {std::string("AMQP\x00\x00\x09\x01", 8), Errc::malformed},
        {cut_end, Errc::malformed},
        {std::string("\x01\x00\x00\xFF\xFF\xFF\xFF", 7), Errc::too_large},
        {told::u8(3) + told::u16(1) + told::u32(4096 - 7), Errc::too_large}};
    for (const auto& one : cases) {
        FrameReader reader;
        reader.limit(4096);
        reader.add(one.bytes);
        const auto frame = reader.next();
        REQUIRE(frame.has_error());
        CHECK(frame.error().is(one.code));
        reader.add(told::frame(8, 0, ""));
        CHECK(reader.next().has_error());
    }
    FrameReader reader;
    reader.limit(4096);
    reader.add(told::frame(3, 1, std::string(4096 - 8, 'b')));
    CHECK(reader.next()->has_value());
}

TEST_CASE("amqp methods: what a broker says is read") {
    const auto start = *read_method(payload_of(told::start("AMQPLAIN PLAIN")));
    CHECK(std::get<Start>(start).offers_plain);
    CHECK_FALSE(
        std::get<Start>(*read_method(payload_of(told::start("EXTERNAL PLAINER")))).offers_plain);
    const auto tune = std::get<Tune>(*read_method(payload_of(told::tune(10, 4096, 7))));
    CHECK((tune.channel_max == 10 && tune.frame_max == 4096 && tune.heartbeat == 7));
    const auto closed = std::get<Closed>(
        *read_method(payload_of(told::connection_close(403, "ACCESS_REFUSED - login"))));
    CHECK((closed.code == 403 && closed.text == "ACCESS_REFUSED - login"));
    const std::string whole = told::deliver(3, {"q", 1ULL << 40U, true, {}, {}, {}, {}});
    FrameReader reader;
    reader.add(whole);
    const auto frame = **reader.next();
    const auto deliver = std::get<Deliver>(*read_method(frame.payload));
    CHECK((deliver.tag == 1ULL << 40U && deliver.redelivered && deliver.routing_key == "q"));
}

TEST_CASE("amqp methods: those that no consumer is sent, and cut ones, are refused") {
    CHECK(read_method("").error().is(Errc::malformed));
    CHECK(read_method("\x00\x0A").error().is(Errc::malformed));
    // basic.publish, queue.declare with tables of arguments, an unknown class.
    for (const auto& [class_id, method_id] : {std::pair(60, 40), {50, 10}, {99, 1}}) {
        const auto method = told::u16(static_cast<unsigned>(class_id)) +
                            told::u16(static_cast<unsigned>(method_id)) + std::string(20, '\0');
        CHECK(read_method(method).error().is(Errc::unsupported));
    }
    for (const auto& bytes : {told::start(), told::tune(), told::connection_close(320, "bye"),
                              told::channel_close(1, 404, "no queue")}) {
        const std::string payload = payload_of(bytes);
        for (std::size_t size = 4; size < payload.size(); ++size) {
            INFO(size);
            CHECK(read_method(payload.substr(0, size)).has_error());
        }
    }
}

TEST_CASE("amqp head: headers that are text are read, others are named and let be") {
    const std::string inner = told::table({{"x", "t\x01"}});
    const std::string entries =
        told::short_text("melding-id") + told::text_value("0b2b6e7e") + told::short_text("bytes") +
        "x" + told::long_text("raw") + told::short_text("number") + "I" + told::u32(17) +
        told::short_text("yes") + "t\x01" + told::short_text("nested") + "F" + inner +
        told::short_text("list") + "A" + told::long_text("V") + told::short_text("nothing") + "V" +
        told::short_text("when") + "T" + told::u64(1);
    const auto head = *read_head(head_with(entries));
    CHECK(head.body_bytes == 5);
    CHECK(head.header("melding-id") == "0b2b6e7e");
    CHECK(head.header("bytes") == "raw");
    CHECK(head.header("absent").empty());
    CHECK(head.odd ==
          std::vector<std::string>{"number", "yes", "nested", "list", "nothing", "when"});
}

TEST_CASE("amqp head: tables nested without end are refused before they are decoded") {
    constexpr std::uint32_t levels = 20'000;
    std::string nested;   // each holds one without a name
    for (std::uint32_t inside = levels; inside > 0; --inside) {
        nested += told::u32(6 * inside) + told::short_text("") + "F";
    }
    nested += told::u32(0);
    const auto head = read_head(head_with(told::short_text("deep") + "F" + nested));
    REQUIRE(head.has_error());
    CHECK(head.error().is(Errc::malformed));
}

TEST_CASE("amqp head: cut and contradicting ones are refused") {
    const std::string whole = head_with(told::short_text("name") + told::text_value("value"));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        CHECK(read_head(std::string_view(whole).substr(0, size)).has_error());
    }
    // A table longer than its frame, a text longer than its table, an unknown kind of value.
    const std::string head = told::u16(60) + told::u16(0) + told::u64(0) + told::u16(0x2000);
    CHECK(read_head(head + told::u32(50)).has_error());
    CHECK(read_head(head_with(told::short_text("n") + "S" + told::u32(9) + "x")).has_error());
    CHECK(read_head(head_with(told::short_text("n") + "?")).has_error());
    CHECK(read_head(told::u16(10) + whole.substr(2)).has_error());
}

TEST_CASE("amqp methods: names and passwords that fit no frame are refused, not cut") {
    Login login;
    login.user = std::string(256, 'u');
    CHECK(write_start_ok(login).error().is(Errc::too_large));
    login.user = "user";
    login.password = std::string(32'769, 'p');
    CHECK(write_start_ok(login).error().is(Errc::too_large));
    login.password = "integration-password " + std::string(8000, 't');
    std::string bytes = *write_start_ok(login);
    const auto said = told::take_said(bytes);
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(10, 11));
    const std::string response =
        std::string(1, '\0') + "user" + std::string(1, '\0') + login.password;
    CHECK(said[0].rest.find(told::short_text("PLAIN") + told::long_text(response)) !=
          std::string::npos);
    CHECK(write_open(std::string(256, 'v')).has_error());
    CHECK(write_consume(1, std::string(256, 'q')).has_error());
}
