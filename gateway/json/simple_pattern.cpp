#include "gateway/json/simple_pattern.hpp"

#include "gateway/json/pattern_reader.hpp"
#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <array>

namespace gateway::json {

void SimplePattern::Class::add(char32_t first, char32_t last) {
    for (char32_t character = first; character <= last && character < ascii.size(); ++character) {
        ascii.set(character);
    }
    if (last >= ascii.size()) {
        others.emplace_back(std::max(first, static_cast<char32_t>(ascii.size())), last);
    }
}

bool SimplePattern::Class::holds(char32_t character) const {
    const bool is_in =
        character < ascii.size()
            ? ascii[character]
            : std::any_of(others.begin(), others.end(), [character](const auto& range) {
                  return range.first <= character && character <= range.second;
              });
    return is_in != is_negated;
}

std::optional<SimplePattern> SimplePattern::compile(std::string_view expression) {
    return PatternReader(expression).read();
}

namespace {

/// Where a match may stand: on the stack, each position once.
class Standing {
public:
    void add(std::uint16_t position) { positions_[size_++] = position; }
    void clear() { size_ = 0; }
    bool empty() const { return size_ == 0; }
    const std::uint16_t* begin() const { return positions_.data(); }
    const std::uint16_t* end() const { return positions_.data() + size_; }

private:
    std::array<std::uint16_t, SimplePattern::positions_max + 1> positions_;
    std::size_t size_ = 0;
};

}   // namespace

bool SimplePattern::ends_in(std::span<const std::uint16_t> positions) const {
    return std::any_of(positions.begin(), positions.end(),
                       [this](std::uint16_t position) { return is_last_[position]; });
}

bool SimplePattern::matches(std::string_view text) const {
    if (is_empty_allowed_ && (text.empty() || !is_to_end_)) {
        return true;
    }
    constexpr std::size_t word = 64;
    std::array<std::uint64_t, positions_max / word> taken{};
    Standing first;
    Standing second;
    Standing* here = &first;
    Standing* next = &second;
    here->add(static_cast<std::uint16_t>(class_of_.size()));   // the start
    for (std::size_t at = 0; at < text.size();) {
        char32_t character = 0xFFFD;
        const std::size_t length = utf8_next(text, at, character);
        at += length == 0 ? 1 : length;
        next->clear();
        for (const auto from : *here) {
            for (const auto to : after_[from]) {
                auto& marks = taken[to / word];
                const std::uint64_t mark = std::uint64_t{1} << (to % word);
                if ((marks & mark) == 0 && classes_[class_of_[to]].holds(character)) {
                    marks |= mark;
                    next->add(to);
                }
            }
        }
        for (const auto position : *next) {
            taken[position / word] = 0;
        }
        if (next->empty()) {
            return false;
        }
        if (!is_to_end_ && ends_in({next->begin(), next->end()})) {
            return true;
        }
        std::swap(here, next);
    }
    return is_to_end_ && !text.empty() && ends_in({here->begin(), here->end()});
}

}   // namespace gateway::json
