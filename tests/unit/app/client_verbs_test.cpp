#include "gateway/app/cli/verbs.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace gateway;

namespace {

struct Parsed {
    bool accepted = false;
    bool has_work = false;
    std::string help;
};

Parsed parse(std::vector<std::string> arguments, texts::Language language = texts::Language::nb) {
    app::Context context;
    context.language = language;
    CLI::App program("sluse");
    program.require_subcommand(1);
    app::add_keys(program, context);
    app::add_client_verbs(program, context);
    std::reverse(arguments.begin(), arguments.end());
    Parsed parsed;
    try {
        program.parse(arguments);
        parsed.accepted = true;
        parsed.has_work = static_cast<bool>(context.run);
    } catch (const CLI::CallForHelp&) {
        parsed.help = program.help();
    } catch (const CLI::ParseError&) {
        parsed.accepted = false;
    }
    return parsed;
}

constexpr const char* id = "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21";

}   // namespace

TEST_CASE("command line: each client verb with what it needs is accepted and has work to do") {
    const std::vector<std::vector<std::string>> good{
        {"keys", "create", "--system", "byggesak", "--why", "nytt"},
        {"keys", "create", "--admin", "--why", "nytt"},
        {"keys", "list"},
        {"keys", "revoke", "abcdefabcdef", "--why", "mistet"},
        {"search", "--reference", "R-1", "--limit", "5"},
        {"trace", id, "--follow"},
        {"retry", id, "--why", "rettet"},
        {"hold", id, "--why", "vent"},
        {"release", id, "--why", "nå"},
        {"cancel", id, "--why", "feil", "--json"},
        {"backup", "kopi", "--why", "natt"},
        {"verify"},
        {"verify", "--offline", "--path", "/data"},
        {"config", "apply", "--why", "ny"},
        {"config", "undo", "--why", "angrer"},
        {"config", "history"},
        {"send", "--url", "http://127.0.0.1:1", "--to", "310002003", "--title", "T", "--file", "a",
         "--file", "b"},
    };
    for (const auto& arguments : good) {
        INFO(arguments[0] << " " << (arguments.size() > 1 ? arguments[1] : ""));
        const auto parsed = parse(arguments);
        CHECK(parsed.accepted);
        CHECK(parsed.has_work);
    }
}

TEST_CASE("command line: what lacks a reason, an id or a recipient is wrong usage") {
    const std::vector<std::vector<std::string>> bad{
        {"keys"},
        {"keys", "create", "--system", "byggesak"},
        {"keys", "create", "--why", "nytt"},
        {"keys", "create", "--system", "byggesak", "--admin", "--why", "nytt"},
        {"retry", id},
        {"retry", "--why", "rettet"},
        {"backup", "--why", "natt"},
        {"verify", "--path", "/data"},
        {"config"},
        {"config", "apply"},
        {"search", "--limit", "0"},
        {"search", "--limit", "1000"},
        {"send", "--url", "http://127.0.0.1:1", "--title", "T"},
        {"send", "--url", "http://127.0.0.1:1", "--to", "310002003"},
        {"trace"},
        {"trace", id, "--folow"},
        {"slett"},
    };
    for (const auto& arguments : bad) {
        INFO(arguments[0] << " " << (arguments.size() > 1 ? arguments[1] : ""));
        CHECK_FALSE(parse(arguments).accepted);
    }
}

TEST_CASE("command line: the help of every client verb teaches by an example in its language") {
    for (const auto* verb : {"send", "trace", "search", "retry", "hold", "release", "cancel",
                             "backup", "restore", "verify"}) {
        INFO(verb);
        const auto nb = parse({verb, "--help"});
        CHECK(nb.help.find("Eksempel:\n  sluse " + std::string(verb)) != std::string::npos);
        const auto en = parse({verb, "--help"}, texts::Language::en);
        CHECK(en.help.find("Example:\n  sluse " + std::string(verb)) != std::string::npos);
    }
}
