#include "gateway/plugins/loader.hpp"

#include "gateway/sdk/abi_stamp.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <tuple>

#include <dlfcn.h>

namespace gateway::plugins {

using core::Errc;
using core::Failure;

namespace {

/// A field's text, also when a foreign stamp forgot to end it.
template <std::size_t N>
std::string_view text(const char (&field)[N]) {
    const auto* end = std::find(field, field + N, '\0');
    return std::string_view(field, static_cast<std::size_t>(end - field));
}

std::optional<std::string> differs(std::string_view field, std::string_view ours,
                                   std::string_view theirs) {
    if (ours == theirs) {
        return std::nullopt;
    }
    std::string says(field);
    says.append(" is \"")
        .append(theirs)
        .append("\", the gateway's is \"")
        .append(ours)
        .append("\"");
    return says;
}

std::string loader_error() {
    const char* said = dlerror();
    return said == nullptr ? "unknown reason" : said;
}

}   // namespace

std::optional<std::string> stamp_difference(const sdk::AbiStamp& ours,
                                            const sdk::AbiStamp& theirs) {
    if (auto size = differs("size", std::to_string(ours.size), std::to_string(theirs.size))) {
        return size;   // the rest lies elsewhere
    }
    for (const auto& [field, here, there] :
         {std::tuple{"sdk_version", text(ours.sdk_version), text(theirs.sdk_version)},
          std::tuple{"compiler", text(ours.compiler), text(theirs.compiler)},
          std::tuple{"boost", text(ours.boost), text(theirs.boost)},
          std::tuple{"sanitizer", text(ours.sanitizer), text(theirs.sanitizer)},
          std::tuple{"headers_sha256", text(ours.headers_sha256), text(theirs.headers_sha256)}}) {
        if (auto difference = differs(field, here, there)) {
            return difference;
        }
    }
    return std::nullopt;
}

std::optional<std::string> descriptor_fault(const sdk::Descriptor& descriptor) {
    if (descriptor.name.empty()) {
        return "the descriptor has no name";
    }
    if (descriptor.config_schema.empty() || descriptor.route_schema.empty()) {
        return "the descriptor has no schemas";
    }
    if (descriptor.capabilities == nullptr || descriptor.check == nullptr ||
        descriptor.create == nullptr) {
        return "the descriptor lacks a function";
    }
    return std::nullopt;
}

core::Result<const sdk::Descriptor*> load_adapter(const std::string& path) {
    std::error_code absent;
    if (!std::filesystem::is_regular_file(path, absent)) {
        return Failure(Errc::not_found, path + ": no such adapter");
    }
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
        return Failure(Errc::unsupported, path + ": " + loader_error());
    }
    void* const symbol = dlsym(library, sdk::adapter_entry_point);
    if (symbol == nullptr) {
        return Failure(Errc::unsupported, path + ": no symbol " + sdk::adapter_entry_point);
    }
    const auto entry = reinterpret_cast<const sdk::Descriptor* (*)()>(symbol);
    const sdk::Descriptor* const descriptor = entry();
    if (descriptor == nullptr) {
        return Failure(Errc::unsupported, path + ": no descriptor");
    }
    if (const auto difference = stamp_difference(sdk::current_abi_stamp(), descriptor->stamp)) {
        return Failure(Errc::unsupported, path + ": built for another gateway: " + *difference);
    }
    if (const auto fault = descriptor_fault(*descriptor)) {
        return Failure(Errc::unsupported, path + ": " + *fault);
    }
    return descriptor;
}

}   // namespace gateway::plugins
