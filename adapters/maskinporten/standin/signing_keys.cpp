#include "adapters/maskinporten/standin/signing_keys.hpp"

#include "adapters/common/standin/http_tools.hpp"

namespace gateway::maskinporten::standin {

using gateway::standin::Key;
using json::Value;

namespace {
constexpr std::size_t keys_published = 2;
}

SigningKeys::SigningKeys(std::string folder) : folder_(std::move(folder)) {
    const auto text = gateway::standin::read_file(folder_ + "/signing.json");
    const auto stored = text ? json::parse_or_failure(*text) : json::parse_or_failure("[]");
    if (stored) {
        for (const Value& item : stored->items()) {
            auto key = Key::from_private_pem(item["pem"].as_string());
            if (key) {
                keys_.push_back({item["kid"].as_string(), *key});
            }
        }
    }
    if (keys_.empty()) {
        while (keys_.size() < keys_published) {
            keys_.push_back(make());
        }
        gateway::standin::make_directory(folder_);
        save();
    }
}

SigningKeys::Named SigningKeys::make() {
    return {gateway::standin::base64url(gateway::standin::random_bytes(32)), Key::generate(2048)};
}

void SigningKeys::roll_over(bool drop_all) {
    if (drop_all) {
        keys_.clear();
    }
    keys_.insert(keys_.begin(), make());
    if (keys_.size() > keys_published) {
        keys_.resize(keys_published);
    }
    save();
}

Value SigningKeys::jwks() const {
    Value keys = Value::array();
    for (const Named& named : keys_) {
        keys.push(named.key.public_jwk(named.kid));
    }
    Value out;
    out.set("keys", std::move(keys));
    return out;
}

std::string SigningKeys::sign(const Value& payload) const {
    return gateway::standin::make_jws(keys_.front().key, keys_.front().kid, payload);
}

void SigningKeys::save() const {
    Value out = Value::array();
    for (const Named& named : keys_) {
        Value item;
        item.set("kid", named.kid).set("pem", named.key.private_pem());
        out.push(std::move(item));
    }
    gateway::standin::write_file(folder_ + "/signing.json", json::write_pretty(out));
}

}   // namespace gateway::maskinporten::standin
