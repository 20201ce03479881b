#pragma once

// What a verb of the command line works with. Verbs only note what is to be run; it runs when all
// arguments have been read and found right.

#include "gateway/app/config/mistake.hpp"
#include "gateway/app/exit_codes.hpp"

#include <functional>
#include <string>

namespace gateway::app {

struct Context {
    texts::Language language = texts::Language::nb;
    std::function<int()> run;

    Context() = default;
    /// In the person's language.
    const std::string& say(const Said& said) const { return said.in(language); }
    std::string say(const char* nb, const char* en) const {
        return language == texts::Language::en ? en : nb;
    }
};

/// One line on standard output.
void print(const std::string& line);
/// One line on standard error, after "sluse: ".
void complain(const std::string& line);
/// Every mistake on a line of its own, on standard error.
void complain(const Mistakes& mistakes, texts::Language language);

/// /etc/sluse, or the environment variable SLUSE_CONFIG.
std::string default_config_folder();
/// As an absolute path without "." and "..".
std::string absolute_folder(const std::string& path);

}   // namespace gateway::app
