#pragma once

// A stream of bytes to a component, for protocols that are not HTTP (AMQP): reached and verified by
// the gateway as its HTTPS is.

#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/task.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace gateway::sdk {

struct StreamTarget {
    std::string host;   // a name or an address; with TLS the certificate must be for it
    std::uint16_t port = 0;
    bool tls = true;   // false: to a loopback address only

    StreamTarget() = default;
    StreamTarget(std::string name, std::uint16_t number, bool secured)
        : host(std::move(name)), port(number), tls(secured) {}
};

/// On one strand. A read and a write may wait at the same time; a cancelled call leaves nothing
/// behind but a stream to be thrown away. Destroying it closes it at once.
class Stream {
public:
    virtual ~Stream() = default;
    /// At least one byte; 0: the peer closed. `unreachable` when the connection is lost or closed.
    virtual Task<Result<std::size_t>> read_some(std::span<char> out) = 0;
    /// All of it, or `unreachable`.
    virtual Task<Result<void>> write(std::string bytes) = 0;
    /// What waits ends with `unreachable`.
    virtual void close() = 0;
};

class Streams {
public:
    virtual ~Streams() = default;
    /// `unreachable`, `timed_out`, tls_*; `invalid_argument` for plain bytes to another machine.
    virtual Task<Result<std::unique_ptr<Stream>>> connect(StreamTarget target,
                                                          Deadline deadline) = 0;
};

}   // namespace gateway::sdk
