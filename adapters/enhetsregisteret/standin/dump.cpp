#include "adapters/enhetsregisteret/standin/dump.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace gateway::enhetsregisteret::standin {
namespace {

constexpr std::size_t units_at_once = 200;
constexpr int gzip = 15 + 16;

class Dump final : public sdk::ByteSource {
public:
    Dump(const Book& book, Kind kind, std::uint64_t cut_after)
        : book_(book), kind_(kind), cut_after_(cut_after) {
        if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, gzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::runtime_error("zlib");
        }
    }
    ~Dump() override { deflateEnd(&stream_); }
    Dump(const Dump&) = delete;
    Dump& operator=(const Dump&) = delete;

    sdk::Task<sdk::Result<std::size_t>> read(std::span<char> out) override {
        while (packed_.empty() && !ended_) {
            pack(next());
        }
        if (cut_after_ > 0 && sent_ >= cut_after_) {
            co_return core::Failure(core::Errc::closed, "cut on purpose");
        }
        std::size_t count = std::min(out.size(), packed_.size());
        if (cut_after_ > 0) {
            count = std::min<std::size_t>(count, cut_after_ - sent_);
        }
        std::copy_n(packed_.begin(), count, out.begin());
        packed_.erase(0, count);
        sent_ += count;
        co_return count;
    }
    std::optional<std::uint64_t> size() const override { return std::nullopt; }

private:
    /// The text of the next units; the end with the last.
    std::string next() {
        std::string text = index_ == 0 ? "[" : "";
        const std::size_t all = book_.size(kind_);
        for (std::size_t i = 0; i < units_at_once && index_ < all; ++i, ++index_) {
            const json::Value unit = book_.at(kind_, index_);
            if (!unit.has("slettedato") && !unit.has("removed")) {
                text += (first_ ? "\n" : ",\n") + json::write(unit);
                first_ = false;
            }
        }
        last_ = index_ >= all;
        return last_ ? text + "\n]\n" : text;
    }

    void pack(std::string text) {
        stream_.next_in = reinterpret_cast<Bytef*>(text.data());
        stream_.avail_in = static_cast<uInt>(text.size());
        std::string piece(64U << 10U, '\0');
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
            stream_.avail_out = static_cast<uInt>(piece.size());
            const int result = deflate(&stream_, last_ ? Z_FINISH : Z_NO_FLUSH);
            packed_.append(piece, 0, piece.size() - stream_.avail_out);
            ended_ = result == Z_STREAM_END;
        } while (stream_.avail_out == 0);
    }

    const Book& book_;
    Kind kind_;
    std::uint64_t cut_after_;
    z_stream stream_{};
    std::size_t index_ = 0;
    bool first_ = true;
    bool last_ = false;
    bool ended_ = false;
    std::string packed_;
    std::uint64_t sent_ = 0;
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_dump(const Book& book, Kind kind, std::uint64_t cut_after) {
    return std::make_unique<Dump>(book, kind, cut_after);
}

}   // namespace gateway::enhetsregisteret::standin
