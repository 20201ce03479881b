#pragma once

#include "gateway/evidence/manifest.hpp"

#include <string>

namespace gateway::evidence {

/// LES-MEG.txt: what the package is and how anybody verifies it, in bokmål, nynorsk and English.
std::string write_read_me(const Manifest& manifest);

}   // namespace gateway::evidence
