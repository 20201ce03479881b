#pragma once

// Names of files in a container: which may stand there, and which are one and the same to those who
// unpack it.

#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>

namespace gateway::seal {

/// A relative path of UTF-8 with slashes; one slash more at its end makes it a folder's.
/// `seal.zip_name_not_text`; `seal.zip_name_unsafe` for what would leave the folder it is unpacked
/// into (absolute, drive, "..", backslash), for control characters, and for empty or too long
/// names.
core::Result<void> check_entry_name(std::string_view name, std::size_t bytes_max);

/// Equal for names that fall together on a file system which ignores case or composes letters:
/// Latin with its marks up to U+017F, Greek and Cyrillic. Other scripts are compared as they stand.
std::string folded_name(std::string_view checked_name);

}   // namespace gateway::seal
