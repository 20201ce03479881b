#include "gateway/json/utf8.hpp"

#include "gateway/json/value.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace gateway;

namespace {

// What a look at sixteen bytes may take for something else: characters of each length, the least
// and greatest of a kind, and what is none.
constexpr std::array<std::string_view, 24> pieces{"",
                                                  "a",
                                                  "å",
                                                  "\x7F",
                                                  "\xC2\x80",
                                                  "\xDF\xBF",
                                                  "€",
                                                  "😀",
                                                  "åøæ",
                                                  "\x80",
                                                  "\xBF",
                                                  "\xC1\xBF",
                                                  "\xC2",
                                                  "\xC2z",
                                                  "\xDF\xC0",
                                                  "\xE0\x9F\xBF",
                                                  "\xED\xA0\x80",
                                                  "\xF4\x90\x80\x80",
                                                  "\xF5\x80",
                                                  "\xE2\x82",
                                                  "\xFF",
                                                  "å\xC3",
                                                  "\xF0\x9F\x98\x80",
                                                  "\xC3\xA5\xA5"};

std::size_t fault_one_by_one(std::string_view text) {
    char32_t ignored = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto length = json::utf8_next(text, at, ignored);
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return std::string_view::npos;
}

std::size_t length_one_by_one(std::string_view text) {
    char32_t ignored = 0;
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        const auto length = json::utf8_next(text, at, ignored);
        at += length == 0 ? 1 : length;
    }
    return count;
}

}   // namespace

TEST_CASE("json: a text is looked through as character by character, wherever each stands") {
    for (std::size_t before = 0; before < 34; ++before) {
        for (const std::size_t between : {0U, 3U, 17U}) {
            for (const auto first : pieces) {
                for (const auto second : pieces) {
                    const std::string text = std::string(before, 'x') + std::string(first) +
                                             std::string(between, 'y') + std::string(second) +
                                             std::string(between, 'z');
                    const auto fault = fault_one_by_one(text);
                    const auto length = length_one_by_one(text);
                    if (json::utf8_fault(text) != fault || json::utf8_length(text) != length) {
                        FAIL_CHECK(before << " " << between << " " << first << " " << second);
                    }
                    const auto read = json::parse("\"" + text + "\"");
                    if (read.has_value() != (fault == std::string_view::npos)) {
                        FAIL_CHECK(before << " " << between << " " << first << " " << second);
                    } else if (read) {
                        CHECK(read->as_string() == text);
                        CHECK(json::write(*read) == "\"" + text + "\"");
                    } else {
                        CHECK(read.error().fault == json::ParseFault::not_utf8);
                        CHECK(read.error().offset == fault + 1);
                    }
                }
            }
        }
    }
}

TEST_CASE("json: letters of two bytes may straddle one look after another") {
    for (std::size_t before = 0; before < 18; ++before) {
        for (std::size_t letters = 0; letters < 40; ++letters) {
            std::string text(before, 'x');
            for (std::size_t i = 0; i < letters; ++i) {
                text += "å";
            }
            const auto after = text.size() + 1;   // behind the quote
            CHECK(json::write(json::Value(text + "\"\x01")) == "\"" + text + R"(\"\u0001")");
            CHECK(json::parse("\"" + text + "\"")->as_string() == text);
            const auto read = json::parse("\"" + text + "\xC3\"" + std::string(20, ' '));
            REQUIRE(read.has_error());
            CHECK(read.error().fault == json::ParseFault::not_utf8);
            CHECK(read.error().offset == after);
        }
    }
}

TEST_CASE("json: what is no UTF-8 is said before a control that stands earlier") {
    const auto read = json::parse(std::string("\"a\x1F") + std::string(40, 'b') + "\xFF\"");
    REQUIRE(read.has_error());
    CHECK(read.error().fault == json::ParseFault::not_utf8);
    for (std::size_t before = 0; before < 34; ++before) {
        for (const char control : {'\x01', '\n', '\x19', '\x1A', '\x1F'}) {
            const auto refused =
                json::parse("\"" + std::string(before, 'x') + control + "å" + control + "\"");
            REQUIRE(refused.has_error());
            CHECK(refused.error().fault == json::ParseFault::malformed);
        }
    }
}
