#include "gateway/json/simple_pattern.hpp"

#include "gateway/json/utf8.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <regex>
#include <string>
#include <vector>

using gateway::json::SimplePattern;

namespace {

struct Example {
    std::string pattern;
    std::vector<std::string> fitting;
};

const std::vector<Example> examples{
    {"^(file:|env:|pkcs11:)", {"file:/etc/key", "env:", "pkcs11:object=a"}},
    {"^https?://[^/]", {"http://a", "https://eksempel.no/x"}},
    {"^[a-z][a-z0-9-]{0,62}$", {"a", "altinn-prod", "a" + std::string(62, '-')}},
    {"^[A-Za-z0-9._-]{1,100}$", {"x", std::string(100, '.')}},
    {"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}$", {"0193a5e2-7b1c-0123456789ab"}},
    {"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]"
     "(\\.[0-9]{1,3})?Z$",
     {"2026-02-28T23:59Z", "2026-12-01T00:00.123Z"}},
    {"^[!-\\[\\]-~]{1,255}$", {"key", "[]", std::string(255, '~')}},
    {"^P([1-9][0-9]{0,2}D|[1-9][0-9]{0,1}W|T[1-9][0-9]{0,2}H)$", {"P7D", "P12W", "PT999H"}},
    {"^[^/\\\\]*$", {"", "Vedtak æøå.pdf"}},
    {"^[^@\\s]+@[^@\\s]+$", {"post@oslo.no", "ø@å"}},
    {"^[a-z0-9:]{1,100}( [a-z0-9:]{1,100}){0,9}$", {"a", "a b c", "a:b a:c d"}},
    {"^\\+?[- _0-9]+$", {"+47 22 33", "-_"}},
    {"^(a|b*)(cd?)+x{2,}$", {"acxx", "cxxx", "bbbcdccdxx"}},
    {"^(?:\\d{2}|\\w)[å-æ]?$", {"42", "_", "4å", "42æ"}},
    {"^$", {""}},
    {"^[æøå]{1,3}", {"æ", "øåæx"}},
    {"^([1-9][0-9]{0,3}|[1-5][0-9]{4})(-([1-9][0-9]{0,3}|[1-5][0-9]{4}))?$", {"1", "80-59999"}},
};

std::wstring wide(std::string_view text) {
    std::wstring characters;
    for (std::size_t at = 0; at < text.size();) {
        char32_t character = 0xFFFD;
        const auto length = gateway::json::utf8_next(text, at, character);
        characters.push_back(static_cast<wchar_t>(character));
        at += length == 0 ? 1 : length;
    }
    return characters;
}

/// The text with a piece put in, taken out or put elsewhere.
std::string spoil(std::string text, std::mt19937& random) {
    static const std::vector<std::string> pieces{"a", "Z", "0", "9", "-", " ",        ".",  "/",
                                                 "@", "æ", "å", "€", ":", "\xC3\x28", "\\", "\n"};
    const auto changes = 1 + random() % 3;
    for (unsigned i = 0; i < changes; ++i) {
        const auto at = random() % (text.size() + 1);
        if (random() % 2 == 0 && at < text.size()) {
            text.erase(at, 1 + random() % 2);
        } else {
            text.insert(at, pieces[random() % pieces.size()]);
        }
    }
    return text;
}

}   // namespace

TEST_CASE("json: a simple pattern says of every text what std::regex says of it") {
    std::mt19937 random(Catch::rngSeed() + 1);
    for (const auto& example : examples) {
        INFO(example.pattern);
        const auto simple = SimplePattern::compile(example.pattern);
        REQUIRE(simple.has_value());
        const std::wregex full(wide(example.pattern), std::regex_constants::ECMAScript |
                                                          std::regex_constants::__polynomial);
        for (const auto& text : example.fitting) {
            INFO(text);
            CHECK(simple->matches(text));
            CHECK(std::regex_search(wide(text), full));
            for (int i = 0; i < 200; ++i) {
                const auto other = spoil(text, random);
                INFO(other);
                CHECK(simple->matches(other) == std::regex_search(wide(other), full));
            }
        }
    }
}

TEST_CASE("json: what is no simple pattern is left to std::regex") {
    for (const char* expression :
         {"a",         "^a|b$",    "^(a)\\1$",  "^(?=a)a$",      "^a+?$",
          "^.$",       "^a$b",     "^(a$|b)",   "^[[:digit:]]$", "^\\bword$",
          "^\\u00e6$", "^[b-a]$",  "^(a",       "^a)",           "^[a",
          "^a{2",      "^a{3,2}$", "^a{,2}$",   "^a{20000}$",    "^a{2}{3}$",
          "^[]$",      "^\\",      "^[\\d-z]$", "^(a?){1000}$",  "^((((((){9}){9}){9}){9}){9}){9}$",
          "^a\xC3$"}) {
        INFO(expression);
        CHECK_FALSE(SimplePattern::compile(expression).has_value());
    }
}

TEST_CASE("json: a long text costs a simple pattern one pass") {
    const auto pattern = SimplePattern::compile("^([a-z]{1,100} ){0,9}[a-z]*([a-z]|x)*$");
    REQUIRE(pattern.has_value());
    const std::string text(1U << 20U, 'x');
    CHECK(pattern->matches(text));
    CHECK_FALSE(pattern->matches(text + "!"));
}
