#include "gateway/json/sixteen.hpp"
#include "gateway/json/utf8.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace gateway::json {
namespace {

enum class Style { compact, pretty, canonical };

// Whole doubles up to here are exact: canonical text writes them as the integers they equal.
constexpr double exact_integer_max = 9007199254740992.0;

/// ASCII but for quote, backslash and control characters.
constexpr std::array<bool, 256> stands_for_itself = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) {
        plain[byte] = byte != '"' && byte != '\\';
    }
    return plain;
}();

/// Of the character there, when it is written as it is; else 0.
std::size_t length_of_plain(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
        return stands_for_itself[byte] ? 1 : 0;
    }
    if (text.size() - at >= 2 && is_pair(text.data() + at)) {
        return 2;
    }
    char32_t ignored = 0;
    return utf8_next(text, at, ignored);
}

/// How many of the next eight bytes stand for themselves before the first that does not.
std::size_t plain_of_eight(const char* text) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    std::uint64_t eight = 0;
    std::memcpy(&eight, text, sizeof(eight));
    const std::uint64_t unlike = eight | (eight - ones * 0x20U) | ((eight ^ ones * '"') - ones) |
                                 ((eight ^ ones * '\\') - ones);
    const std::uint64_t marks = unlike & ones * 0x80U;
    if (marks == 0) {
        return sizeof(eight);
    }
    // A borrow goes to higher bytes alone: the lowest mark is true, which is the first byte's only
    // where the first byte is the lowest.
    return std::endian::native == std::endian::little
               ? static_cast<std::size_t>(std::countr_zero(marks)) / 8
               : 0;
}

/// Most texts take no more than this, so they are written into one block of memory.
std::size_t room_for(const Value& value) {
    constexpr std::size_t name_and_comma = 4;
    constexpr std::size_t number = 12;
    std::size_t room = 2;
    if (value.is_string()) {
        room += value.as_string().size();
    } else if (value.is_object()) {
        for (const auto& [name, member] : value.members()) {
            room += name.size() + name_and_comma + room_for(member);
        }
    } else if (value.is_array()) {
        for (const Value& item : value.items()) {
            room += 1 + room_for(item);
        }
    } else {
        room = number;
    }
    return room;
}

class Writer {
public:
    Writer(Style style, std::size_t room) : style_(style) { out_.reserve(room); }

    void write(const Value& value) {
        if (value.is_object()) {
            write_object(value);
        } else if (value.is_array()) {
            write_array(value);
        } else if (value.is_string()) {
            write_string(value.as_string());
        } else if (value.is_int()) {
            out_ += std::to_string(value.as_int());
        } else if (value.is_number()) {
            write_double(value.as_double());
        } else if (value.is_bool()) {
            out_ += value.as_bool() ? "true" : "false";
        } else {
            out_ += "null";
        }
    }

    std::string take() { return std::move(out_); }

private:
    void write_object(const Value& value) {
        open('{');
        bool first = true;
        if (style_ == Style::canonical) {
            for (const Member* member : sorted(value.members())) {
                write_member(*member, first);
            }
        } else {
            for (const Member& member : value.members()) {
                write_member(member, first);
            }
        }
        close('}', first);
    }

    static std::vector<const Member*> sorted(const Object& object) {
        std::vector<const Member*> members;
        members.reserve(object.size());
        for (const auto& member : object) {
            members.push_back(&member);
        }
        std::sort(members.begin(), members.end(),
                  [](const Member* a, const Member* b) { return a->first < b->first; });
        return members;
    }

    void write_member(const Member& member, bool& first) {
        separate(first);
        write_string(member.first);
        out_ += style_ == Style::pretty ? ": " : ":";
        write(member.second);
    }

    void write_array(const Value& value) {
        open('[');
        bool first = true;
        for (const Value& item : value.items()) {
            separate(first);
            write(item);
        }
        close(']', first);
    }

    void open(char bracket) {
        out_.push_back(bracket);
        ++depth_;
    }

    void separate(bool& first) {
        if (!first) {
            out_.push_back(',');
        }
        first = false;
        new_line();
    }

    void close(char bracket, bool empty) {
        --depth_;
        if (!empty) {
            new_line();
        }
        out_.push_back(bracket);
    }

    void new_line() {
        if (style_ == Style::pretty) {
            out_.push_back('\n');
            out_.append(depth_ * 2, ' ');
        }
    }

    void write_double(double value) {
        if (!std::isfinite(value)) {
            out_ += "null";   // JSON has no word for it
            return;
        }
        const bool whole = std::nearbyint(value) == value && std::abs(value) <= exact_integer_max;
        if (style_ == Style::canonical && whole) {
            out_ += std::to_string(static_cast<std::int64_t>(value));
            return;
        }
        char buffer[32];
        const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
        const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
        out_ += text;
        if (text.find_first_of(".e") == std::string_view::npos) {
            out_ += ".0";   // reads back as the double it was
        }
    }

    /// Characters that stand for themselves are appended as runs, not one by one.
    void write_string(std::string_view text) {
        out_.push_back('"');
        std::size_t begin = 0;   // of the run not yet written
        std::size_t at = 0;
        while ((at = end_of_plain<true>(text, at)) < text.size()) {
            if (text.size() - at >= sixteen) {
                const Sixteen next(text.data() + at);
                at += first_mark(next.control_or_beyond() | next.equal('"') | next.equal('\\'));
            } else if (text.size() - at >= 8) {
                const std::size_t plain = plain_of_eight(text.data() + at);
                at += plain;
                if (plain == 8) {
                    continue;
                }
            }
            if (const std::size_t length = length_of_plain(text, at); length > 0) {
                at += length;
                continue;
            }
            out_ += text.substr(begin, at - begin);
            if (static_cast<unsigned char>(text[at]) >= 0x80) {
                out_ += "\xEF\xBF\xBD";   // U+FFFD: what we write is always JSON
            } else {
                write_escaped(text[at]);
            }
            begin = ++at;
        }
        out_ += text.substr(begin);
        out_.push_back('"');
    }

    void write_escaped(char c) {
        constexpr std::string_view digits = "0123456789abcdef";
        switch (c) {
        case '"': out_ += "\\\""; return;
        case '\\': out_ += "\\\\"; return;
        case '\b': out_ += "\\b"; return;
        case '\f': out_ += "\\f"; return;
        case '\n': out_ += "\\n"; return;
        case '\r': out_ += "\\r"; return;
        case '\t': out_ += "\\t"; return;
        default: break;
        }
        const auto byte = static_cast<unsigned char>(c);
        out_ += "\\u00";
        out_.push_back(digits[byte >> 4U]);
        out_.push_back(digits[byte & 15U]);
    }

    Style style_;
    std::size_t depth_ = 0;
    std::string out_;
};

std::string write_as(const Value& value, Style style) {
    Writer writer(style, room_for(value));
    writer.write(value);
    return writer.take();
}

}   // namespace

std::string write(const Value& value) {
    return write_as(value, Style::compact);
}

std::string write_pretty(const Value& value) {
    return write_as(value, Style::pretty);
}

std::string write_canonical(const Value& value) {
    return write_as(value, Style::canonical);
}

}   // namespace gateway::json
