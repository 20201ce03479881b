#include "gateway/app/config/mistake.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace gateway::app {
namespace {

// A longer list teaches nothing.
constexpr std::size_t listed_max = 30;

/// Insertions, deletions, changes and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < std::min(words.size(), listed_max); ++i) {
        text += (i == 0 ? "" : ", ") + words[i];
    }
    return words.size() > listed_max ? text + ", ..." : text;
}

}   // namespace

std::string to_line(const Mistake& mistake, texts::Language language) {
    std::string line = mistake.place.file;
    if (mistake.place.line != 0) {
        line +=
            ":" + std::to_string(mistake.place.line) + ":" + std::to_string(mistake.place.column);
    }
    line += ": " + mistake.reason.in(language);
    if (!mistake.remedy.empty()) {
        line += "; " + mistake.remedy.in(language);
    }
    return line;
}

void sort_mistakes(Mistakes& mistakes) {
    std::stable_sort(mistakes.begin(), mistakes.end(), [](const Mistake& a, const Mistake& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
    const auto same = [](const Mistake& a, const Mistake& b) {
        return a.place == b.place && a.reason.nb == b.reason.nb;
    };
    mistakes.erase(std::unique(mistakes.begin(), mistakes.end(), same), mistakes.end());
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    // A third of the letters may be wrong, never more than three.
    std::size_t least = std::min<std::size_t>(3, std::max<std::size_t>(1, word.size() / 3)) + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < least && distance < candidate.size()) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

Said did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    if (const std::string meant = nearest(word, known); !meant.empty()) {
        return {"mente du \"" + meant + "\"?", "did you mean \"" + meant + "\"?"};
    }
    if (known.empty()) {
        return {};
    }
    return {"her kan stå: " + joined(known), "known here: " + joined(known)};
}

}   // namespace gateway::app
