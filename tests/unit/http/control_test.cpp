#include "gateway/http/control.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using namespace gateway;

TEST_CASE("http: a control character is found wherever it stands, and nothing else is") {
    std::mt19937 random(7);
    for (int turn = 0; turn < 2000; ++turn) {
        std::string text(random() % 40, 'a');
        for (char& c : text) {
            const auto any = static_cast<char>(random() % 256);
            c = random() % 12 == 0 ? any : static_cast<char>(0x20 + any % 0x5f);
        }
        for (std::size_t from = 0; from <= text.size(); ++from) {
            std::size_t expected = from;
            while (expected < text.size() && !http::is_control(text[expected])) {
                ++expected;
            }
            REQUIRE(http::find_control(text, from) == expected);
        }
    }
}
