#include "gateway/core/ids.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <unordered_set>

using namespace gateway::core;

TEST_CASE("ids: a UUID is written lower case and reads back in either case") {
    const auto id = parse_uuid("0192F3A4-5B6C-7D8E-9FA0-B1C2D3E4F506");
    REQUIRE(id);
    CHECK(id->to_string() == "0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506");
    CHECK(uuid_from_bytes(id->to_bytes()) == id);
    CHECK(parse_uuid(id->to_string()) == id);
}

TEST_CASE("ids: what is not exactly a UUID is none") {
    for (const auto* text :
         {"", "0192f3a45b6c7d8e9fa0b1c2d3e4f506", "0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f50",
          "0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f5066", "{192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f50}",
          "0192f3a4+5b6c-7d8e-9fa0-b1c2d3e4f506", "0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f50g",
          "-192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506", " 192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_uuid(text));
    }
    CHECK_FALSE(uuid_from_bytes("short"));
    CHECK_FALSE(uuid_from_bytes(std::string(17, 'x')));
}

TEST_CASE("ids: a typed id parses, compares and hashes by its sixteen bytes") {
    const auto a = MessageId::parse("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506");
    const auto b = MessageId::parse("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f507");
    REQUIRE(a);
    REQUIRE(b);
    CHECK(*a < *b);
    CHECK_FALSE(MessageId::parse("x"));
    const std::unordered_set<MessageId> set{*a, *b, *a};
    CHECK(set.size() == 2);
}

TEST_CASE("ids: a SHA-256 is sixty-four lower-case hexadecimal characters") {
    const std::string text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const auto hash = parse_sha256(text);
    REQUIRE(hash);
    CHECK(hash->to_hex() == text);
    CHECK(sha256_from_bytes(hash->to_bytes()) == hash);
    std::string upper = text;
    upper[0] = 'E';
    CHECK_FALSE(parse_sha256(upper));
    CHECK_FALSE(parse_sha256(text.substr(1)));
    CHECK_FALSE(parse_sha256(text + "0"));
    CHECK_FALSE(parse_sha256(std::string(64, 'g')));
    CHECK_FALSE(sha256_from_bytes("x"));
}

TEST_CASE("ids: an organisation number has nine digits and the check digit of modulus 11") {
    for (const auto* number : {"991825827", "974760673", "889640782", "983044778", "123456785"}) {
        CAPTURE(number);
        CHECK(is_organisation_number(number));
    }
    for (const auto* number : {"991825828", "99182582", "9918258270", "99182582a", "", "991 825 82",
                               "123456780", "000000001"}) {
        CAPTURE(number);
        CHECK_FALSE(is_organisation_number(number));
    }
}

TEST_CASE("ids: every single wrong digit of an organisation number is noticed") {
    const std::string good = "991825827";
    for (std::size_t place = 0; place < good.size(); ++place) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string text = good;
            text[place] = digit;
            CHECK(is_organisation_number(text) == (text == good));
        }
    }
}

TEST_CASE("ids: a weighted sum that leaves ten fits no digit") {
    // First eight digits whose check would be 10: sum mod 11 = 1.
    int none = 0;
    for (int head = 10'000'000; head < 10'000'100; ++head) {
        int fits = 0;
        for (char digit = '0'; digit <= '9'; ++digit) {
            fits += is_organisation_number(std::to_string(head) + digit) ? 1 : 0;
        }
        CHECK(fits <= 1);
        none += fits == 0 ? 1 : 0;
    }
    CHECK(none > 0);
}

TEST_CASE("ids: a person number has eleven digits and two check digits that fit") {
    // Made by the rule from made-up dates; 80 added to the month marks a synthetic person.
    int valid = 0;
    std::string one;
    for (int i = 0; i < 100'000; ++i) {
        std::string tail = std::to_string(i);
        tail.insert(0, 5 - tail.size(), '0');
        const std::string number = "018190" + tail;
        if (is_person_number(number)) {
            ++valid;
            one = number;
        }
    }
    CHECK(valid > 700);
    CHECK(valid < 1000);
    REQUIRE_FALSE(one.empty());
    for (std::size_t place = 0; place < one.size(); ++place) {
        std::string text = one;
        text[place] = text[place] == '9' ? '0' : static_cast<char>(text[place] + 1);
        CAPTURE(text);
        CHECK_FALSE(is_person_number(text));
    }
    CHECK_FALSE(is_person_number(one.substr(1)));
    CHECK_FALSE(is_person_number(one + "0"));
    CHECK_FALSE(is_person_number("0181900000x"));
}

TEST_CASE("ids: bytes become hexadecimal text") {
    CHECK(to_hex(std::string("\x00\x7f\xff", 3)) == "007fff");
    CHECK(to_hex("").empty());
}
