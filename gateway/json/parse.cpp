#include "gateway/json/rapidjson_include.hpp"
#include "gateway/json/sixteen.hpp"
#include "gateway/json/utf8.hpp"
#include "gateway/json/value.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>

namespace gateway::json {
namespace {

// Up to here a duplicate is found by comparing; beyond, in an ordered set: a hash set could be
// flooded with collisions.
constexpr std::size_t names_compared_max = 16;

// The encoding is checked before, in one quick pass. In place: strings are found by 16 bytes at
// once.
constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseInsituFlag |
                                 rapidjson::kParseFullPrecisionFlag;
// Room that most texts need no more of.
constexpr std::size_t usual_depth = 4;
constexpr std::size_t usual_members = 16;   // of the whole
// RapidJSON reads 16 bytes at once, up to the block that holds the end.
constexpr std::size_t read_ahead = 16;

struct Frame {
    Value container;
    std::string name;   // of the member whose value comes next
    std::set<std::string, std::less<>> names;

    explicit Frame(Value empty) : container(std::move(empty)) {}

    std::string token() const {
        return container.is_array() ? "/" + std::to_string(container.items().size())
                                    : pointer_token(name);
    }
};

}   // namespace

/// Appends without the search for the name that Value::set makes.
struct Access {
    static Object& members(Value& value) { return std::get<Object>(value.data_); }
    static Array& items(Value& value) { return std::get<Array>(value.data_); }
};

namespace {

/// RapidJSON calls it for each token; false stops the parse and `fault` says why.
class Builder {
public:
    /// `has_escapes`: the whole text was looked through, but strings may become what it was not.
    Builder(rapidjson::InsituStringStream& stream, const ParseLimits& limits, bool has_escapes)
        : stream_(stream), limits_(limits), has_escapes_(has_escapes) {
        frames_.reserve(usual_depth);
    }

    bool Null() { return add(Value()); }
    bool Bool(bool value) { return add(Value(value)); }
    bool Int(int value) { return add(Value(value)); }
    bool Uint(unsigned value) { return add(Value(static_cast<std::int64_t>(value))); }
    bool Int64(std::int64_t value) { return add(Value(value)); }
    bool Uint64(std::uint64_t value) { return add(Value(value)); }
    // RapidJSON refuses 1e309, but lets 2e308 through as infinity.
    bool Double(double value) { return std::isfinite(value) && add(Value(value)); }
    bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }

    bool String(const char* data, rapidjson::SizeType size, bool) {
        const std::string_view value(data, size);
        return is_text(value) && add(Value(value));
    }

    bool Key(const char* data, rapidjson::SizeType size, bool) {
        const std::string_view name(data, size);
        if (!is_text(name)) {
            return false;
        }
        Frame& frame = frames_.back();
        frame.name = name;
        return is_new(frame, name) || stop(ParseFault::duplicate_key, start_of_string());
    }

    bool StartObject() { return open(Value::object()); }
    bool StartArray() { return open(Value::array()); }
    bool EndObject(rapidjson::SizeType) { return close(); }
    bool EndArray(rapidjson::SizeType) { return close(); }

    std::optional<ParseFault> fault() const { return fault_; }
    std::size_t fault_offset() const { return fault_offset_; }
    Value take_root() { return std::move(root_); }

    std::string pointer() const {
        std::string path;
        for (const Frame& frame : frames_) {
            // Inside an object before its first name: the object itself is the place.
            if (frame.container.is_array() || !frame.name.empty()) {
                path += frame.token();
            }
        }
        return path;
    }

private:
    bool stop(ParseFault fault, std::size_t offset) {
        fault_ = fault;
        fault_offset_ = offset;
        return false;
    }

    std::size_t here() const {
        const std::size_t at = stream_.Tell();
        return at == 0 ? 0 : at - 1;
    }

    /// The opening quote of the string that was just read: RapidJSON reads it through a copy of the
    /// stream.
    std::size_t start_of_string() const { return stream_.Tell(); }

    /// A lone low surrogate comes out of an escape as three bytes that are no character.
    bool is_text(std::string_view value) {
        return !has_escapes_ || utf8_fault(value) == std::string_view::npos ||
               stop(ParseFault::not_utf8, start_of_string());
    }

