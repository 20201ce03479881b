#include "gateway/accept/multipart.hpp"

#include "gateway/http/media_type.hpp"

#include <algorithm>
#include <array>

namespace gateway::accept {
namespace {

using core::Errc;
using core::Failure;
using core::Result;

constexpr std::size_t block_bytes = 65536;
constexpr std::size_t header_bytes_max = 8192;
constexpr std::size_t header_lines_max = 16;
constexpr std::size_t boundary_max = 70;   // RFC 2046 5.1.1

bool is_boundary_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

Failure not_multipart(const char* what) {
    return Failure(Errc::malformed, what);
}

}   // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    if (!http::is_media_type(content_type, "multipart/form-data")) {
        return std::nullopt;
    }
    auto boundary = http::parameter_of(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > boundary_max ||
        boundary->back() == ' ' ||
        !std::all_of(boundary->begin(), boundary->end(), is_boundary_character)) {
        return std::nullopt;
    }
    return boundary;
}

MultipartReader::MultipartReader(sdk::ByteSource& body, std::string boundary)
    : body_(body),
      delimiter_("\r\n--" + std::move(boundary)),
      buffer_("\r\n") {}   // the first boundary may stand at the very start

sdk::Task<Result<bool>> MultipartReader::fill() {
    if (at_ > 0) {
        buffer_.erase(0, at_);
        at_ = 0;
    }
    std::array<char, block_bytes / 4> block{};
    const auto count = co_await body_.read(block);
    if (!count) {
        co_return count.error();
    }
    buffer_.append(block.data(), *count);
    co_return *count > 0;
}

sdk::Task<Result<std::string>> MultipartReader::read_line(std::size_t bytes_max) {
    for (;;) {
        const auto end = buffer_.find("\r\n", at_);
        if (end != std::string::npos && end - at_ <= bytes_max) {
            std::string line = buffer_.substr(at_, end - at_);
            at_ = end + 2;
            co_return line;
        }
        if (buffer_.size() - at_ > bytes_max) {
            co_return not_multipart("a header line is too long");
        }
        const auto more = co_await fill();
        if (!more) {
            co_return more.error();
        }
        if (!*more) {
            co_return Failure(Errc::closed, "the body ends inside a part's head");
        }
    }
}

sdk::Task<Result<std::size_t>> MultipartReader::read(std::span<char> out) {
    while (in_part_) {
        const auto found = buffer_.find(delimiter_, at_);
        // Bytes that can be the beginning of a delimiter wait for those that tell.
        const std::size_t safe = found != std::string::npos ? found - at_
                                 : buffer_.size() - at_ >= delimiter_.size()
                                     ? buffer_.size() - at_ - delimiter_.size() + 1
                                     : 0;
        if (safe > 0) {
            const auto count = std::min(safe, out.size());
            std::copy_n(buffer_.data() + at_, count, out.data());
            at_ += count;
            co_return count;
        }
        if (found != std::string::npos) {
            in_part_ = false;
            break;
        }
        const auto more = co_await fill();
        if (!more) {
            co_return more.error();
        }
        if (!*more) {
            co_return Failure(Errc::closed, "the body ends inside a part");
        }
    }
    co_return std::size_t{0};
}

sdk::Task<Result<std::optional<PartHead>>> MultipartReader::next_part() {
    if (finished_) {
        co_return std::optional<PartHead>();
    }
    if (!started_) {
        started_ = true;
        in_part_ = true;   // a preamble is read like a part and thrown away; it may not be long
    }
    std::array<char, 4096> skipped{};
    for (;;) {
        const auto count = co_await read(skipped);
        if (!count) {
            co_return count.error();
        }
        if (*count == 0) {
            break;
        }
    }
    at_ += delimiter_.size();
    auto rest = co_await read_line(boundary_max);   // after the boundary: "" or "--"
    if (!rest) {
        // The closing boundary needs no line end after it.
        if (rest.error().is(Errc::closed) && buffer_.compare(at_, 2, "--") == 0) {
            finished_ = true;
            co_return std::optional<PartHead>();
        }
        co_return rest.error();
    }
    if (rest->substr(0, 2) == "--") {
        finished_ = true;
        co_return std::optional<PartHead>();
    }
    if (!http::trimmed(*rest).empty()) {
        co_return not_multipart("text after a boundary");
    }
    PartHead head;
    std::size_t bytes = 0;
    for (std::size_t lines = 0;; ++lines) {
        auto line = co_await read_line(header_bytes_max);
        if (!line) {
            co_return line.error();
        }
        if (line->empty()) {
            break;
        }
        bytes += line->size();
        const auto colon = line->find(':');
        if (lines >= header_lines_max || bytes > header_bytes_max || colon == std::string::npos) {
            co_return not_multipart("a part's head is malformed");
        }
        const auto name = std::string_view(*line).substr(0, colon);
        const auto value = http::trimmed(std::string_view(*line).substr(colon + 1));
        if (http::is_word(name, "content-disposition")) {
            if (!http::is_word(value.substr(0, 9), "form-data")) {
                co_return not_multipart("a part is no form-data");
            }
            head.name = http::parameter_of(value, "name").value_or("");
        } else if (http::is_word(name, "content-type")) {
            head.content_type = value;
        } else if (http::is_word(name, "content-digest") || http::is_word(name, "digest")) {
            head.content_digest = value;
        } else if (http::is_word(name, "content-transfer-encoding") &&
                   !http::is_word(value, "binary") && !http::is_word(value, "8bit") &&
                   !http::is_word(value, "7bit")) {
            co_return not_multipart("a transfer encoding that is not binary");
        }
    }
    if (head.name.empty()) {
        co_return not_multipart("a part without a name");
    }
    in_part_ = true;
    // A part may be empty: its delimiter then follows at once, with the CRLF that ended the head.
    at_ -= 2;
    buffer_[at_] = '\r';
    buffer_[at_ + 1] = '\n';
    const bool empty_part =
        buffer_.compare(at_, std::min(delimiter_.size(), buffer_.size() - at_), delimiter_, 0,
                        std::min(delimiter_.size(), buffer_.size() - at_)) == 0;
    while (empty_part && buffer_.size() - at_ < delimiter_.size()) {
        const auto more = co_await fill();
        if (!more) {
            co_return more.error();
        }
        if (!*more) {
            break;
        }
    }
    if (buffer_.compare(at_, delimiter_.size(), delimiter_) != 0) {
        at_ += 2;
    }
    co_return std::optional(std::move(head));
}

}   // namespace gateway::accept
