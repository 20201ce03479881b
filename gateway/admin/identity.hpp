#pragma once

// Who may operate: on the Unix socket root or the user `serve` runs as, told by the kernel; on TCP
// the holder of an admin key. Missing, malformed, unknown and revoked keys, and keys of systems,
// are told apart by nobody.

#include "gateway/http/message.hpp"
#include "gateway/ports/store.hpp"

#include <cstdint>
#include <string>

namespace gateway::admin {

struct Entrance {
    bool admitted = false;
    bool known_peer = false;   // a user of this machine, but not one who may
    std::string who;           // "root", "uid 997", "key 3f9a2k1b7c0d"

    Entrance() = default;
};

/// Any thread. Nothing is remembered: a revoked key is out with the next call.
class Doorkeeper {
public:
    Doorkeeper(ports::Store& store, std::uint32_t own_uid) : store_(store), own_uid_(own_uid) {}
    /// A failure only when the store cannot be asked.
    sdk::Task<core::Result<Entrance>> look(const http::Request& request);

private:
    ports::Store& store_;
    std::uint32_t own_uid_;
};

}   // namespace gateway::admin
