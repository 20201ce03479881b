#pragma once

// Multipart bodies: "<Content-Type>\n<body>". How the body was cut on its way changes nothing.

#include "gateway/accept/multipart.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/support/run.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace fuzz::multipart {

/// Gives at most `step` bytes a read.
class CutSource final : public gateway::sdk::ByteSource {
public:
    CutSource(std::string_view text, std::size_t step) : text_(text), step_(step) {}
    gateway::sdk::Task<gateway::sdk::Result<std::size_t>> read(std::span<char> out) override {
        const std::size_t count = std::min({step_, out.size(), text_.size()});
        std::copy_n(text_.data(), count, out.data());
        text_.remove_prefix(count);
        co_return count;
    }
    std::optional<std::uint64_t> size() const override { return std::nullopt; }

private:
    std::string_view text_;
    std::size_t step_;
};

/// Name, type, digest and bytes of every part, and how it ended.
inline gateway::sdk::Task<std::vector<std::string>>
read_all(gateway::accept::MultipartReader& reader) {
    std::vector<std::string> seen;
    std::array<char, 61> block{};
    for (;;) {
        auto head = co_await reader.next_part();
        if (!head) {
            seen.push_back("failed");
            co_return seen;
        }
        if (!head->has_value()) {
            seen.push_back("ended");
            co_return seen;
        }
        seen.push_back((*head)->name + "|" + (*head)->content_type + "|" + (*head)->content_digest);
        std::string bytes;
        for (;;) {
            const auto count = co_await reader.read(block);
            if (!count) {
                seen.push_back("failed");
                co_return seen;
            }
            if (*count == 0) {
                break;
            }
            bytes.append(block.data(), *count);
        }
        seen.push_back(std::move(bytes));
    }
}

inline std::vector<std::string> parts_of(std::string_view body, const std::string& boundary,
                                         std::size_t step) {
    boost::asio::io_context io;
    CutSource source(body, step);
    gateway::accept::MultipartReader reader(source, boundary);
    return tests::run(io, read_all(reader));
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    auto body = text_of(data, size);
    const auto line = first_line(body);
    const auto boundary = gateway::accept::multipart_boundary(line);
    if (!boundary) {
        return;
    }
    promise(!boundary->empty() && boundary->size() <= 70, "a boundary has 1 to 70 characters");
    const auto whole = parts_of(body, *boundary, body.size() + 1);
    promise(whole == parts_of(body, *boundary, 1) && whole == parts_of(body, *boundary, 7),
            "parts are the same however the body was cut");
    std::size_t bytes = 0;
    for (std::size_t i = 1; i + 1 < whole.size(); i += 2) {
        bytes += whole[i].size();
    }
    promise(bytes <= body.size(), "parts are no longer than the body");
}

}   // namespace fuzz::multipart
