#include "gateway/admin/identity.hpp"

#include "gateway/crypto/api_key.hpp"
#include "gateway/crypto/digest.hpp"

namespace gateway::admin {

sdk::Task<core::Result<Entrance>> Doorkeeper::look(const http::Request& request) {
    Entrance entrance;
    if (request.peer_uid) {
        entrance.known_peer = true;
        entrance.admitted = *request.peer_uid == 0 || *request.peer_uid == own_uid_;
        entrance.who = *request.peer_uid == 0 ? "root" : "uid " + std::to_string(*request.peer_uid);
        if (entrance.admitted) {
            co_return entrance;
        }
    }
    const auto key = crypto::parse_api_key(request.header("Authorization"));
    if (!key) {
        co_return entrance;
    }
    const auto credential = co_await store_.find_credential(key->id);
    if (!credential) {
        co_return credential.error();
    }
    // An unknown key costs the same comparison as a known one.
    const auto given = key->secret_hash();
    const std::string expected =
        credential->has_value() ? (*credential)->secret_hash : std::string(given.size(), '\0');
    const bool same = crypto::equal_in_constant_time(given, expected);
    if (same && credential->has_value() && !(*credential)->revoked &&
        (*credential)->kind == "admin") {
        entrance.admitted = true;
        entrance.who = "key " + key->id;
    }
    co_return entrance;
}

}   // namespace gateway::admin
