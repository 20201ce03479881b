#pragma once

// Reads the text of a SimplePattern into its automaton. .cpp files here only.

#include "gateway/json/simple_pattern.hpp"

namespace gateway::json {

class PatternReader {
public:
    explicit PatternReader(std::string_view expression) : text_(expression) {}

    std::optional<SimplePattern> read();

private:
    using Positions = SimplePattern::Positions;

    /// What a part of the expression may begin and end with.
    struct Part {
        Positions first;
        Positions last;
        bool is_empty_allowed = true;
    };

    struct Count {
        std::size_t least = 1;
        std::size_t most = 1;
        bool is_endless = false;
    };

    bool at_end() const { return at_ >= text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[at_]; }
    bool take(char c);
    Part refuse();

    Part read_alternatives();
    Part read_sequence();
    /// An atom with its count: read again for each time it may stand there.
    Part read_counted();
    Part read_atom();
    Part read_group();
    Count read_count();
    std::optional<std::size_t> read_number();
    void read_class(SimplePattern::Class& into);
    char32_t read_character();
    /// `\d`, `\w`, `\s`, or a character that stands for itself.
    void read_escape(SimplePattern::Class& into);
    bool is_class_escape() const;
    char32_t read_escaped_character();

    Part join(Part front, const Part& back);
    void link(const Positions& from, const Positions& to);
    Part position_of(SimplePattern::Class characters);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t atoms_ = 0;   // read, some again and again
    std::size_t links_ = 0;
    bool is_refused_ = false;
    SimplePattern pattern_;
};

}   // namespace gateway::json
