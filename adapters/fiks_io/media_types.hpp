#pragma once

// What a file's name says of its kind. Pure.

#include <string>
#include <string_view>

namespace gateway::fiks_io {

/// By the name's ending; application/octet-stream for one that says nothing.
std::string media_type_of(std::string_view name);

}   // namespace gateway::fiks_io
