#pragma once

#include "tests/contract/standins/child.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

namespace gateway::tests::standins {

/// A message as tests/support/digital_post_messages.py has built it.
struct Built {
    std::string jwt;
    std::string cms;
    json::Value payload() const;
    std::string id() const;
    std::string conversation() const;
};

/// The middle part of a compact JWS, unverified.
json::Value payload_of(const std::string& compact);

/// Corner 2 a thousand times faster than the real one, and the Maskinporten whose tokens it takes.
class DigitalPost {
public:
    /// Options replace ours.
    explicit DigitalPost(std::vector<std::string> options = {"--time-scale", "1000"});

    /// Starts the stand-in again with the same memory.
    void restart();
    void kill() { post_->kill(); }

    std::string token(const json::Value& wanted = object("{}")) const;
    /// What an order needs, with `changes` over it.
    json::Value order(const json::Value& changes = object("{}")) const;
    /// Runs the builder once for all orders.
    std::vector<Built> build(const std::vector<json::Value>& changes) const;
    Built build(const json::Value& changes = object("{}")) const;

    /// POST /messages/out with the two parts.
    Answer send(const Built& message, const std::string& bearer = {},
                const std::string& query = {}) const;
    Answer send_body(const std::string& body, const std::string& query = {}) const;
    Answer get(const std::string& path, const std::string& bearer = {}) const;
    Answer post(const std::string& path, const std::string& bearer = {}) const;
    void fault(const char* command) const;
    void clock(std::int64_t skew_seconds) const;
    /// Sends it, which has to go well.
    void accept(const Built& message, const std::string& query = {}) const;

    /// Payloads of what is unread, in order.
    std::vector<json::Value> receipts(const std::string& query = {}) const;
    /// Asks again until so many are unread; the stand-in's own clock decides.
    std::vector<json::Value> until(std::size_t count, const std::string& query = {}) const;
    /// What the stand-in remembers about a message; null for an unknown one.
    json::Value remembered(const std::string& id) const;

    const Child& child() const { return *post_; }
    const Child& maskinporten() const { return maskinporten_; }
    std::string certificates() const { return folder_.path() + "/certificates"; }
    std::string folder() const { return folder_.path(); }
    const std::string& bearer() const { return token_; }

private:
    std::string prepared() const;

    TemporaryFolder folder_;
    std::vector<std::string> options_;
    Child maskinporten_;
    std::unique_ptr<Child> post_;
    std::string token_;
};

/// Header and body parts of a receipt.
std::string type_of(const json::Value& receipt);
std::string conversation_of(const json::Value& receipt);
json::Value body_of(const json::Value& receipt);

std::string multipart(const std::string& jwt, const std::string& cms);
constexpr const char* multipart_type = "multipart/form-data; boundary=-grense-4711";

}   // namespace gateway::tests::standins
