#include "gateway/seal/zip_packing.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/seal/zip_format.hpp"

#include <zlib.h>

#include <array>

namespace gateway::seal::zip {
namespace {

constexpr int raw_deflate = -MAX_WBITS;
constexpr std::size_t piece_bytes = 16 * 1024;
constexpr std::size_t taken_max = 1U << 30U;   // zlib counts in 32 bits
constexpr std::size_t block_bytes = 32 * 1024;

}   // namespace

struct Compressing::Impl {
    z_stream stream{};
    std::array<char, piece_bytes> made{};

    Impl() {
        GATEWAY_ASSERT(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, raw_deflate, 8,
                                    Z_DEFAULT_STRATEGY) == Z_OK);
    }
    ~Impl() { deflateEnd(&stream); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
};

Compressing::Compressing() = default;
Compressing::~Compressing() = default;

void Compressing::begin() {
    if (impl_ == nullptr) {
        impl_ = std::make_unique<Impl>();
    } else {
        GATEWAY_ASSERT(deflateReset(&impl_->stream) == Z_OK);
    }
}

std::uint64_t Compressing::run(std::string_view bytes, bool last, std::string& out) {
    z_stream& stream = impl_->stream;
    const std::size_t before = out.size();
    do {
        const std::string_view piece = bytes.substr(0, taken_max);
        bytes.remove_prefix(piece.size());
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
        stream.avail_in = static_cast<uInt>(piece.size());
        do {
            stream.next_out = reinterpret_cast<Bytef*>(impl_->made.data());
            stream.avail_out = static_cast<uInt>(impl_->made.size());
            const int done = deflate(&stream, last && bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
            GATEWAY_ASSERT(done == Z_OK || done == Z_STREAM_END || done == Z_BUF_ERROR);
            out.append(impl_->made.data(), impl_->made.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    } while (!bytes.empty());
    return out.size() - before;
}

std::uint64_t Storing::run(std::string_view bytes, bool last, std::string& out) {
    const std::size_t before = out.size();
    while (held_.size() + bytes.size() > block_bytes) {
        const std::string_view piece = bytes.substr(0, block_bytes - held_.size());
        bytes.remove_prefix(piece.size());
        held_ += piece;
        put(false, out);
    }
    held_ += bytes;
    if (last) {
        put(true, out);
    }
    return out.size() - before;
}

void Storing::put(bool last, std::string& out) {
    const auto size = static_cast<std::uint16_t>(held_.size());
    out += static_cast<char>(last ? 1 : 0);
    append(out, size);
    append(out, static_cast<std::uint16_t>(~size));
    out += held_;
    held_.clear();
}

}   // namespace gateway::seal::zip
