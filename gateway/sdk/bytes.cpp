#include "gateway/sdk/bytes.hpp"

#include <algorithm>
#include <array>

namespace gateway::sdk {

Task<Result<void>> ByteSource::skip(std::uint64_t count) {
    std::array<char, 16384> block{};
    while (count > 0) {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(count, block.size()));
        const auto got = co_await read(std::span(block).first(most));
        if (!got) {
            co_return got.error();
        }
        if (*got == 0) {
            co_return Failure(Errc::invalid_argument, "nothing left to pass over");
        }
        count -= *got;
    }
    co_return Result<void>();
}

Task<Result<std::size_t>> PieceSource::read(std::span<char> out) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    if (most == 0) {
        co_return std::size_t{0};
    }
    const auto count = co_await whole_->read(out.first(most));
    if (count) {
        left_ -= *count;
    }
    co_return count;
}

Task<Result<std::size_t>> StringSource::read(std::span<char> out) {
    const std::size_t count = std::min(out.size(), text_.size() - at_);
    std::copy_n(text_.data() + at_, count, out.data());
    at_ += count;
    co_return count;
}

Task<Result<std::size_t>> ChainSource::read(std::span<char> out) {
    while (at_ < parts_.size()) {
        auto count = co_await parts_[at_]->read(out);
        if (!count || *count > 0) {
            co_return count;
        }
        ++at_;
    }
    co_return std::size_t{0};
}

std::optional<std::uint64_t> ChainSource::size() const {
    std::uint64_t sum = 0;
    for (const auto& part : parts_) {
        const auto one = part->size();
        if (!one) {
            return std::nullopt;
        }
        sum += *one;
    }
    return sum;
}

Task<Result<std::string>> read_all(ByteSource& source, std::size_t bytes_max) {
    // Read in place. One byte more than is said to come finds the end; a size is only believed as
    // far as a block goes, and what grows doubles.
    constexpr std::size_t block_bytes = 16384;
    const std::uint64_t said = source.size().value_or(block_bytes - 1);
    std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(said, block_bytes - 1)) + 1,
                     '\0');
    std::size_t filled = 0;
    for (;;) {
        const auto count = co_await source.read(std::span(text).subspan(filled));
        if (!count) {
            co_return count.error();
        }
        filled += *count;
        if (filled > bytes_max) {
            co_return Failure(Errc::too_large, "more than " + std::to_string(bytes_max) + " bytes");
        }
        if (*count == 0) {
            text.resize(filled);
            co_return text;
        }
        if (filled == text.size()) {
            text.resize(std::min(filled * 2, bytes_max + 1));
        }
    }
}

}   // namespace gateway::sdk
