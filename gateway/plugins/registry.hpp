#pragma once

// The adapters of this installation by name.

#include "gateway/sdk/adapter.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::plugins {

/// Filled once at start, read by any thread afterwards.
class Registry {
public:
    /// All *.so of a folder, in order of name. One that does not load, or a name that comes twice,
    /// refuses the whole: an operator must know which adapter is missing before the first letter
    /// does.
    static core::Result<Registry> load(const std::string& folder);

    /// `conflict` when the name is taken.
    core::Result<void> add(const sdk::Descriptor& descriptor);
    const sdk::Descriptor* find(std::string_view name) const;
    std::vector<std::string> names() const;

private:
    std::map<std::string, const sdk::Descriptor*, std::less<>> descriptors_;
};

}   // namespace gateway::plugins
