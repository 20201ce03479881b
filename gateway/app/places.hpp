#pragma once

// Where the installation lies: bin/sluse beside lib/sluse/{adapters,standins}.

#include "gateway/core/failure.hpp"

#include <map>
#include <string>

namespace gateway::app {

/// The running program's own file.
std::string program_path();
/// lib/sluse of the running program, by its own place.
std::string library_folder();
/// Stand-ins that are installed: name -> program.
core::Result<std::map<std::string, std::string>> find_standins(const std::string& library);

}   // namespace gateway::app