    static bool is_new(Frame& frame, std::string_view name) {
        const Object& members = frame.container.members();
        if (members.size() < names_compared_max) {
            return frame.container.find(name) == nullptr;
        }
        if (frame.names.empty()) {
            for (const auto& member : members) {
                frame.names.insert(member.first);
            }
        }
        return frame.names.emplace(name).second;
    }

    bool count() {
        ++values_;
        return values_ <= limits_.values_max || stop(ParseFault::too_large, here());
    }

    bool open(Value empty) {
        if (frames_.size() >= limits_.depth_max) {
            return stop(ParseFault::too_deep, here());
        }
        if (!count()) {
            return false;
        }
        frames_.emplace_back(std::move(empty));
        return true;
    }

    bool close() {
        Value value = std::move(frames_.back().container);
        frames_.pop_back();
        put(std::move(value));
        return true;
    }

    bool add(Value value) {
        if (!count()) {
            return false;
        }
        put(std::move(value));
        return true;
    }

    void put(Value value) {
        if (frames_.empty()) {
            root_ = std::move(value);
            return;
        }
        Frame& frame = frames_.back();
        if (frame.container.is_array()) {
            Access::items(frame.container).push_back(std::move(value));
            return;
        }
        auto& members = Access::members(frame.container);
        if (members.empty() && frames_.size() == 1) {
            members.reserve(usual_members);
        }
        members.emplace_back(frame.name, std::move(value));
    }

    rapidjson::InsituStringStream& stream_;
    const ParseLimits& limits_;
    const bool has_escapes_;
    std::vector<Frame> frames_;
    Value root_;
    std::size_t values_ = 0;
    std::optional<ParseFault> fault_;
    std::size_t fault_offset_ = 0;
};

ParseError error_at(std::string_view text, ParseFault fault, std::size_t offset,
                    std::string pointer) {
    ParseError error;
    error.fault = fault;
    error.offset = std::min(offset, text.size());
    error.pointer = std::move(pointer);
    std::size_t line_start = 0;
    for (std::size_t i = 0; i < error.offset; ++i) {
        if (text[i] == '\n') {
            ++error.line;
            line_start = i + 1;
        }
    }
    error.column = utf8_length(text.substr(line_start, error.offset - line_start)) + 1;
    return error;
}

/// RapidJSON takes a NUL for the end of its input and would not see what follows; where it reads 16
/// bytes at once it lets 0x1A to 0x1F through. Neither stands anywhere in JSON.
bool is_unseen(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte == 0 || (byte >= 0x1A && byte <= 0x1F);
}

struct Unreadable {
    std::size_t not_utf8 = std::string_view::npos;
    std::size_t control = std::string_view::npos;   // the first that RapidJSON would not see
};

/// One look for both. What is no UTF-8 ends it: that is said first, wherever a control stands.
Unreadable look_through(std::string_view text) {
    Unreadable found;
    std::size_t at = 0;
    while ((at = end_of_plain<false>(text, at)) < text.size()) {
        if (text.size() - at >= sixteen) {
            at += first_mark(Sixteen(text.data() + at).control_or_beyond());
        }
        if (static_cast<std::uint8_t>(text[at]) < 0x80) {
            if (is_unseen(text[at]) && found.control == std::string_view::npos) {
                found.control = at;
            }
            ++at;
        } else if (text.size() - at >= 2 && is_pair(text.data() + at)) {
            at += 2;
        } else {
            char32_t ignored = 0;
            const std::size_t length = utf8_next(text, at, ignored);
            if (length == 0) {
                found.not_utf8 = at;
                return found;
            }
            at += length;
        }
    }
    return found;
}

/// An object of a few short texts, as the body of a look-up is: read without what a reader of
/// everything has to set up. Nothing for all else, and for whatever is wrong.
class FlatReader {
public:
    FlatReader(std::string_view text, const ParseLimits& limits) : text_(text), limits_(limits) {}

    std::optional<Value> read() {
        if (text_.size() > bytes_max || limits_.depth_max == 0 || !skip('{')) {
            return std::nullopt;
        }
        Object members;
        members.reserve(usual_members);
        while (!skip('}')) {
            if (!members.empty() && !skip(',')) {
                return std::nullopt;
            }
            const auto name = string();
            const auto value = name && skip(':') ? string() : std::nullopt;
            const bool fits = value && members.size() < names_compared_max &&
                              members.size() + 1 < limits_.values_max;
            if (!fits || std::any_of(members.begin(), members.end(),
                                     [&](const Member& member) { return member.first == *name; })) {
                return std::nullopt;
            }
            members.emplace_back(*name, Value(*value));
        }
        skip_spaces();
        return at_ == text_.size() ? std::optional(Value(std::move(members))) : std::nullopt;
    }

private:
    static constexpr std::size_t bytes_max = 1024;
    static constexpr std::size_t usual_members = 4;

