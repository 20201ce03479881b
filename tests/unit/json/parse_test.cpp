#include "gateway/json/value.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using json::ParseFault;
using json::Value;

namespace {

json::ParseError refused(std::string_view text, const json::ParseLimits& limits = {}) {
    const auto value = json::parse(text, limits);
    REQUIRE_FALSE(value.has_value());
    return value.error();
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

}   // namespace

TEST_CASE("json: every kind of value is read as what it is") {
    const auto read = json::parse(
        R"({"n":null,"t":true,"i":-7,"d":1.5,"s":"b\u00e5t \ud83d\ude00","a":[1,[]],"o":{}})");
    REQUIRE(read.has_value());
    const Value& value = *read;
    CHECK(value["n"].is_null());
    CHECK(value["t"].as_bool());
    CHECK(value["i"].as_int() == -7);
    CHECK(value["d"].as_double() == 1.5);
    CHECK(value["s"].as_string() == "b\xC3\xA5t \xF0\x9F\x98\x80");
    CHECK(value["a"].items().size() == 2);
    CHECK(value["o"].is_object());
    CHECK(value.members().front().first == "n");
}

TEST_CASE("json: malformed text is refused and the place is named") {
    for (const char* text : {"",
                             " ",
                             "{",
                             "[1,]",
                             "{\"a\":}",
                             "{\"a\" 1}",
                             "{a:1}",
                             "'a'",
                             "tru",
                             "01",
                             "1.",
                             ".5",
                             "+1",
                             "1e",
                             "NaN",
                             "Infinity",
                             "-",
                             "[1] 2",
                             "\"a\nb\"",
                             "\"\\x\"",
                             "\"\\u12g4\"",
                             "\"open",
                             "// c\n1",
                             "{\"a\":1,}",
                             "1e400",
                             "\xEF\xBB\xBF{}"}) {
        INFO(text);
        CHECK(refused(text).fault == ParseFault::malformed);
    }
    const auto error = refused("{\n  \"a\": [1,\n  \"\xC3\xA6\", x]}");
    CHECK(error.line == 3);
    CHECK(error.column == 8);
    CHECK(error.pointer == "/a/2");
}

TEST_CASE("json: a NUL byte is no end of the text, but an escaped one is a character") {
    const std::string text("1\0garbage", 9);
    CHECK(refused(text).fault == ParseFault::malformed);
    CHECK(refused(text).offset == 1);
    const auto read = json::parse(R"("a\u0000b")");
    REQUIRE(read.has_value());
    CHECK(read->as_string() == std::string("a\0b", 3));
    CHECK(json::parse(json::write(*read)).value() == *read);
}

TEST_CASE("json: a raw control character is refused wherever in a string it stands") {
    for (std::size_t before = 0; before < 40; ++before) {
        for (char control = 0; control < 0x20; ++control) {
            const std::string text =
                "[\"" + std::string(before, 'a') + control + std::string(20, 'b') + "\"]";
            CAPTURE(before, static_cast<int>(control));
            CHECK(refused(text).fault == ParseFault::malformed);
        }
    }
}

TEST_CASE("json: long strings, with and without escapes, are read to the last character") {
    for (std::size_t length = 0; length < 70; ++length) {
        const std::string plain(length, 'x');
        const std::string around = plain + "\"\\\n\xC3\xA5" + plain;
        Value value = Value::array();
        value.push(around).push(plain).push(around);
        const std::string text = json::write(value);
        const auto read = json::parse(text);
        CAPTURE(length, text);
        REQUIRE(read.has_value());
        CHECK(*read == value);
    }
}

TEST_CASE("json: a name that stands twice is refused, in small and in large objects") {
    const auto error = refused(R"({"o":{"a":1,"b":2,"\u0061":3}})");
    CHECK(error.fault == ParseFault::duplicate_key);
    CHECK(error.pointer == "/o/a");
    CHECK(error.offset == 18);
    std::string large = "{";
    for (int i = 0; i < 1000; ++i) {
        large += "\"k" + std::to_string(i) + "\":0,";
    }
    CHECK(json::parse(large + "\"k1000\":0}").has_value());
    CHECK(refused(large + "\"k3\":0}").fault == ParseFault::duplicate_key);
    CHECK(refused(large + "\"k998\":0}").pointer == "/k998");
}

TEST_CASE("json: bytes that are no UTF-8 are refused wherever they stand") {
    for (const char* text : {"\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
                             "\"\xE2\x82\"", "{\"\xC3\":1}", "[1]\x80", "\"\\ud800\"",
                             "\"\\udc00\"", "\"\\ud800\\u0041\"", "{\"\\udfff\":1}"}) {
        INFO(text);
        CHECK(refused(text).fault == ParseFault::not_utf8);
    }
}

TEST_CASE("json: depth is bounded, also for a megabyte of opening brackets") {
    CHECK(json::parse(nested(32)).has_value());
    CHECK(refused(nested(33)).fault == ParseFault::too_deep);
    CHECK(refused(std::string(1U << 20U, '[')).fault == ParseFault::too_deep);
    std::string objects;
    for (int i = 0; i < 100'000; ++i) {
        objects += "{\"a\":";
    }
    CHECK(refused(objects).fault == ParseFault::too_deep);
    const json::ParseLimits generous{.bytes_max = 4U << 20U, .depth_max = 5000};
    CHECK(json::parse(nested(5000), generous).has_value());
}

TEST_CASE("json: size and number of values are bounded") {
    const json::ParseLimits limits{.bytes_max = 20, .depth_max = 3, .values_max = 4};
    CHECK(json::parse("[1,2,3]", limits).has_value());
    CHECK(refused("[1,2,3,4]", limits).fault == ParseFault::too_large);
    CHECK(refused("[[],[],[],[]]", limits).fault == ParseFault::too_large);
    CHECK(refused(std::string(21, ' '), limits).fault == ParseFault::too_large);
    CHECK(json::parse_or_failure("[1,2,3,4]", limits).error().is(core::Errc::too_large));
    CHECK(json::parse_or_failure("[1,", limits).error().is(core::Errc::malformed));
}

TEST_CASE("json: numbers keep their value; those beyond 64 bits become doubles") {
    CHECK(json::parse("9223372036854775807")->as_int() == INT64_MAX);
    CHECK(json::parse("-9223372036854775808")->as_int() == INT64_MIN);
    CHECK(json::parse("9223372036854775808")->as_double() == 9223372036854775808.0);
    CHECK(json::parse("123456789012345678901234567890")->as_double() ==
          123456789012345678901234567890.0);
    CHECK(json::parse("0.1")->as_double() == 0.1);
    CHECK(json::parse("1.7976931348623157e308")->as_double() == 1.7976931348623157e308);
    CHECK_FALSE(json::parse("1.0")->is_int());
    for (const auto& beyond :
         {"1" + std::string(400, '0'), std::string("2e308"), std::string("-1e309")}) {
        const auto refused = json::parse(beyond);
        REQUIRE(refused.has_error());
        CHECK(refused.error().fault == json::ParseFault::malformed);
    }
}

TEST_CASE("json: what went wrong is told without the text itself") {
    const auto failure = json::parse_or_failure("{\"person\":\"01017012345\",}").error();
    CHECK(failure.to_string() == "malformed: JSON line 1 column 25: not JSON");
}

TEST_CASE("json: an object of texts is the same by itself as within something else, or as wrong") {
    // By itself it is read by a quicker reader; within a list by the one that reads everything.
    const std::vector<std::string> texts{
        R"({})",
        R"( { "person" : "01017012345" ,"dataset":"contact" } )",
        "\t{\"a\":\"\",\r\n\"\":\"b\"}\n",
        R"({"a":"blåbær","ø":"日本"})",
        R"({"a":"b","a":"c"})",
        R"({"a":"b",})",
        R"({,"a":"b"})",
        R"({"a":"b" "c":"d"})",
        R"({"a" "b"})",
        R"({"a":"b"}})",
        R"({"a":"b"} x)",
        R"({"a":"b)",
        R"({"a)",
        R"({"a":)",
        R"({)",
        R"({"a":"\u0041\n"})",
        R"({"a":1,"b":["c"],"d":{"e":null}})",
        "{\"a\":\"b\tc\"}",
        "{\"a\":\"b\x7f\"}",
        R"({a:"b"})",
        R"({"a":'b'})",
    };
    for (const auto& text : texts) {
        INFO(text);
        const auto alone = json::parse(text);
        const auto within = json::parse("[" + text + "]");
        // What stands behind the object ends a list where it would end the text.
        REQUIRE(alone.has_value() == within.has_value());
        if (alone) {
            CHECK(*alone == within->items().front());
        } else {
            CHECK(alone.error().fault == within.error().fault);
        }
    }
    std::string many = "{";
    for (int i = 0; i < 40; ++i) {
        many += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":\"v\"";
    }
    CHECK(json::parse(many + "}")->members().size() == 40);
    CHECK(refused(many + ",\"m7\":\"v\"}").fault == ParseFault::duplicate_key);
    const json::ParseLimits few{.bytes_max = 100, .depth_max = 1, .values_max = 3};
    CHECK(json::parse(R"({"a":"b","c":"d"})", few).has_value());
    CHECK(refused(R"({"a":"b","c":"d","e":"f"})", few).fault == ParseFault::too_large);
    const json::ParseLimits flat{.bytes_max = 100, .depth_max = 0, .values_max = 3};
    CHECK(refused(R"({"a":"b"})", flat).fault == ParseFault::too_deep);
}
