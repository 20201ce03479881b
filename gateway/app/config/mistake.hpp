#pragma once

// What is wrong with a configuration, said to a person: where, why, and what to write instead. A
// load collects every mistake before it gives up.

#include "gateway/texts/texts.hpp"

#include <compare>
#include <string>
#include <vector>

namespace gateway::app {

/// Line and column count from 1; 0 when only the file is known.
struct Place {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;

    Place() = default;
    explicit Place(std::string name, unsigned at_line = 0, unsigned at_column = 0)
        : file(std::move(name)), line(at_line), column(at_column) {}
    friend auto operator<=>(const Place&, const Place&) = default;
};

/// The same in two languages; nynorsk reads bokmål.
struct Said {
    std::string nb;
    std::string en;

    Said() = default;
    Said(std::string norwegian, std::string english)
        : nb(std::move(norwegian)), en(std::move(english)) {}
    bool empty() const { return nb.empty(); }
    const std::string& in(texts::Language language) const {
        return language == texts::Language::en ? en : nb;
    }
};

struct Mistake {
    Place place;
    Said reason;
    Said remedy;   // may be empty

    Mistake() = default;
    Mistake(Place where, Said why, Said what)
        : place(std::move(where)), reason(std::move(why)), remedy(std::move(what)) {}
};

using Mistakes = std::vector<Mistake>;

/// "sluse.toml:12:5: reason; remedy"
std::string to_line(const Mistake& mistake, texts::Language language);

/// In order of file, line and column; the same line is said once.
void sort_mistakes(Mistakes& mistakes);

/// The known word a person most likely meant, or nothing when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// `mente du "x"?`, or the known words, or nothing when there are none.
Said did_you_mean(std::string_view word, const std::vector<std::string>& known);

}   // namespace gateway::app
