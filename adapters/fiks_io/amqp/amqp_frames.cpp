#include "adapters/fiks_io/amqp/amqp_frames.hpp"

namespace gateway::fiks_io::amqp {

using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::size_t head_bytes = 7;
constexpr unsigned char end_octet = 0xCE;

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

bool is_known(unsigned type) {
    return type == 1 || type == 2 || type == 3 || type == 8;
}

}   // namespace

void FrameReader::add(std::string_view bytes) {
    buffer_.erase(0, at_);
    at_ = 0;
    buffer_.append(bytes);
}

Failure FrameReader::fail(Failure why) {
    failed_ = std::move(why);
    return *failed_;
}

Result<std::optional<Frame>> FrameReader::next() {
    if (failed_) {
        return *failed_;
    }
    const std::string_view left = std::string_view(buffer_).substr(at_);
    if (left.empty()) {
        return std::optional<Frame>();
    }
    const unsigned type = byte_at(left, 0);
    if (!is_known(type)) {
        return fail(Failure(Errc::malformed, type == 'A' ? "the broker speaks another version"
                                                         : "a frame of unknown type"));
    }
    if (left.size() < head_bytes) {
        return std::optional<Frame>();
    }
    const std::uint32_t size = byte_at(left, 3) << 24U | byte_at(left, 4) << 16U |
                               byte_at(left, 5) << 8U | byte_at(left, 6);
    if (size > frame_max_ - frame_overhead) {
        return fail(Failure(Errc::too_large, "a frame above the size agreed on"));
    }
    if (left.size() < size + frame_overhead) {
        return std::optional<Frame>();
    }
    if (byte_at(left, head_bytes + size) != end_octet) {
        return fail(Failure(Errc::malformed, "a frame without its end octet"));
    }
    Frame frame;
    frame.type = static_cast<FrameType>(type);
    frame.channel = static_cast<std::uint16_t>(byte_at(left, 1) << 8U | byte_at(left, 2));
    frame.payload = left.substr(head_bytes, size);
    at_ += size + frame_overhead;
    return std::optional<Frame>(frame);
}

std::string write_frame(FrameType type, std::uint16_t channel, std::string_view payload) {
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::string bytes;
    bytes.reserve(payload.size() + frame_overhead);
    bytes.push_back(static_cast<char>(type));
    bytes.push_back(static_cast<char>(channel >> 8U));
    bytes.push_back(static_cast<char>(channel & 0xFFU));
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        bytes.push_back(static_cast<char>(size >> shift & 0xFFU));
    }
    bytes.append(payload);
    bytes.push_back(static_cast<char>(end_octet));
    return bytes;
}

}   // namespace gateway::fiks_io::amqp
