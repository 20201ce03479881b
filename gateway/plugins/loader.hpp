#pragma once

// Opens an adapter's shared library: one C symbol, an ABI stamp compared field by field before
// anything else of it is read. A library is never closed again: coroutines and destructors of it
// may still be on a stack.

#include "gateway/sdk/adapter.hpp"

#include <optional>
#include <string>

namespace gateway::plugins {

/// The first field in which a plugin's stamp differs from ours and what stands in both, or nothing.
std::optional<std::string> stamp_difference(const sdk::AbiStamp& ours, const sdk::AbiStamp& theirs);

/// Everything a descriptor must hold, or what is missing.
std::optional<std::string> descriptor_fault(const sdk::Descriptor& descriptor);

/// `not_found` when there is no such file, `unsupported` when it is not an adapter for this gateway
/// (the detail says which field differs). The descriptor lives as long as the process. At start
/// only: not from two threads at once.
core::Result<const sdk::Descriptor*> load_adapter(const std::string& path);

}   // namespace gateway::plugins
