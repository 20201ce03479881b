#include "gateway/app/config/sources.hpp"

#include "config_schemas.hpp"
#include "gateway/core/assert.hpp"

namespace gateway::app {
namespace {

constexpr std::string_view main_name = "sluse.toml";
constexpr std::string_view tenants_folder = "tenants/";
constexpr std::string_view ending = ".toml";

const TeachingSchema& schema_of(bool tenant) {
    static const auto gateway_schema = TeachingSchema::compile(embedded::gateway_schema);
    static const auto tenant_schema = TeachingSchema::compile(embedded::tenant_schema);
    const auto& schema = tenant ? tenant_schema : gateway_schema;
    GATEWAY_ASSERT(schema.has_value());
    return *schema;
}

void find_connections(const Document& document, std::optional<core::TenantId> owner,
                      Sources& sources, Mistakes& mistakes) {
    for (const auto& [name, value] : document.value()["connection"].members()) {
        if (!value.is_object()) {
            continue;
        }
        ConnectionSource source;
        source.document = &document;
        source.pointer = "/connection" + json::pointer_token(name);
        source.owner = owner;
        source.value = &value;
        const auto [at, fresh] = sources.connections.emplace(name, source);
        if (!fresh) {
            const Place first = at->second.document->key_place(at->second.pointer);
            const std::string where = first.file + ":" + std::to_string(first.line);
            mistakes.emplace_back(
                document.key_place(source.pointer),
                Said("forbindelsen \"" + name + "\" finnes fra før (" + where + ")",
                     "the connection \"" + name + "\" is there already (" + where + ")"),
                Said("gi den et annet navn; navn gjelder for hele installasjonen",
                     "give it another name; names hold for the whole installation"));
        }
    }
}

void read_tenant(const std::string& file, const std::string& text, Sources& sources,
                 Mistakes& mistakes) {
    const std::string number =
        file.substr(tenants_folder.size(), file.size() - tenants_folder.size() - ending.size());
    if (!core::is_organisation_number(number)) {
        mistakes.emplace_back(
            Place(file, 1, 1),
            Said("filnavnet er ikke et gyldig organisasjonsnummer (kontrollsifferet må stemme)",
                 "the file's name is no valid organisation number (its check digit must fit)"),
            Said("kall filen tenants/<organisasjonsnummer>.toml",
                 "name the file tenants/<organisation number>.toml"));
    }
    auto document = read_toml(file, text, mistakes);
    if (!document) {
        sources.complete = false;
        sources.broken_tenants.push_back(number);
        return;
    }
    schema_of(true).check(*document, {}, document->value(), {}, mistakes);
    sources.tenants.push_back({core::TenantId(number), std::move(*document)});
}

void read_main(const ConfigFiles& files, Sources& sources, Mistakes& mistakes) {
    const auto found = files.find(std::string(main_name));
    if (found == files.end()) {
        mistakes.emplace_back(
            Place(std::string(main_name)), Said("filen mangler", "the file is missing"),
            Said("begynn med config/example/sluse.toml", "begin with config/example/sluse.toml"));
        sources.complete = false;
        return;
    }
    sources.main = read_toml(found->first, found->second, mistakes);
    if (!sources.main) {
        sources.complete = false;
        return;
    }
    schema_of(false).check(*sources.main, {}, sources.main->value(), {}, mistakes);
}

}   // namespace

void read_sources(const ConfigFiles& files, Sources& sources, Mistakes& mistakes) {
    read_main(files, sources, mistakes);
    for (const auto& [file, text] : files) {
        if (file.starts_with(tenants_folder) && file.ends_with(ending)) {
            read_tenant(file, text, sources, mistakes);
        } else if (file != main_name) {
            mistakes.emplace_back(Place(file, 1, 1),
                                  Said("filen leses ikke", "this file is not read"),
                                  did_you_mean(file, {std::string(main_name)}));
        }
    }
    // The documents lie still from here on.
    if (sources.main) {
        find_connections(*sources.main, std::nullopt, sources, mistakes);
    }
    for (const TenantSource& tenant : sources.tenants) {
        find_connections(tenant.document, tenant.id, sources, mistakes);
    }
}

const std::vector<std::string>& connection_keys() {
    static const std::vector<std::string> keys{
        "adapter", "environment",  "base_url",      "ca_file",
        "key",     "key_password", "opening_keys",  "certificate",
        "tokens",  "tenants",      "in_flight_max", "receiver_silent_minutes"};
    return keys;
}

json::Value adapter_settings(const json::Value& connection) {
    json::Value settings = connection;
    for (const std::string& key : connection_keys()) {
        settings.remove(key);
    }
    return settings;
}

}   // namespace gateway::app
