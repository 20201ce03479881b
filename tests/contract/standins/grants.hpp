#pragma once

// Grants as a client would make them, by OpenSSL directly.

#include "gateway/json/value.hpp"
#include "tests/contract/standins/child.hpp"

#include <string>

namespace gateway::tests::standins {

std::string base64url(std::string_view bytes);
/// header.payload.signature, signed with SHA-256 whatever the header says.
std::string sign(const json::Value& header, const json::Value& claims, const std::string& key_pem);

/// The sandbox's client of one Maskinporten stand-in.
class Grants {
public:
    explicit Grants(const Child& maskinporten);

    json::Value header() const;   // x5c, from the business certificate
    json::Value claims() const;   // right, with a jti of its own
    std::string key() const;
    /// POST /token with what is given.
    Answer token(const json::Value& header, const json::Value& claims,
                 const std::string& key_pem) const;
    Answer token(const json::Value& claims) const { return token(header(), claims, key()); }
    std::string access_token() const;

private:
    const Child& maskinporten_;
    std::string key_;
    std::string leaf_;
};

}   // namespace gateway::tests::standins
