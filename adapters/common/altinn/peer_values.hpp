#pragma once

// Values in the platform's answers that were written by somebody else. Pure.

#include <string>
#include <string_view>

namespace gateway::altinn_platform {

/// The nine digits of "0192:<digits>", of the URN, or alone; empty for anything else.
std::string organisation_in(std::string_view text);

/// A file name that is nothing but a name: no folders, no control characters, 255 bytes at most,
/// never empty.
std::string safe_file_name(std::string_view given);

}   // namespace gateway::altinn_platform
