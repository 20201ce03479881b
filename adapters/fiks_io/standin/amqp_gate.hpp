#pragma once

// The address that clients of the broker know: passes bytes on to wherever the broker is now, also
// after it has come back on another port, and imitates a network that fails. TLS goes through
// untouched.

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

namespace gateway::fiks_io::standin {

/// One thread, the executor's.
class AmqpGate {
public:
    /// Listens on 127.0.0.1 at once; port 0: any. Throws std::runtime_error.
    AmqpGate(boost::asio::any_io_executor executor, std::uint16_t port);
    ~AmqpGate();
    AmqpGate(const AmqpGate&) = delete;
    AmqpGate& operator=(const AmqpGate&) = delete;

    std::uint16_t port() const;
    /// Where the broker is; 0: nowhere, and who comes is sent away.
    void lead_to(std::uint16_t port);
    /// Resets every connection.
    void cut();
    /// New connections are reset at once.
    void refuse(bool on);
    /// Nothing goes through in either direction; connections stay.
    void stall(bool on);
    /// The next connection is reset after so many bytes from the broker: in the middle of a frame.
    void cut_next_after(std::uint64_t bytes);

    std::uint64_t accepted() const;
    std::size_t connections() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;   // handlers under way may outlive the gate
};

}   // namespace gateway::fiks_io::standin
