#include "adapters/altinn_broker/standin/download.hpp"

#include "adapters/altinn_broker/standin/problem.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace gateway::altinn_broker::standin {

namespace {

/// `length` bytes of a file, or an error after `cut_after` of them.
class FileRange final : public sdk::ByteSource {
public:
    FileRange(std::FILE* file, std::uint64_t length, std::uint64_t cut_after)
        : file_(file), length_(length), cut_after_(cut_after), left_(length) {}
    ~FileRange() override { std::fclose(file_); }

    sdk::Task<sdk::Result<std::size_t>> read(std::span<char> out) override {
        const std::uint64_t done = length_ - left_;
        if (done >= cut_after_ && left_ > 0) {
            co_return core::Failure(core::Errc::closed, "cut on purpose");
        }
        const std::uint64_t most = std::min(
            {static_cast<std::uint64_t>(out.size()), left_, left_ > 0 ? cut_after_ - done : 0});
        const std::size_t got = std::fread(out.data(), 1, static_cast<std::size_t>(most), file_);
        left_ -= got;
        co_return got;
    }
    std::optional<std::uint64_t> size() const override { return length_; }

private:
    std::FILE* file_;
    std::uint64_t length_;
    std::uint64_t cut_after_;
    std::uint64_t left_;
};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// Nothing: not a single range of bytes, and then all of it is the answer.
std::optional<Range> range_of(std::string_view header, std::uint64_t size, bool& outside) {
    if (!header.starts_with("bytes=") || header.find(',') != std::string_view::npos) {
        return std::nullopt;
    }
    header.remove_prefix(6);
    const std::size_t dash = header.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto first = number(header.substr(0, dash));
    const auto last = number(header.substr(dash + 1));
    Range range;
    if (first) {
        range.first = *first;
        range.last = std::min(last.value_or(size - 1), size - 1);
    } else if (last && *last > 0) {
        range.first = size - std::min(*last, size);
        range.last = size - 1;
    } else {
        return std::nullopt;
    }
    outside = size == 0 || range.first >= size || range.last < range.first;
    return range;
}

}   // namespace

http::Response download(Book& book, gateway::standin::Faults& faults, const http::Request& request,
                        const Transfer& transfer) {
    bool outside = false;
    const auto range = range_of(request.header("Range"), transfer.size, outside);
    if (outside) {
        return refusal(29);
    }
    std::FILE* file = std::fopen(book.file_of(transfer).c_str(), "rb");
    if (file == nullptr) {
        return refusal(7);
    }
    const std::uint64_t first = range ? range->first : 0;
    const std::uint64_t length = range ? range->last - range->first + 1 : transfer.size;
    std::fseek(file, static_cast<long>(first), SEEK_SET);
    std::uint64_t cut_after = length;
    if (const auto fault = faults.take("cut_download", request)) {
        cut_after = static_cast<std::uint64_t>(fault->number("after_bytes", 0));
    }
    http::Response response(range ? 206 : 200);
    response.headers.emplace_back("Content-Type", "application/octet-stream");
    response.headers.emplace_back("Accept-Ranges", "bytes");
    if (range) {
        response.headers.emplace_back("Content-Range", "bytes " + std::to_string(range->first) +
                                                           "-" + std::to_string(range->last) + "/" +
                                                           std::to_string(transfer.size));
    }
    response.stream = std::make_unique<FileRange>(file, length, std::min(cut_after, length));
    return response;
}

}   // namespace gateway::altinn_broker::standin
