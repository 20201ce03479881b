#include "adapters/common/standin/containers/zip_maker.hpp"

#include <zlib.h>

#include <stdexcept>

namespace gateway::standin {

namespace {

constexpr std::uint32_t local_signature = 0x04034B50;
constexpr std::uint32_t central_signature = 0x02014B50;
constexpr std::uint32_t end_signature = 0x06054B50;
constexpr std::uint16_t version = 20;
constexpr std::uint16_t utf8_flag = 1U << 11U;
constexpr std::uint16_t first_day = 0x21;   // 1 January 1980
constexpr int raw_window = -15;

void append(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        out.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
    }
}

std::string deflated(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_window, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib refuses");
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END) {
        throw std::runtime_error("zlib refuses");
    }
    return out;
}

}   // namespace

void ZipMaker::store(std::string_view name, std::string_view bytes, std::string_view comment) {
    add(name, bytes, bytes, 0, comment);
}

void ZipMaker::deflate(std::string_view name, std::string_view bytes) {
    add(name, bytes, deflated(bytes), Z_DEFLATED, {});
}

void ZipMaker::add(std::string_view name, std::string_view bytes, std::string_view packed,
                   std::uint16_t method, std::string_view comment) {
    const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    std::string common;   // what local header and directory share
    append(common, version, 2);
    append(common, utf8_flag, 2);
    append(common, method, 2);
    append(common, 0, 2);
    append(common, first_day, 2);
    append(common, sum, 4);
    append(common, packed.size(), 4);
    append(common, bytes.size(), 4);
    append(common, name.size(), 2);
    append(common, 0, 2);
    append(directory_, central_signature, 4);
    append(directory_, version, 2);
    directory_ += common;
    append(directory_, comment.size(), 2);
    append(directory_, 0, 8);   // disk, attributes
    append(directory_, out_.size(), 4);
    directory_.append(name).append(comment);
    append(out_, local_signature, 4);
    out_.append(common).append(name).append(packed);
    ++count_;
}

std::string ZipMaker::finish(std::string_view comment) {
    const std::size_t at = out_.size();
    out_ += directory_;
    append(out_, end_signature, 4);
    append(out_, 0, 4);
    append(out_, count_, 2);
    append(out_, count_, 2);
    append(out_, directory_.size(), 4);
    append(out_, at, 4);
    append(out_, comment.size(), 2);
    out_.append(comment);
    return std::move(out_);
}

}   // namespace gateway::standin
