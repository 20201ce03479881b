#include "adapters/common/standin/multipart.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>
#include <optional>

namespace gateway::standin {

namespace {

constexpr std::size_t head_bytes_max = 16U << 10U;
constexpr std::size_t parts_max = 4000;
constexpr std::size_t padding_max = 256;
constexpr std::size_t boundary_max = 70;   // RFC 2046
constexpr std::size_t piece = 64U << 10U;

/// RFC 5987: UTF-8''name%20with%20escapes.
std::optional<std::string> extended_value(std::string_view text) {
    const std::size_t first = text.find('\'');
    const std::size_t second = first == std::string_view::npos ? first : text.find('\'', first + 1);
    if (second == std::string_view::npos || lower(text.substr(0, first)) != "utf-8") {
        return std::nullopt;
    }
    std::string escaped(text.substr(second + 1));
    std::string safe;
    for (const char c : escaped) {
        safe += c == '+' ? std::string("%2B") : c == '&' ? std::string("%26") : std::string(1, c);
    }
    const auto fields = parse_form("v=" + safe);
    return fields ? std::optional<std::string>(fields->front().second) : std::nullopt;
}

bool read_head_lines(std::string_view text, PartHead& head) {
    bool disposition = false;
    while (!text.empty()) {
        const std::size_t end = text.find("\r\n");
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            return false;
        }
        const std::string field = lower(line.substr(0, colon));
        std::string_view value = line.substr(colon + 1);
        while (!value.empty() && value.front() == ' ') {
            value.remove_prefix(1);
        }
        if (field == "content-type") {
            head.content_type = std::string(value);
        }
        if (field != "content-disposition") {
            continue;
        }
        const auto name = header_parameter(value, "name");
        if (!lower(value).starts_with("form-data") || !name || disposition) {
            return false;
        }
        disposition = true;
        head.name = *name;
        const auto plain = header_parameter(value, "filename");
        const auto extended = header_parameter(value, "filename*");
        const auto decoded = extended ? extended_value(*extended) : std::nullopt;
        head.is_file = plain.has_value() || decoded.has_value();
        head.file_name = decoded ? *decoded : plain.value_or("");
    }
    return disposition;
}

}   // namespace

MultipartReader::MultipartReader(std::string boundary, PartSink& sink)
    : delimiter_("\r\n--" + std::move(boundary)), sink_(sink), buffer_("\r\n") {}

bool MultipartReader::feed(std::string_view bytes) {
    if (state_ == State::done) {
        return true;   // an epilogue is ignored
    }
    buffer_.append(bytes);
    while (step()) {
    }
    return state_ != State::broken;
}

bool MultipartReader::step() {
    switch (state_) {
    case State::preamble: return read_preamble();
    case State::delimiter: return read_delimiter();
    case State::head: return read_head();
    case State::body: return read_body();
    default: return false;
    }
}

bool MultipartReader::fail() {
    state_ = State::broken;
    return false;
}

bool MultipartReader::read_preamble() {
    const std::size_t at = buffer_.find(delimiter_);
    if (at == std::string::npos) {
        if (buffer_.size() > head_bytes_max) {
            return fail();
        }
        return false;
    }
    buffer_.erase(0, at + delimiter_.size());
    state_ = State::delimiter;
    return true;
}

bool MultipartReader::read_delimiter() {
    if (buffer_.size() >= 2 && buffer_.starts_with("--")) {
        state_ = State::done;
        buffer_.clear();
        return false;
    }
    std::size_t at = 0;
    while (at < buffer_.size() && (buffer_[at] == ' ' || buffer_[at] == '\t')) {
        ++at;
    }
    if (at > padding_max) {
        return fail();
    }
    if (buffer_.size() < at + 2) {
        return false;
    }
    if (buffer_.compare(at, 2, "\r\n") != 0 || ++parts_ > parts_max) {
        return fail();
    }
    buffer_.erase(0, at + 2);
    state_ = State::head;
    return true;
}

bool MultipartReader::read_head() {
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos || end > head_bytes_max) {
        return buffer_.size() > head_bytes_max ? fail() : false;
    }
    PartHead head;
    if (!read_head_lines(std::string_view(buffer_).substr(0, end), head)) {
        return fail();
    }
    buffer_.erase(0, end + 4);
    sink_.begin(std::move(head));
    state_ = State::body;
    return true;
}

bool MultipartReader::read_body() {
    const std::size_t at = buffer_.find(delimiter_);
    if (at != std::string::npos) {
        if (at > 0) {
            sink_.data(std::string_view(buffer_).substr(0, at));
        }
        sink_.end();
        buffer_.erase(0, at + delimiter_.size());
        state_ = State::delimiter;
        return true;
    }
    // What could be the beginning of a delimiter stays.
    const std::size_t kept = std::min(buffer_.size(), delimiter_.size() - 1);
    const std::size_t sure = buffer_.size() - kept;
    if (sure > 0) {
        sink_.data(std::string_view(buffer_).substr(0, sure));
        buffer_.erase(0, sure);
    }
    return false;
}

sdk::Task<bool> read_multipart(http::Request& request, PartSink& sink) {
    const auto boundary = header_parameter(request.header("Content-Type"), "boundary");
    if (!boundary || boundary->empty() || boundary->size() > boundary_max) {
        co_return false;
    }
    MultipartReader reader(*boundary, sink);
    std::vector<char> buffer(piece);
    while (true) {
        const auto got = co_await request.body->read(buffer);
        if (!got) {
            co_return false;
        }
        if (*got == 0) {
            co_return reader.finished();
        }
        if (!reader.feed({buffer.data(), *got})) {
            co_return false;
        }
    }
}

}   // namespace gateway::standin
