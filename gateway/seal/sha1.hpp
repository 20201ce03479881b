#pragma once

#include <string>
#include <string_view>

namespace gateway::seal {

/// 20 bytes. Names a certificate where a profile still demands it; protects nothing.
std::string sha1(std::string_view bytes);

}   // namespace gateway::seal
