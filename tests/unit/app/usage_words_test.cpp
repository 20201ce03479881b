#include "gateway/app/cli/usage_words.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

using gateway::app::usage_words;
using gateway::texts::Language;

namespace {

/// A command line with everything that ours uses; what it says to these arguments.
std::string said(const std::string& arguments, Language language = Language::nb) {
    CLI::App app("test");
    app.require_subcommand(1);
    std::string language_name;
    app.add_option("--lang", language_name)->check(CLI::IsMember({"nb", "en"}));
    CLI::App* verb = app.add_subcommand("send");
    std::string to;
    std::string file;
    int limit = 1;
    int copies = 1;
    bool offline = false;
    verb->add_option("--to", to)->required();
    verb->add_option("--file", file)->check(CLI::ExistingFile);
    verb->add_option("--limit", limit)->check(CLI::Range(1, 200));
    verb->add_option("--copies", copies);
    CLI::Option* other = verb->add_flag("--offline", offline);
    verb->add_option("--path", file)->needs(other);
    verb->add_option("--url", file)->excludes(other);
    try {
        app.parse(arguments);
    } catch (const CLI::ParseError& error) {
        return usage_words(error.get_name(), error.what(), language);
    }
    return "nothing was wrong";
}

}   // namespace

TEST_CASE("usage: every mistake of the arguments is said in Norwegian, with what it is about") {
    CHECK(said("") == "et verb mangler");
    CHECK(said("send") == "--to mangler");
    CHECK(said("send --to") == "--to trenger en verdi");
    CHECK(said("send --to x --frobnicate y") == "dette ble ikke forstått: y --frobnicate");
    CHECK(said("send --to x --copies many") == "--copies: «many» er ingen slik verdi");
    CHECK(said("send --to x --limit 300") == "--limit: 300 er ikke mellom 1 og 200");
    CHECK(said("send --to x --file /nowhere") == "--file: filen finnes ikke: /nowhere");
    CHECK(said("send --to x --file /tmp") == "--file: er en mappe, ikke en fil: /tmp");
    CHECK(said("send --to x --path y") == "--path krever --offline");
    CHECK(said("send --to x --url y --offline").find("utelukker hverandre") != std::string::npos);
    CHECK(said("--lang sv send --to x") == "--lang: «sv» er ikke blant nb,en");
}

TEST_CASE("usage: in English the words are those of the library, and unknown ones are kept") {
    CHECK(said("send", Language::en) == "--to is required");
    CHECK(usage_words("SomethingNew", "no such thing", Language::nb) ==
          "argumentene er feil: no such thing");
}
