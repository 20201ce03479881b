#pragma once

// Regular expressions of the kind that nearly all schemas use: from the start of a text, classes,
// groups, alternatives and counts, nothing that looks back or around. Such a one is a small
// automaton of positions (Glushkov): one pass over the text, whatever the text.

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::json {

/// Made once, then read by any thread.
class SimplePattern {
public:
    /// Nothing when the expression is of another kind, or wrong: std::regex knows.
    static std::optional<SimplePattern> compile(std::string_view expression);

    /// As std::regex_search would say, on characters. The text is UTF-8; a bad byte counts as
    /// U+FFFD.
    bool matches(std::string_view text) const;

    static constexpr std::size_t positions_max = 1024;

    /// Which characters may stand at a position.
    struct Class {
        std::bitset<128> ascii;
        std::vector<std::pair<char32_t, char32_t>> others;   // ranges beyond ASCII
        bool is_negated = false;

        void add(char32_t first, char32_t last);
        bool holds(char32_t character) const;
        friend bool operator==(const Class&, const Class&) = default;
    };

    using Positions = std::vector<std::uint16_t>;

private:
    friend class PatternReader;
    SimplePattern() = default;

    bool ends_in(std::span<const std::uint16_t> positions) const;

    std::vector<Class> classes_;
    std::vector<std::uint16_t> class_of_;   // of each position
    std::vector<Positions> after_;          // which may follow a position; last: which may begin
    std::vector<bool> is_last_;             // a match may end here
    bool is_empty_allowed_ = false;
    bool is_to_end_ = false;   // the match must be the whole text
};

}   // namespace gateway::json
