#include "gateway/crypto/api_key.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/trace_context.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

/// Counts up: every byte another.
class Counting final : public core::Randomness {
public:
    void random(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            byte = next_++;
        }
    }

private:
    std::uint8_t next_ = 0;
};

constexpr const char* given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

}   // namespace

TEST_CASE("view: an event cursor reads back, and nothing else is one") {
    CHECK(view::read_cursor(view::write_cursor(0)) == 0);
    CHECK(view::read_cursor(view::write_cursor(1234567890123)) == 1234567890123);
    for (const auto* text : {"", "e", "12", "e12x", "e-1", "e99999999999999999999999"}) {
        CHECK_FALSE(view::read_cursor(text));
    }
}

TEST_CASE("view: a caller's trace goes on, and a bad one is replaced by a new") {
    Counting random;
    CHECK(view::trace_of(given, random) == "4bf92f3577b34da6a3ce929d0e0e4736");
    const std::string zeros = "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01";
    for (const auto& text :
         {std::string(), std::string("00-x"), zeros, std::string(given).replace(5, 1, "G")}) {
        const auto trace = view::trace_of(text, random);
        CHECK(trace.size() == 32);
        CHECK(trace != std::string(32, '0'));
    }
    CHECK(view::traceparent_of("4bf92f3577b34da6a3ce929d0e0e4736", random).size() == 55);
}

TEST_CASE("view: a key that was made is read back, and its hash is of the secret alone") {
    Counting random;
    const auto key = crypto::make_api_key(random);
    CHECK(key.id == "0123456789ab");
    const auto read = crypto::parse_api_key("bEARER " + key.text());
    REQUIRE(read);
    CHECK(read->id == key.id);
    CHECK(read->secret_hash() == key.secret_hash());
    for (const auto& text : {key.secret, "slu_" + key.id, "slu__" + key.secret, key.text() + "=",
                             "SLU" + key.text().substr(3)}) {
        CHECK_FALSE(crypto::read_api_key(text));
    }
    CHECK_FALSE(crypto::parse_api_key("Basic " + key.text()));
}
