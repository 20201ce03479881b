#pragma once

// The frames of AMQP 0-9-1 (specification 4.2.3): type, channel, size, payload, end octet. Pure.

#include "gateway/core/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::fiks_io::amqp {

enum class FrameType : std::uint8_t { method = 1, header = 2, body = 3, heartbeat = 8 };

/// A whole frame; its payload lives until the next call of its reader.
struct Frame {
    FrameType type = FrameType::heartbeat;
    std::uint16_t channel = 0;
    std::string_view payload;

    Frame() = default;
};

inline constexpr std::size_t frame_overhead = 8;   // head of seven bytes, end octet
/// The largest frame we take and propose; brokers propose the same.
inline constexpr std::uint32_t frame_bytes_max = 131'072;

/// What opens a connection (specification 4.2.2).
inline constexpr std::string_view protocol_header{"AMQP\x00\x00\x09\x01", 8};

/// Cuts a stream of bytes into frames. Holds no more than one frame and what came with it.
class FrameReader {
public:
    /// Negotiated; frames above it are `too_large`.
    void limit(std::uint32_t bytes) { frame_max_ = bytes; }
    void add(std::string_view bytes);
    /// The next whole frame; nothing: more bytes are needed. `malformed` (also for a protocol
    /// header, by which a broker says that it speaks another version) and `too_large` are final.
    core::Result<std::optional<Frame>> next();
    std::size_t waiting() const { return buffer_.size() - at_; }

private:
    core::Failure fail(core::Failure why);

    std::string buffer_;
    std::size_t at_ = 0;   // read so far
    std::uint32_t frame_max_ = frame_bytes_max;
    std::optional<core::Failure> failed_;
};

/// A frame as bytes.
std::string write_frame(FrameType type, std::uint16_t channel, std::string_view payload);

}   // namespace gateway::fiks_io::amqp
