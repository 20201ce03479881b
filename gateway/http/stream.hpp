#pragma once

// One connection's bytes, whatever carries them: TCP, a Unix socket, TLS over either. Sessions and
// client connections are compiled once against this.

#include "gateway/sdk/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace gateway::http {

using Socket = boost::asio::generic::stream_protocol::socket;
using boost::system::error_code;

/// All calls on the strand of the socket. One read and one write at a time. Errors come as Asio's;
/// the end of the peer's bytes is asio::error::eof (TLS without close_notify:
/// asio::ssl::error::stream_truncated).
class Stream {
public:
    virtual ~Stream() = default;

    /// Waits until bytes, or their end, are there. Holds no buffer meanwhile.
    virtual sdk::Task<void> wait_readable(error_code& error) = 0;
    virtual sdk::Task<std::size_t> read_some(std::span<char> out, error_code& error) = 0;
    virtual sdk::Task<std::size_t> write_some(std::span<const char> bytes, error_code& error) = 0;
    /// What can be had or sent without waiting; `would_block` otherwise.
    virtual std::size_t try_read(std::span<char> out, error_code& error) = 0;
    virtual std::size_t try_write(std::span<const char> bytes, error_code& error) = 0;
    /// TLS: the server's side of the handshake. Plain: nothing.
    virtual sdk::Task<void> accept_handshake(error_code& error) = 0;
    /// Says that no more will be sent: TLS close_notify, then FIN. May wait for the peer; cancel()
    /// ends that.
    virtual sdk::Task<void> finish() = 0;
    virtual bool tls() const = 0;
    /// DER of the peer's verified certificate; empty when none.
    virtual std::string peer_certificate() const = 0;

    /// Ends what is waiting with operation_aborted; the stream stays usable.
    void cancel() noexcept;
    void close() noexcept;
    /// The peer has closed its side or is gone, whatever bytes it left unread. One system call.
    bool peer_gone() const noexcept;
    /// Bytes (or the end) are waiting in the kernel. One system call.
    bool readable_now() const noexcept;
    /// Bytes are held that the kernel no longer has.
    virtual bool holds_bytes() const noexcept { return false; }
    std::string peer_address() const;   // without port; empty on Unix sockets
    std::optional<std::uint32_t> peer_uid() const;

protected:
    virtual Socket& socket() = 0;
    virtual const Socket& socket() const = 0;
};

/// Of try_read() and try_write().
bool would_block(const error_code& error) noexcept;
/// The peer has sent all it wanted to, with or without TLS's close_notify.
bool is_end(const error_code& error) noexcept;

/// Makes the socket non-blocking, and quick (TCP_NODELAY) where that means something.
std::unique_ptr<Stream> make_plain_stream(Socket socket);
void prepare(Socket& socket);

}   // namespace gateway::http