    void skip_spaces() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                      text_[at_] == '\r' || text_[at_] == '\t')) {
            ++at_;
        }
    }
    bool skip(char c) {
        skip_spaces();
        const bool is_there = at_ < text_.size() && text_[at_] == c;
        at_ += is_there ? 1 : 0;
        return is_there;
    }
    /// Without escapes, and of characters alone.
    std::optional<std::string_view> string() {
        if (!skip('"')) {
            return std::nullopt;
        }
        const std::size_t from = at_;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '\\' || static_cast<std::uint8_t>(text_[at_]) < 0x20) {
                return std::nullopt;
            }
            ++at_;
        }
        return skip('"') ? std::optional(text_.substr(from, at_ - 1 - from)) : std::nullopt;
    }

    std::string_view text_;
    const ParseLimits& limits_;
    std::size_t at_ = 0;
};

ParseFault fault_of(rapidjson::ParseErrorCode code) {
    const bool surrogate = code == rapidjson::kParseErrorStringUnicodeSurrogateInvalid;
    const bool encoding = code == rapidjson::kParseErrorStringInvalidEncoding;
    return surrogate || encoding ? ParseFault::not_utf8 : ParseFault::malformed;
}

std::string_view name_of(ParseFault fault) {
    switch (fault) {
    case ParseFault::malformed: return "not JSON";
    case ParseFault::duplicate_key: return "a member stands twice";
    case ParseFault::not_utf8: return "not UTF-8";
    case ParseFault::too_deep: return "nested too deep";
    case ParseFault::too_large: return "too large";
    }
    return "not JSON";
}

}   // namespace

boost::system::result<Value, ParseError> parse(std::string_view text, const ParseLimits& limits) {
    if (text.size() > limits.bytes_max) {
        return error_at(text, ParseFault::too_large, limits.bytes_max, {});
    }
    const Unreadable unreadable = look_through(text);
    if (unreadable.not_utf8 != std::string_view::npos) {
        return error_at(text, ParseFault::not_utf8, unreadable.not_utf8, {});
    }
    if (unreadable.control != std::string_view::npos) {
        return error_at(text, ParseFault::malformed, unreadable.control, {});
    }
    if (auto flat = FlatReader(text, limits).read()) {
        return std::move(*flat);
    }
    std::string scratch;
    scratch.reserve(text.size() + read_ahead);
    scratch.assign(text).append(read_ahead, '\0');
    rapidjson::InsituStringStream stream(scratch.data());
    Builder builder(stream, limits, text.find('\\') != std::string_view::npos);
    rapidjson::Reader reader;
    try {
        reader.Parse<parse_flags>(stream, builder);
    } catch (const std::runtime_error&) {
        return error_at(text, ParseFault::malformed, stream.Tell(), builder.pointer());
    }
    if (builder.fault()) {
        return error_at(text, *builder.fault(), builder.fault_offset(), builder.pointer());
    }
    if (reader.HasParseError()) {
        return error_at(text, fault_of(reader.GetParseErrorCode()), reader.GetErrorOffset(),
                        builder.pointer());
    }
    return builder.take_root();
}

core::Result<Value> parse_or_failure(std::string_view text, const ParseLimits& limits) {
    auto value = parse(text, limits);
    if (value) {
        return std::move(*value);
    }
    const ParseError& error = value.error();
    const auto errc =
        error.fault == ParseFault::too_large ? core::Errc::too_large : core::Errc::malformed;
    return core::Failure(errc, "JSON line " + std::to_string(error.line) + " column " +
                                   std::to_string(error.column) + ": " +
                                   std::string(name_of(error.fault)));
}

void throw_exception_from_error(const ParseError& error, const boost::source_location&) {
    throw boost::system::system_error(make_error_code(core::Errc::malformed),
                                      std::string(name_of(error.fault)));
}

}   // namespace gateway::json
