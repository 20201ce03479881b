#pragma once

#include "gateway/ports/scanner.hpp"

#include <string_view>

namespace gateway::scan {

/// What clamd answered to INSTREAM, with or without the zero byte at its end. Anything unknown is
/// `down`: a file is clean only when clamd says so.
ports::ScanVerdict read_answer(std::string_view answer);

}   // namespace gateway::scan
