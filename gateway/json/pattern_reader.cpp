#include "gateway/json/pattern_reader.hpp"

#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <utility>

namespace gateway::json {
namespace {

constexpr std::size_t depth_max = 20;   // of groups
constexpr std::size_t count_max = 10'000;
constexpr std::size_t atoms_max = 20'000;
constexpr std::size_t links_max = 4'096;   // bounds what one character of a text may cost
constexpr std::string_view stands_apart = "^$\\.*+?()[]{}|";

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void append(SimplePattern::Positions& to, const SimplePattern::Positions& more) {
    to.insert(to.end(), more.begin(), more.end());
}

}   // namespace

std::optional<SimplePattern> PatternReader::read() {
    if (!take('^')) {
        return std::nullopt;
    }
    const Part whole = read_sequence();
    pattern_.is_to_end_ = take('$');
    if (is_refused_ || !at_end()) {
        return std::nullopt;   // also where alternatives stand outside a group: anchors are theirs
    }
    pattern_.after_.push_back(whole.first);
    pattern_.is_last_.resize(pattern_.class_of_.size(), false);
    for (const auto position : whole.last) {
        pattern_.is_last_[position] = true;
    }
    pattern_.is_empty_allowed_ = whole.is_empty_allowed;
    return std::move(pattern_);
}

bool PatternReader::take(char c) {
    if (peek() != c || at_end()) {
        return false;
    }
    ++at_;
    return true;
}

PatternReader::Part PatternReader::refuse() {
    is_refused_ = true;
    return {};
}

PatternReader::Part PatternReader::read_alternatives() {
    Part all = read_sequence();
    while (!is_refused_ && take('|')) {
        const Part other = read_sequence();
        append(all.first, other.first);
        append(all.last, other.last);
        all.is_empty_allowed = all.is_empty_allowed || other.is_empty_allowed;
    }
    return all;
}

PatternReader::Part PatternReader::read_sequence() {
    Part sequence;
    while (!is_refused_ && !at_end() && peek() != '|' && peek() != ')' && peek() != '$') {
        sequence = join(std::move(sequence), read_counted());
    }
    return sequence;
}

PatternReader::Part PatternReader::read_counted() {
    const std::size_t begin = at_;
    std::optional<Part> unused = read_atom();
    const std::size_t end = at_;
    const Count count = read_count();
    const std::size_t behind = at_;
    if (is_refused_ || peek() == '?' || peek() == '*' || peek() == '+' || peek() == '{') {
        return refuse();   // a count of a count, or a lazy one
    }
    const auto again = [&] {
        if (unused) {
            return *std::exchange(unused, std::nullopt);
        }
        at_ = begin;
        Part copy = read_atom();
        at_ = end;
        return copy;
    };
    // The rest first, from its end: each further time only if the one before it was.
    Part rest;
    for (std::size_t i = count.least; i < count.most && !is_refused_; ++i) {
        rest = join(again(), rest);
        rest.is_empty_allowed = true;
    }
    if (count.is_endless) {
        rest = again();
        link(rest.last, rest.first);
        rest.is_empty_allowed = true;
    }
    Part counted;
    for (std::size_t i = 0; i < count.least && !is_refused_; ++i) {
        counted = join(std::move(counted), again());
    }
    at_ = behind;
    return join(std::move(counted), rest);
}

PatternReader::Count PatternReader::read_count() {
    Count count;
    if (take('?')) {
        count.least = 0;
    } else if (take('*')) {
        count.least = count.most = 0;
        count.is_endless = true;
    } else if (take('+')) {
        count.is_endless = true;
    } else if (take('{')) {
        const auto least = read_number();
        count.is_endless = take(',') && peek() == '}';
        const auto most = text_[at_ - 1] == ',' && !count.is_endless ? read_number() : least;
        if (!least || !most || !take('}') || *most < *least) {
            refuse();
            return count;
        }
        count.least = *least;
        count.most = *most;
    }
    return count;
}

std::optional<std::size_t> PatternReader::read_number() {
    const std::size_t begin = at_;
    std::size_t number = 0;
    while (peek() >= '0' && peek() <= '9' && number < count_max) {
        number = number * 10 + static_cast<std::size_t>(peek() - '0');
        ++at_;
    }
    return at_ == begin || number >= count_max ? std::nullopt : std::optional(number);
}

PatternReader::Part PatternReader::read_atom() {
    if (++atoms_ > atoms_max) {
        return refuse();
    }
    if (take('(')) {
        return read_group();
    }
    SimplePattern::Class characters;
    if (take('[')) {
        read_class(characters);
    } else if (take('\\')) {
        read_escape(characters);
    } else if (stands_apart.find(peek()) != std::string_view::npos) {
        return refuse();   // "." among them: it is rarely what a schema means
    } else {
        const char32_t character = read_character();
        characters.add(character, character);
    }
    return position_of(std::move(characters));
}

PatternReader::Part PatternReader::read_group() {
    if (take('?') && !take(':')) {
        return refuse();
    }
    if (++depth_ > depth_max) {
        return refuse();
    }
    Part inside = read_alternatives();
    --depth_;
    if (!take(')')) {
        return refuse();
    }
    return inside;
}

void PatternReader::read_class(SimplePattern::Class& into) {
    into.is_negated = take('^');
    if (peek() == ']') {
        refuse();
        return;
    }
    while (!is_refused_ && !take(']')) {
        if (at_end() || peek() == '[') {
            refuse();   // "[:" has a meaning of its own in std::regex
            return;
        }
        if (is_class_escape()) {
            ++at_;
            read_escape(into);
            if (peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
                refuse();   // a range from a class
            }
            continue;
        }
        const char32_t first = read_escaped_character();
        char32_t last = first;
        const bool is_range = peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
        if (is_range) {
            ++at_;
            if (peek() == '[' || is_class_escape()) {
                refuse();
                return;
            }
            last = read_escaped_character();
        }
        if (last < first) {
            refuse();
            return;
        }
        into.add(first, last);
    }
}

char32_t PatternReader::read_character() {
    char32_t character = 0;
    const std::size_t length = utf8_next(text_, at_, character);
    if (length == 0) {
        refuse();
        return 0;
    }
    at_ += length;
    return character;
}

bool PatternReader::is_class_escape() const {
    return peek() == '\\' && at_ + 1 < text_.size() && is_letter_or_digit(text_[at_ + 1]);
}

/// A character that stands for itself, or one behind a backslash that does.
char32_t PatternReader::read_escaped_character() {
    if (!take('\\')) {
        return read_character();
    }
    if (at_end() || is_letter_or_digit(peek())) {
        refuse();
        return 0;
    }
    return read_character();
}

void PatternReader::read_escape(SimplePattern::Class& into) {
    const char kind = peek();
    if (kind == 'd' || kind == 'w') {
        into.add('0', '9');
    }
    if (kind == 'w') {
        into.add('A', 'Z');
        into.add('a', 'z');
        into.add('_', '_');
    }
    if (kind == 's') {
        into.add('\t', '\r');
        into.add(' ', ' ');
    }
    if (kind == 'd' || kind == 'w' || kind == 's') {
        ++at_;
        return;
    }
    if (at_end() || is_letter_or_digit(kind)) {
        refuse();
        return;
    }
    const char32_t character = read_character();
    into.add(character, character);
}

PatternReader::Part PatternReader::join(Part front, const Part& back) {
    link(front.last, back.first);
    if (front.is_empty_allowed) {
        append(front.first, back.first);
    }
    if (!back.is_empty_allowed) {
        front.last.clear();
    }
    append(front.last, back.last);
    front.is_empty_allowed = front.is_empty_allowed && back.is_empty_allowed;
    return front;
}

void PatternReader::link(const Positions& from, const Positions& to) {
    links_ += from.size() * to.size();
    if (links_ > links_max) {
        refuse();
        return;
    }
    for (const auto position : from) {
        append(pattern_.after_[position], to);
    }
}

PatternReader::Part PatternReader::position_of(SimplePattern::Class characters) {
    if (pattern_.class_of_.size() >= SimplePattern::positions_max) {
        return refuse();
    }
    auto& classes = pattern_.classes_;
    auto known = std::find(classes.begin(), classes.end(), characters);
    if (known == classes.end()) {
        known = classes.insert(known, std::move(characters));
    }
    Part part;
    part.first = part.last = {static_cast<std::uint16_t>(pattern_.class_of_.size())};
    part.is_empty_allowed = false;
    pattern_.class_of_.push_back(static_cast<std::uint16_t>(known - classes.begin()));
    pattern_.after_.emplace_back();
    return part;
}

}   // namespace gateway::json
