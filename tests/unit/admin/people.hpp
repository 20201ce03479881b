#pragma once

// People with accounts, and their browsers.

#include "gateway/crypto/totp.hpp"
#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace tests::admin {

inline std::string base32_decode(const std::string& text) {
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned int held = 0;
    for (const char c : text) {
        bits = (bits << 5U) | static_cast<std::uint32_t>(alphabet.find(c));
        held += 5;
        if (held >= 8) {
            held -= 8;
            bytes += static_cast<char>((bits >> held) & 0xffU);
        }
    }
    return bytes;
}

struct Person {
    std::string name;
    std::string password;
    std::string secret;
};

inline Person add(World& world, const std::string& name, const std::string& role,
                  const std::string& tenant) {
    const auto body = R"({"name":")" + name + R"(","roles":[{"role":")" + role + R"(","tenant":")" +
                      tenant + R"("}],"why":"ny på vakt"})";
    const auto made = world.post("/admin/v1/accounts", body);
    REQUIRE(made.status == 201);
    const auto view = World::json(made);
    return {name, view["password"].as_string(), base32_decode(view["totpSecret"].as_string())};
}

inline http::Response try_sign_in(World& world, const Person& person, const std::string& code,
                                  sdk::Headers headers = {}) {
    json::Value body = json::Value::object();
    body.set("name", person.name).set("password", person.password).set("code", code);
    return world.call({.method = "POST",
                       .target = "/admin/v1/session",
                       .body = json::write(body),
                       .headers = std::move(headers),
                       .uid = {}});
}

struct Signed {
    sdk::Headers look;
    sdk::Headers act;
};

inline Signed sign_in(World& world, const Person& person) {
    const auto code = crypto::totp_code(person.secret, crypto::totp_step(world.clock.now()));
    const auto answer = try_sign_in(world, person, code);
    REQUIRE(answer.status == 201);
    const std::string cookie(sdk::find_header(answer.headers, "Set-Cookie"));
    Signed in;
    in.look = {{"Cookie", "annet=1; " + cookie.substr(0, cookie.find(';'))}};
    in.act = in.look;
    in.act.emplace_back("X-CSRF-Token", World::json(answer)["csrf"].as_string());
    return in;
}

}   // namespace tests::admin
