// National ids: check digits, dates, D-numbers, synthetic persons, the series from 2032 on.

#include "gateway/records/national_id.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <random>

using namespace gateway::records;

namespace {

const NationalIdRules strict(false, false);
const NationalIdRules relaxed(true, false);
const NationalIdRules all(true, true);

/// Nine digits with check digits that leave `left` over in the first control; empty when a digit
/// would be ten. Written apart from what it tests.
std::string with_checks(const std::string& nine, int left) {
    const std::array<int, 9> first{3, 7, 6, 1, 8, 9, 4, 5, 2};
    const std::array<int, 10> second{5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i) {
        sum += (nine[i] - '0') * first[i];
    }
    const int k1 = ((left - sum) % 11 + 11) % 11;
    if (k1 == 10) {
        return {};
    }
    const std::string ten = nine + std::to_string(k1);
    sum = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        sum += (ten[i] - '0') * second[i];
    }
    const int k2 = (11 - sum % 11) % 11;
    return k2 == 10 ? std::string() : ten + std::to_string(k2);
}

std::string nine(int day, int month, int year, int individual) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02d%02d%02d%03d", day, month, year, individual);
    return text.data();
}

std::string some(int day, int month, int year, int left) {
    for (int individual = 0; individual < 1000; ++individual) {
        const auto id = with_checks(nine(day, month, year, individual), left);
        if (!id.empty()) {
            return id;
        }
    }
    return {};
}

}   // namespace

TEST_CASE("national id: numbers with both check digits right are taken, any changed digit is not") {
    std::mt19937 random(20261126);
    int taken = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto id = with_checks(
            nine(1 + static_cast<int>(random() % 28), 1 + static_cast<int>(random() % 12),
                 static_cast<int>(random() % 100), static_cast<int>(random() % 1000)),
            0);
        if (id.empty()) {
            continue;
        }
        ++taken;
        REQUIRE(read_national_id(id, strict));
        auto wrong = id;
        const auto at = random() % 11;
        wrong[at] =
            static_cast<char>('0' + (wrong[at] - '0' + 1 + static_cast<int>(random() % 9)) % 10);
        CHECK_FALSE(read_national_id(wrong, strict));
    }
    CHECK(taken > 1000);
}

TEST_CASE("national id: a first control of 1, 2 or 3 is taken of the series from 2032 on alone") {
    for (int left = 0; left < 11; ++left) {
        const auto id = some(7, 5, 33, left);
        REQUIRE_FALSE(id.empty());
        INFO(left);
        CHECK(read_national_id(id, strict).has_value() == (left == 0));
        const auto read = read_national_id(id, relaxed);
        CHECK(read.has_value() == (left <= 3));
        if (read) {
            CHECK(read->relaxed == (left != 0));
        }
    }
}

TEST_CASE("national id: D-numbers are told apart, synthetic persons are taken in test alone") {
    const auto d_number = read_national_id(some(41, 1, 80, 0), strict);
    REQUIRE(d_number);
    CHECK(d_number->d_number);
    CHECK_FALSE(d_number->synthetic);
    for (const int series : {40, 65, 80}) {
        for (const int day : {1, 41}) {
            const auto id = some(day, series + 12, 80, 0);
            CHECK_FALSE(read_national_id(id, strict));
            const auto read = read_national_id(id, all);
            REQUIRE(read);
            CHECK(read->synthetic);
            CHECK(read->d_number == (day > 40));
        }
    }
}

TEST_CASE("national id: days and months that are none are refused, whatever the check digits say") {
    for (const auto& [day, month] : {std::pair{0, 1},
                                     {32, 1},
                                     {31, 4},
                                     {30, 2},
                                     {72, 1},
                                     {80, 1},
                                     {1, 0},
                                     {1, 13},
                                     {1, 40},
                                     {1, 53},
                                     {1, 65},
                                     {1, 78},
                                     {1, 80},
                                     {1, 93},
                                     {99, 99}}) {
        INFO(day << "." << month);
        CHECK_FALSE(read_national_id(some(day, month, 80, 0), all));
    }
    CHECK(read_national_id(some(29, 2, 96, 0), strict));
    CHECK_FALSE(read_national_id(some(29, 2, 97, 0), strict));
}

TEST_CASE("national id: anything but eleven digits is refused") {
    const auto id = some(1, 1, 80, 0);
    for (const std::string& text :
         {std::string(), id.substr(1), id + "0", " " + id, id + " ",
          id.substr(0, 6) + " " + id.substr(6), std::string("abcdefghijk"), std::string(11, '\0'),
          "-" + id.substr(1)}) {
        CHECK_FALSE(read_national_id(text, all));
    }
}

TEST_CASE("national id: what is shown hides the last five digits, and all of what is none") {
    const auto id = some(1, 1, 80, 0);
    CHECK(masked(id) == id.substr(0, 6) + "*****");
    CHECK(masked("123") == "***");
    CHECK(masked("abcdefghijk") == "***********");
    CHECK(masked("").empty());
}

TEST_CASE("national id: one inside another text is seen") {
    const auto id = some(1, 1, 80, 0);
    CHECK(looks_like_national_id(id));
    CHECK(looks_like_national_id("barn-" + id));
    CHECK(looks_like_national_id(id + "-1"));
    CHECK(looks_like_national_id(some(1, 81, 80, 2)));
    CHECK_FALSE(looks_like_national_id("1" + id));
    CHECK_FALSE(looks_like_national_id("skole-17"));
    CHECK_FALSE(looks_like_national_id(""));
}
