#pragma once

#include "gateway/app/config/load.hpp"

namespace gateway::app {

/// The folder holds these files afterwards: each is written beside its place, flushed, and moved
/// there; *.toml files that do not belong are renamed to *.toml.undone. The failure names the first
/// file that could not be written. Blocks.
core::Result<void> write_config_files(const std::string& folder, const ConfigFiles& files);

}   // namespace gateway::app
