#pragma once

// A file as a stream of a known size. Reads block: for the command line, which has nothing else to
// do meanwhile.

#include "gateway/core/failure.hpp"
#include "gateway/sdk/bytes.hpp"

#include <memory>
#include <string>

namespace gateway::app::client {

/// `not_found`, `storage_failed`. A file that grows or shrinks while it is sent fails the sending.
core::Result<std::unique_ptr<sdk::ByteSource>> open_file_source(const std::string& path);

}   // namespace gateway::app::client
