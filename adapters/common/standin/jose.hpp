#pragma once

// Keys and compact JWS of the stand-ins' own, on OpenSSL directly: nothing here is shared with what
// the adapters use, so that a mistake in one shows in the other.

#include "gateway/json/value.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace gateway::standin {

std::string base64url(std::string_view bytes);
/// Without padding; nothing for anything else.
std::optional<std::string> from_base64url(std::string_view text);
std::string base64(std::string_view bytes);
/// Padded, one line; nothing for anything else.
std::optional<std::string> from_base64(std::string_view text);
std::string sha256_hex(std::string_view bytes);

/// An RSA key, public or private. Copies share it; any thread.
class Key {
public:
    Key() = default;
    explicit Key(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
    /// Throws std::runtime_error when OpenSSL refuses (as do the others that make something).
    static Key generate(unsigned bits);
    static std::optional<Key> from_private_pem(std::string_view pem);
    static std::optional<Key> from_public_pem(std::string_view pem);
    /// {"kty":"RSA","n","e"}; private members are not looked at.
    static std::optional<Key> from_jwk(const json::Value& jwk);

    bool empty() const { return !key_; }
    std::string private_pem() const;
    std::string public_pem() const;
    /// {"kty","use","alg","kid","n","e"}.
    json::Value public_jwk(std::string_view kid) const;
    /// RSASSA-PKCS1-v1_5 with the digest of RS256, RS384 or RS512.
    std::string sign(std::string_view algorithm, std::string_view text) const;
    bool verify(std::string_view algorithm, std::string_view text,
                std::string_view signature) const;
    evp_pkey_st* get() const { return key_.get(); }

private:
    std::shared_ptr<evp_pkey_st> key_;
};

/// A compact JWS taken apart, nothing verified.
struct Jws {
    json::Value header;
    json::Value payload;
    std::string signed_text;
    std::string signature;
};

/// Nothing unless it is three base64url parts, header and payload JSON objects.
std::optional<Jws> split_jws(std::string_view compact);
/// {"alg":"RS256","kid":...}.payload.signature
std::string make_jws(const Key& key, std::string_view kid, const json::Value& payload);
bool is_rs_algorithm(std::string_view algorithm);

}   // namespace gateway::standin
