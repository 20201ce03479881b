#pragma once

// A small right configuration to make mistakes in, and adapters as the loader sees them.

#include "gateway/app/config/load.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// The shipped adapters' schemas, with capabilities but without code.
const gateway::sdk::Descriptor* find_adapter(std::string_view name);

gateway::app::LoadOptions load_options();

/// Without mistakes as it stands; key files are not looked at.
gateway::app::ConfigFiles right_files();

/// The right files with `from` in one of them replaced by `to`.
gateway::app::ConfigFiles wrong_files(const std::string& file, std::string_view from,
                                      std::string_view to);

/// One line for each mistake.
std::vector<std::string> mistakes_in(const gateway::app::ConfigFiles& files,
                                     gateway::texts::Language language);

std::string read_text(const std::string& path);

}   // namespace tests
