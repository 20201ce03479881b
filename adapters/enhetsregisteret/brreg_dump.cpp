#include "adapters/enhetsregisteret/brreg_dump.hpp"

#include <zlib.h>

namespace gateway::enhetsregisteret {
namespace {

constexpr std::size_t piece_bytes = 64U << 10U;
constexpr int gzip_window = 15 + 16;   // zlib: gzip alone, the largest window

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}   // namespace

bool ArrayCutter::take(std::string_view text, std::vector<std::string>& objects) {
    for (const char c : text) {
        if (bad_ || !step(c, objects)) {
            bad_ = true;
            return false;
        }
    }
    return !bad_;
}

bool ArrayCutter::step(char c, std::vector<std::string>& objects) {
    if (state_ == State::object) {
        return within(c, objects);
    }
    if (is_blank(c)) {
        return true;
    }
    switch (state_) {
    case State::before: state_ = State::first; return c == '[';
    case State::first:
        if (c == ']') {
            state_ = State::after;
            return true;
        }
        return begin_object(c);
    case State::between:
        state_ = c == ',' ? State::next : State::after;
        return c == ',' || c == ']';
    case State::next: return begin_object(c);
    default: return false;   // something after the end
    }
}

bool ArrayCutter::begin_object(char c) {
    state_ = State::object;
    depth_ = 1;
    object_.assign(1, c);
    return c == '{';
}

bool ArrayCutter::within(char c, std::vector<std::string>& objects) {
    if (object_.size() >= object_bytes_max) {
        return false;
    }
    object_ += c;
    if (in_text_) {
        if (escaped_) {
            escaped_ = false;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            in_text_ = false;
        }
        return true;
    }
    if (c == '"') {
        in_text_ = true;
    } else if (c == '{' || c == '[') {
        ++depth_;
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
        objects.push_back(object_);
        state_ = State::between;
    }
    return true;
}

struct Unpacker::Zip {
    z_stream stream{};
    bool open = false;

    ~Zip() {
        if (open) {
            inflateEnd(&stream);
        }
    }
};

Unpacker::Unpacker() : zip_(std::make_unique<Zip>()), output_(piece_bytes, '\0') {
    zip_->open = inflateInit2(&zip_->stream, gzip_window) == Z_OK;
    bad_ = !zip_->open;
}

Unpacker::~Unpacker() = default;

void Unpacker::give(std::span<const char> packed) {
    input_ = std::string_view(packed.data(), packed.size());
    if (!begun_ && !input_.empty()) {
        begun_ = true;
        packed_ = input_.front() == '\x1f';   // no JSON begins so
    }
}

std::optional<std::string_view> Unpacker::next() {
    if (bad_ || (input_.empty() && !full_)) {
        return std::nullopt;
    }
    if (!packed_) {
        const auto all = input_;
        input_ = {};
        return all;
    }
    if (ended_) {
        bad_ = true;   // something after the end
        return std::nullopt;
    }
    z_stream& stream = zip_->stream;
    // zlib takes what it reads as not const, and leaves it as it is.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
    stream.avail_in = static_cast<uInt>(input_.size());
    stream.next_out = reinterpret_cast<Bytef*>(output_.data());
    stream.avail_out = static_cast<uInt>(output_.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        bad_ = true;
        return std::nullopt;
    }
    ended_ = result == Z_STREAM_END;
    full_ = stream.avail_out == 0 && !ended_;   // there may be more of what was given
    input_.remove_prefix(input_.size() - stream.avail_in);
    return plain(output_.size() - stream.avail_out);
}

std::string_view Unpacker::plain(std::size_t count) {
    return std::string_view(output_.data(), count);
}

bool Unpacker::finished() const {
    return begun_ && !bad_ && (!packed_ || ended_);
}

}   // namespace gateway::enhetsregisteret
