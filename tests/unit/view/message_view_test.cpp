#include "gateway/view/message_view.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

class Counting final : public core::Randomness {
public:
    void random(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            byte = next_++;
        }
    }

private:
    std::uint8_t next_ = 1;
};

}   // namespace

TEST_CASE("view: of an archive's case only where it is, never its parties") {
    Counting random;
    const crypto::Vault vault(crypto::SecretKey(std::array<std::uint8_t, 32>{7}));
    ports::MessageView message;
    message.type = "archive/v1";
    const auto owner = message.id.to_bytes();
    auto made = vault.new_key(random, owner);
    message.wrapped_key = made.wrapped;
    message.sealed_content = made.key.seal(
        random, "content", owner,
        R"({"type":"archive","reference":"R","case":{"system":"B","id":"17/2026","year":2026,
            "title":"Ola Nordmann","parties":[{"name":"Ola Nordmann"}]}})");
    const auto view = view::message_view(message, vault, texts::Language::nb);
    CHECK(json::write(view["case"]) == R"({"system":"B","id":"17/2026","year":2026})");
    CHECK(view["reference"].as_string() == "R");
    CHECK(json::write(view).find("Nordmann") == std::string::npos);
}
