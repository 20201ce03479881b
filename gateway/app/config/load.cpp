#include "gateway/app/config/load.hpp"

#include "gateway/app/config/sources.hpp"
#include "gateway/runtime/file.hpp"

#include <algorithm>
#include <filesystem>

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;

// One municipality's file is a few kilobytes; a megabyte is not a configuration.
constexpr std::size_t file_bytes_max = 1U << 20U;
constexpr std::size_t files_max = 2'000;

core::Result<void> read_folder(const std::string& folder, const std::string& prefix,
                               ConfigFiles& files) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (!name.ends_with(".toml") || name.starts_with('.')) {
            continue;
        }
        if (files.size() == files_max) {
            return Failure(Errc::too_large, folder + ": more than 2000 files");
        }
        auto text = runtime::read_whole_file(entry->path().string(), file_bytes_max);
        if (!text) {
            return Failure(text.error().code, entry->path().string() + ": " + text.error().detail);
        }
        files.emplace(prefix + name, std::move(*text));
    }
    if (error == std::errc::no_such_file_or_directory) {
        return Failure(Errc::not_found, folder + ": " + error.message());
    }
    if (error) {
        return Failure(Errc::unauthorised, folder + ": " + error.message());
    }
    return {};
}

}   // namespace

core::Result<ConfigFiles> read_config_files(const std::string& folder) {
    ConfigFiles files;
    if (const auto read = read_folder(folder, "", files); !read) {
        return read.error();
    }
    const auto tenants = read_folder(folder + "/tenants", "tenants/", files);
    if (!tenants && !tenants.error().is(Errc::not_found)) {
        return tenants.error();
    }
    return files;
}

LoadedConfig load_configuration(const ConfigFiles& files, const LoadOptions& options) {
    LoadedConfig loaded;
    Sources sources;
    read_sources(files, sources, loaded.mistakes);
    check_listeners(sources, loaded.mistakes);
    check_connections(sources, options, loaded.mistakes);
    check_tenants(sources, options, loaded.mistakes);
    check_webhooks(sources, loaded.mistakes);
    check_alarms(sources, loaded.mistakes);
    check_sign_in(sources, loaded.mistakes);
    check_oidc(sources, loaded.mistakes);
    if (options.look_at_files) {
        check_files(sources, options, loaded.mistakes);
    }
    if (loaded.mistakes.empty()) {
        loaded.configuration = build_configuration(sources, options);
        loaded.retentions = build_retentions(sources);
        loaded.second_person = build_second_person(sources);
    }
    sort_mistakes(loaded.mistakes);
    return loaded;
}

std::string files_to_json(const ConfigFiles& files) {
    json::Value object = json::Value::object();
    for (const auto& [name, text] : files) {
        object.set(name, text);
    }
    return json::write(object);
}

core::Result<ConfigFiles> files_from_json(std::string_view text) {
    json::ParseLimits limits;
    limits.bytes_max = files_max * file_bytes_max;
    auto parsed = json::parse_or_failure(text, limits);
    if (!parsed) {
        return parsed.error();
    }
    ConfigFiles files;
    for (const auto& [name, value] : parsed->members()) {
        if (!value.is_string()) {
            return Failure(Errc::malformed, "configuration version: " + name + " is no text");
        }
        files.emplace(name, value.as_string());
    }
    return files;
}

}   // namespace gateway::app
