#include "tests/unit/config/config_folder.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace tests {

namespace sdk = gateway::sdk;
namespace app = gateway::app;

namespace {

constexpr const char* right_main = R"([listen.public]
address = "127.0.0.1:8080"

[listen.admin]
address = "127.0.0.1:8081"

[store]
path = "data"

[connection.tokens-test]
adapter = "maskinporten"
base_url = "https://maskinporten.example"
client_id = "sluse"
organisation = "310001007"
key = "file:mp.p12"
tenants = ["310001007", "310005002"]

[connection.altinn-test]
adapter = "altinn"
base_url = "https://altinn.example/"
tokens = "tokens-test"
tenants = ["310001007"]
)";

constexpr const char* right_tenant = R"([tenant]
name = "Sluse kommune"
sealing_key = "file:keys/310001007"

[system.byggesak]
grants = ["send:letter"]

[[route]]
id = "vedtak"
type = "letter/v1"
when = { kind = "decision", "case/system" = "byggesak" }
use = [{ connection = "altinn-test", with = { resource = "vedtak" } }]

[[route]]
type = "letter/v1"
use = [{ connection = "altinn-test", with = { resource = "brev" } }]
)";

constexpr const char* other_tenant = R"([tenant]
name = "Kanal kommune"
sealing_key = "env:KANAL_KEY"
)";

struct Shipped {
    std::string config_schema;
    std::string route_schema;
    sdk::Descriptor descriptor;
};

std::span<const sdk::Capability> letters() {
    static const std::vector<sdk::Capability> all = [] {
        sdk::Capability letter;
        letter.message_type = "letter/v1";
        return std::vector<sdk::Capability>{letter};
    }();
    return all;
}

std::span<const sdk::Capability> transfers() {
    static const std::vector<sdk::Capability> all = [] {
        sdk::Capability transfer;
        transfer.message_type = "transfer/v1";
        return std::vector<sdk::Capability>{transfer};
    }();
    return all;
}

std::span<const sdk::Capability> letters_and_transfers() {
    static const std::vector<sdk::Capability> all = [] {
        std::vector<sdk::Capability> both(2);
        both[0].message_type = "letter/v1";
        both[1].message_type = "transfer/v1";
        return both;
    }();
    return all;
}

std::span<const sdk::Capability> prefills() {
    static const std::vector<sdk::Capability> all = [] {
        sdk::Capability prefill;
        prefill.message_type = "prefill/v1";
        return std::vector<sdk::Capability>{prefill};
    }();
    return all;
}

std::span<const sdk::Capability> messages_of_protocols() {
    static const std::vector<sdk::Capability> all = [] {
        std::vector<sdk::Capability> both(2);
        both[0].message_type = "protocol/v1";
        both[1].message_type = "archive/v1";
        return both;
    }();
    return all;
}

std::span<const sdk::Capability> nothing() {
    return {};
}

Shipped make_shipped(const std::string& name) {
    const std::string folder = std::string(SLUSE_SOURCE_DIR) + "/adapters/" + name + "/";
    Shipped shipped;
    shipped.config_schema = read_text(folder + "config.schema.json");
    shipped.route_schema = read_text(folder + "route.schema.json");
    return shipped;
}

}   // namespace

std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
        throw std::runtime_error("cannot read " + path);
    }
    return text.str();
}

static std::span<const std::string_view> contact_register() {
    static constexpr std::string_view all[] = {"contact", "print"};
    return all;
}

static std::span<const std::string_view> person_register() {
    static constexpr std::string_view all[] = {"person"};
    return all;
}

static std::span<const std::string_view> organisation_register() {
    static constexpr std::string_view all[] = {"organisation", "organisation.roles"};
    return all;
}

const sdk::Descriptor* find_adapter(std::string_view name) {
    static std::map<std::string, Shipped, std::less<>> all;
    const auto options = load_options();
    if (std::find(options.adapters.begin(), options.adapters.end(), name) ==
        options.adapters.end()) {
        return nullptr;
    }
    auto found = all.find(name);
    if (found == all.end()) {
        found = all.emplace(std::string(name), make_shipped(std::string(name))).first;
        sdk::Descriptor& descriptor = found->second.descriptor;
        descriptor.name = found->first;
        descriptor.config_schema = found->second.config_schema;
        descriptor.route_schema = found->second.route_schema;
        static constexpr std::string_view senders_of_nothing[] = {
            "maskinporten", "krr", "svarinn", "folkeregister", "enhetsregisteret"};
        const bool sends = std::find(std::begin(senders_of_nothing), std::end(senders_of_nothing),
                                     name) == std::end(senders_of_nothing);
        descriptor.capabilities = sends ? letters : nothing;
        if (name == "altinn_broker") {
            descriptor.capabilities = transfers;
        } else if (name == "altinn_forms") {
            descriptor.capabilities = prefills;
        } else if (name == "fiks_io") {
            descriptor.capabilities = messages_of_protocols;
        } else if (name == "svarut") {
            descriptor.capabilities = letters_and_transfers;
        }
        descriptor.datasets = name == "krr"                ? contact_register
                              : name == "folkeregister"    ? person_register
                              : name == "enhetsregisteret" ? organisation_register
                                                           : nullptr;
    }
    return &found->second.descriptor;
}

app::LoadOptions load_options() {
    app::LoadOptions options;
    options.folder = "/etc/sluse";
    options.find_adapter = find_adapter;
    options.adapters = {"altinn", "altinn_broker",    "altinn_forms", "digital_post",
                        "echo",   "enhetsregisteret", "fiks_io",      "folkeregister",
                        "krr",    "maskinporten",     "svarinn",      "svarut"};
    options.look_at_files = false;
    return options;
}

app::ConfigFiles right_files() {
    return {{"sluse.toml", right_main},
            {"tenants/310001007.toml", right_tenant},
            {"tenants/310005002.toml", other_tenant}};
}

app::ConfigFiles wrong_files(const std::string& file, std::string_view from, std::string_view to) {
    app::ConfigFiles files = right_files();
    std::string& text = files.at(file);
    const std::size_t at = text.find(from);
    if (at == std::string::npos) {
        throw std::logic_error("not in " + file + ": " + std::string(from));
    }
    text.replace(at, from.size(), to);
    return files;
}

std::vector<std::string> mistakes_in(const app::ConfigFiles& files,
                                     gateway::texts::Language language) {
    std::vector<std::string> lines;
    for (const auto& mistake : app::load_configuration(files, load_options()).mistakes) {
        lines.push_back(app::to_line(mistake, language));
    }
    return lines;
}

}   // namespace tests
