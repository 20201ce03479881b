#pragma once

// A person's report as a page to read and to print: HTML that asks for nothing from anywhere, with
// everything that others wrote escaped. Written piece by piece, so that a long log needs no memory.

#include "gateway/json/value.hpp"
#include "gateway/texts/texts.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

namespace gateway::app::client {

class PersonPage {
public:
    PersonPage(std::ostream& out, texts::Language language) : out_(out), language_(language) {}

    /// The first page of the answer: who it is, and what is held.
    void begin(const json::Value& report);
    /// Entries of any page.
    void entries(const json::Value& list);
    void end();

private:
    std::ostream& out_;
    texts::Language language_;
};

/// & < > " ' as entities; control characters that HTML forbids as a space.
std::string escaped(std::string_view text);
/// "2026-11-22T10:46:32.120Z" -> "2026-11-22 10:46:32 UTC".
std::string shown_time(const std::string& rfc3339);
/// "operator:root" and "gateway:retention" in words, a system as it is.
std::string shown_author(const std::string& system, texts::Language language);

}   // namespace gateway::app::client
