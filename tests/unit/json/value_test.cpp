#include "gateway/json/value.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace gateway;
using json::Value;

TEST_CASE("json: a value is built member by member and read without branches") {
    Value value;
    value.set("a", 1).set("b", "text").set("a", 2);
    value.set("list", Value().push(1).push(true));
    CHECK(json::write(value) == R"({"a":2,"b":"text","list":[1,true]})");
    CHECK(value["absent"]["deeper"].as_string().empty());
    CHECK(value["b"].as_int(9) == 9);
    CHECK(value.find("b") != nullptr);
    CHECK(value.remove("b"));
    CHECK_FALSE(value.remove("b"));
    CHECK_FALSE(value.has("b"));
    CHECK(value["list"].find("a") == nullptr);
}

TEST_CASE("json: pointers lead where RFC 6901 says") {
    const auto value =
        json::parse(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"k\"l":6," ":7,"m~n":8})");
    REQUIRE(value.has_value());
    CHECK(value->at("") == &*value);
    CHECK(value->at("/foo/0")->as_string() == "bar");
    CHECK(value->at("/")->as_int(9) == 0);
    CHECK(value->at("/a~1b")->as_int() == 1);
    CHECK(value->at("/c%d")->as_int() == 2);
    CHECK(value->at("/m~0n")->as_int() == 8);
    CHECK(value->at("/ ")->as_int() == 7);
    for (const char* nowhere :
         {"foo", "/foo/2", "/foo/-", "/foo/00", "/foo/1x", "/m~n", "/foo/0/x"}) {
        INFO(nowhere);
        CHECK(value->at(nowhere) == nullptr);
    }
    CHECK(json::pointer_token("m~n/o") == "/m~0n~1o");
}

TEST_CASE("json: what is written reads back equal") {
    for (const char* text : {"null", "true", "-0.0", "1.0", "1e+300", "5e-324", "[]", "{}", "0.1",
                             R"(["\u0001\b\f\n\r\t\"\\/","æøå","\u007f"])", "[[[{}]]]"}) {
        INFO(text);
        const auto value = json::parse(text);
        REQUIRE(value.has_value());
        CHECK(json::parse(json::write(*value)).value() == *value);
        CHECK(json::parse(json::write_pretty(*value)).value() == *value);
    }
    CHECK(json::write(Value("\x01\n\"\\/")) == R"("\u0001\n\"\\/")");
    CHECK(json::write(Value(0.1)) == "0.1");
}

TEST_CASE("json: text that is no UTF-8, and numbers JSON cannot say, are still written as JSON") {
    CHECK(json::write(Value("a\xFFz")) == "\"a\xEF\xBF\xBDz\"");
    CHECK(json::write(Value(std::numeric_limits<double>::quiet_NaN())) == "null");
    CHECK(json::write(Value(std::uint64_t{18446744073709551615U})) == "18446744073709551616.0");
}

TEST_CASE("json: the same content has the same canonical text") {
    const auto one = json::parse(R"({"b":[1.0,{"y":1,"x":"\u00e5"}],"a":null})");
    const auto other =
        json::parse("{ \"a\" : null, \"b\" : [ 1, {\"x\":\"\xC3\xA5\", \"y\":1e0} ] }");
    CHECK(json::write_canonical(*one) == json::write_canonical(*other));
    CHECK(json::write_canonical(*one) == "{\"a\":null,\"b\":[1,{\"x\":\"\xC3\xA5\",\"y\":1}]}");
    CHECK(json::write_canonical(Value(1e300)) == "1e+300");
}

TEST_CASE("json: text for people is indented") {
    const auto value = json::parse(R"({"a":[1,{}],"b":[]})");
    CHECK(json::write_pretty(*value) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

TEST_CASE("json: an escape is found behind letters of any length, wherever they stand") {
    for (std::size_t before = 0; before < 20; ++before) {
        for (std::size_t between = 0; between < 10; ++between) {
            for (const std::string letter : {"å", "€", "😀"}) {
                const std::string a(before, 'a');
                const std::string b(between, 'b');
                CHECK(json::write(Value(a + letter + b + "\"" + a + letter + "\n")) ==
                      "\"" + a + letter + b + "\\\"" + a + letter + "\\n\"");
                CHECK(json::write(Value(a + letter + b + "\xff" + a)) ==
                      "\"" + a + letter + b + "\xEF\xBF\xBD" + a + "\"");
                CHECK(json::parse("\"" + a + letter + b + "\xff" + a + "\"").has_error());
                CHECK(json::parse("\"" + a + letter + b + letter + "\"")->as_string() ==
                      a + letter + b + letter);
            }
        }
    }
}

TEST_CASE("json: a character that needs an escape gets it wherever it stands in a long text") {
    for (const std::string special :
         {"\"", "\\", "\n", "\x1f", "\x01", "\x80", "\xc3\xa5", " ", "~"}) {
        for (std::size_t at = 0; at <= 24; ++at) {
            std::string text(24, 'x');
            text.insert(at, special);
            text.insert(at / 2, special);
            const auto written = json::write(json::Value(text));
            const auto read = json::parse(written);
            INFO(written);
            REQUIRE(read.has_value());
            if (special == "\x80") {   // no character: replaced
                CHECK(written.size() == 2 + 24 + 2 * 3);
            } else {
                CHECK(read->as_string() == text);
            }
        }
    }
}
