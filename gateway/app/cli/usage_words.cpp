#include "gateway/app/cli/usage_words.hpp"

#include <array>
#include <optional>
#include <regex>

namespace gateway::app {
namespace {

struct Rule {
    const char* kind;    // any when null
    const char* words;   // of CLI11 2.1
    const char* nb;
};

constexpr std::array<Rule, 13> rules{{
    // The library names this mistake after the verb that it was made to.
    {nullptr, "The following arguments? (?:was|were) not expected: (.*)",
     "dette ble ikke forstått: $1"},
    {"RequiredError", "A subcommand is required", "et verb mangler"},
    {"RequiredError", "(.*) is required", "$1 mangler"},
    {"ArgumentMismatch", "(.*): 1 required .* missing", "$1 trenger en verdi"},
    {"ArgumentMismatch", "(.*?): .*", "$1: feil antall verdier"},
    {"ArgumentMismatch", "Expected .* arguments to (.*), got ([0-9]+)",
     "$1: feil antall verdier ($2)"},
    {"ConversionError", "Could not convert: (.*) = (.*)", "$1: «$2» er ingen slik verdi"},
    {"ValidationError", "(.*): Value (.*) not in range (.*) to (.*)",
     "$1: $2 er ikke mellom $3 og $4"},
    {"ValidationError", "(.*): (.*) not in \\{(.*)\\}", "$1: «$2» er ikke blant $3"},
    {"ValidationError", "(.*): File does not exist: (.*)", "$1: filen finnes ikke: $2"},
    {"ValidationError", "(.*): File is actually a directory: (.*)",
     "$1: er en mappe, ikke en fil: $2"},
    {"RequiresError", "(.*) requires (.*)", "$1 krever $2"},
    {"ExcludesError", "(.*) excludes (.*)", "$1 og $2 utelukker hverandre"},
}};

std::optional<std::string> in_norwegian(const std::string& kind, const std::string& words) {
    for (const Rule& rule : rules) {
        std::smatch found;
        if ((rule.kind == nullptr || kind == rule.kind) &&
            std::regex_match(words, found, std::regex(rule.words))) {
            return found.format(rule.nb);
        }
    }
    return std::nullopt;
}

}   // namespace

std::string usage_words(const std::string& kind, const std::string& words,
                        texts::Language language) {
    if (language == texts::Language::en) {
        return words;
    }
    return in_norwegian(kind, words).value_or("argumentene er feil: " + words);
}

}   // namespace gateway::app
