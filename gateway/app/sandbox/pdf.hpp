#pragma once

#include <string>
#include <vector>

namespace gateway::app {

/// A one-page PDF 1.4 with these lines of text (Latin letters with æ, ø, å; others become "?").
std::string make_pdf(const std::vector<std::string>& lines);

}   // namespace gateway::app
