#include "gateway/plugins/registry.hpp"

#include "gateway/plugins/loader.hpp"

#include <algorithm>
#include <filesystem>

namespace gateway::plugins {

using core::Errc;
using core::Failure;

core::Result<Registry> Registry::load(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> paths;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".so") {
            paths.push_back(entry->path().string());
        }
    }
    if (error) {
        return Failure(Errc::not_found, folder + ": " + error.message());
    }
    std::sort(paths.begin(), paths.end());
    Registry registry;
    for (const auto& path : paths) {
        const auto descriptor = load_adapter(path);
        if (!descriptor) {
            return descriptor.error();
        }
        if (const auto added = registry.add(**descriptor); !added) {
            return Failure(Errc::conflict, path + ": " + added.error().detail);
        }
    }
    return registry;
}

core::Result<void> Registry::add(const sdk::Descriptor& descriptor) {
    const auto [at, fresh] = descriptors_.emplace(std::string(descriptor.name), &descriptor);
    if (!fresh) {
        return Failure(Errc::conflict, "an adapter named " + at->first + " is there already");
    }
    return {};
}

const sdk::Descriptor* Registry::find(std::string_view name) const {
    const auto found = descriptors_.find(name);
    return found == descriptors_.end() ? nullptr : found->second;
}

std::vector<std::string> Registry::names() const {
    std::vector<std::string> all;
    for (const auto& [name, descriptor] : descriptors_) {
        all.push_back(name);
    }
    return all;
}

}   // namespace gateway::plugins
