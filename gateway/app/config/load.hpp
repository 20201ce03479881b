#pragma once

// A folder of configuration (`sluse.toml`, `tenants/<organisation number>.toml`) becomes one
// core::Configuration, or the list of every mistake in it. Nothing is taken into use here, nothing
// is written.

#include "gateway/app/config/mistake.hpp"
#include "gateway/core/configuration.hpp"
#include "gateway/core/message_retention.hpp"
#include "gateway/core/second_person.hpp"
#include "gateway/sdk/adapter.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gateway::app {

/// File name relative to the folder ("sluse.toml", "tenants/310001007.toml") -> its text.
using ConfigFiles = std::map<std::string, std::string>;

struct LoadOptions {
    std::string folder;   // where relative paths start; absolute
    std::function<const sdk::Descriptor*(std::string_view)> find_adapter;
    std::vector<std::string> adapters;   // their names, for suggestions
    std::vector<std::string> message_types{"archive/v1", "letter/v1", "prefill/v1", "protocol/v1",
                                           "transfer/v1"};
    bool look_at_files = true;   // keys, certificates: there, readable, of the right mode and form
};

struct LoadedConfig {
    std::shared_ptr<const core::Configuration> configuration;   // nothing when there are mistakes
    std::shared_ptr<const core::MessageRetentions> retentions;
    std::shared_ptr<const core::SecondPersonRules> second_person;
    Mistakes mistakes;   // sorted
};

/// `not_found` when the folder has no sluse.toml, `unauthorised` when it cannot be read,
/// `too_large`. Only *.toml files are read. Blocks.
core::Result<ConfigFiles> read_config_files(const std::string& folder);

/// Judges and builds. Looks at key files unless told not to; blocks then.
LoadedConfig load_configuration(const ConfigFiles& files, const LoadOptions& options);

/// For the history of configurations: one JSON object, file name -> text.
std::string files_to_json(const ConfigFiles& files);
core::Result<ConfigFiles> files_from_json(std::string_view text);

}   // namespace gateway::app
