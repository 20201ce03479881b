#pragma once

// The values of Fiks Arkiv's published code lists. The XML Schema holds none of them: an archive
// may have values of its own, so an unknown one is let through. One that is almost a published
// value (case, blanks) is a mistake for sure. Pure.

#include <string_view>

namespace gateway::fiks_io::arkiv {

/// `list` by its name there, "journalstatus". The published value that `code` is not but must have
/// meant; empty when it is one, is like none, or the list is not published.
std::string_view meant_code(std::string_view list, std::string_view code);

}   // namespace gateway::fiks_io::arkiv
