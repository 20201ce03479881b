#include "gateway/app/sandbox/world.hpp"

#include "gateway/app/config/write_back.hpp"
#include "gateway/app/places.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/tenant_keys.hpp"
#include "gateway/json/value.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/file.hpp"
#include "gateway/runtime/ids.hpp"
#include "sandbox_config.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdlib>
#include <filesystem>

#include <unistd.h>

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds standin_patience{100'000};   // one of them starts a RabbitMQ
// Stands in every business certificate that stand-ins issue.
constexpr const char* business_policy = "2.16.578.1.1.1.1.100";

/// The port people expect when it is free, else any.
std::string listen_address(std::uint16_t preferred) {
    namespace asio = boost::asio;
    asio::io_context io;
    asio::ip::tcp::acceptor probe(io);
    const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), preferred);
    boost::system::error_code error;
    probe.open(endpoint.protocol(), error);
    probe.set_option(asio::socket_base::reuse_address(true), error);
    probe.bind(endpoint, error);
    if (!error) {
        probe.listen(1, error);
    }
    return "127.0.0.1:" + std::to_string(error ? 0 : preferred);
}

/// The base64 text between the lines of a PEM file's first certificate.
std::string base64_of_pem(const std::string& pem) {
    const std::string begin = "-----BEGIN CERTIFICATE-----";
    const std::size_t start = pem.find(begin);
    const std::size_t end = pem.find("-----END CERTIFICATE-----");
    if (start == std::string::npos || end == std::string::npos) {
        return {};
    }
    std::string text = pem.substr(start + begin.size(), end - start - begin.size());
    std::erase(text, '\n');
    return text;
}

/// Wherever it stands.
void replace(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

}   // namespace

std::string default_sandbox_folder() {
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data != nullptr && *data == '/') {
        return std::string(data) + "/sluse/sandbox";
    }
    const char* home = std::getenv("HOME");
    return home != nullptr && *home == '/' ? std::string(home) + "/.local/share/sluse/sandbox"
                                           : std::string();
}

std::string temporary_sandbox_folder() {
    std::error_code error;
    std::string pattern = fs::temp_directory_path(error).string() + "/sluse-sandbox-XXXXXX";
    return ::mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
}

core::Result<std::unique_ptr<SandboxWorld>>
SandboxWorld::open(const std::string& folder, const std::string& library, bool remove_at_end) {
    std::unique_ptr<SandboxWorld> world(new SandboxWorld(folder));
    if (auto made = world->make_folders(); !made) {
        return made.error();
    }
    auto lock = runtime::take_lock(folder + "/sandbox.lock",
                                   "sluse sandbox, pid " + std::to_string(::getpid()));
    if (!lock) {
        return lock.error();
    }
    world->lock_ = std::move(*lock);
    world->remove_at_end_ = remove_at_end;
    const auto programs = find_standins(library);
    if (!programs) {
        return programs.error();
    }
    // The broker behind Fiks IO takes some seconds: the others start meanwhile.
    for (const char* name :
         {"maskinporten", "fiks_io", "altinn", "krr", "digital_post", "altinn_broker",
          "altinn_forms", "svarut", "folkeregister", "enhetsregisteret"}) {
        const auto program = programs->find(name);
        if (program == programs->end()) {
            return Failure(Errc::not_found, library + "/standins: standin-" + name + " is missing");
        }
        auto started = world->start_standin(name, program->second, world->arguments_of(name));
        if (started && std::string_view(name) != "fiks_io") {
            started = world->await_standin(name);
        }
        if (!started) {
            return started.error();
        }
    }
    if (auto started = world->await_standin("fiks_io"); !started) {
        return started.error();
    }
    if (auto written = world->write_trust_file(); !written) {
        return written.error();
    }
    if (auto written = world->write_configuration(); !written) {
        return written.error();
    }
    return world;
}

SandboxWorld::~SandboxWorld() {
    standins_.clear();
    if (remove_at_end_) {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
}

core::Result<void> SandboxWorld::make_folders() {
    const auto files = runtime::make_file_system(folder_);
    for (const char* name : {"config/tenants", "keys", "data", "logs"}) {
        if (auto made = files->make_directory(name); !made) {
            return Failure(made.error().code, folder_ + ": " + made.error().detail);
        }
    }
    return {};
}

core::Result<void> SandboxWorld::start_standin(const std::string& name, const std::string& program,
                                               std::vector<std::string> more) {
    runtime::ChildOptions options;
    options.program = program;
    options.arguments = {"--port", "0", "--control-port", "0", "--state", folder_ + "/" + name};
    options.arguments.insert(options.arguments.end(), more.begin(), more.end());
    options.log_file = log_file("standin-" + name);
    auto process = runtime::ChildProcess::start(options);
    if (!process) {
        return process.error();
    }
    standins_[name].process = std::move(*process);
    return {};
}

core::Result<void> SandboxWorld::await_standin(const std::string& name) {
    StandIn& standin = standins_.at(name);
    const auto line = standin.process->first_line(standin_patience);
    if (!line) {
        return Failure(line.error().code, "standin-" + name + " " + line.error().detail + " (" +
                                              log_file("standin-" + name) + ")");
    }
    const auto facts = json::parse_or_failure(*line);
    if (!facts) {
        return Failure(Errc::bad_answer, "standin-" + name + " did not say where it listens");
    }
    standin.url = (*facts)["url"].as_string();
    standin.control = (*facts)["control"].as_string();
    standin.material["issuer"] = (*facts)["issuer"].as_string();
    for (const auto& [member, value] : (*facts)["material"].members()) {
        if (value.is_string()) {
            standin.material[member] = value.as_string();
        }
    }
    return {};
}

std::vector<std::string> SandboxWorld::arguments_of(const std::string& name) const {
    std::vector<std::string> more;
    if (name == "maskinporten" || name == "fiks_io" || name == "svarut" ||
        name == "folkeregister" || name.starts_with("altinn")) {
        more = {"--organisation", tenant};
    }
    if (name != "maskinporten" && name != "enhetsregisteret") {   // which is open to all
        more.insert(more.end(), {"--maskinporten-url", maskinporten().url});
    }
    if (name == "fiks_io") {
        // Its catalogue knows the certificate that the municipality opens messages with.
        const auto& material = maskinporten().material;
        more.insert(more.end(),
                    {"--ca", folder_ + "/maskinporten/ca", "--certificate", material.at("keystore"),
                     "--certificate-password", material.at("keystore_password_file")});
    }
    if (name == "svarut") {
        more.insert(more.end(), {"--time-scale", "100"});   // it takes half a minute to deliver
    }
    if (name == "altinn_forms") {
        more.insert(more.end(), {"--time-scale", "100"});   // Altinn's feed is half a minute late
    }
    if (name == "krr" || name == "digital_post") {
        more.insert(more.end(), {"--certificates", folder_ + "/operators"});
    }
    if (name == "digital_post") {
        // Business certificates come from Maskinporten's authority. What takes a minute there takes
        // a second here, and letters are opened at once: a person is waiting.
        more.insert(more.end(), {"--ca", folder_ + "/maskinporten/ca", "--time-scale", "100",
                                 "--opens-after", "1"});
    }
    return more;
}

/// The authorities of the sandbox: of the business certificate and of the operators'.
core::Result<void> SandboxWorld::write_trust_file() const {
    json::Value roots = json::Value::array();
    for (const char* name : {"business_ca", "operator_ca"}) {
        const auto pem = resolve_secret("file:" + digital_post().material.at(name), Secrecy::open);
        if (!pem) {
            return pem.error();
        }
        json::Value root = json::Value::object();
        root.set("der_base64", base64_of_pem(*pem));
        roots.push(std::move(root));
    }
    json::Value environment = json::Value::object();
    environment.set("roots", std::move(roots))
        .set("policies", json::Value::array().push(business_policy));
    json::Value file = json::Value::object();
    file.set("test", std::move(environment));
    const auto disk = runtime::make_file_system(folder_);
    if (auto removed = disk->remove("trust.json"); !removed) {
        return removed;
    }
    auto made = disk->create("trust.json");
    if (!made) {
        return made.error();
    }
    const std::string text = json::write_pretty(file);
    return (*made)->append(std::span<const char>(text.data(), text.size()));
}

core::Result<void> SandboxWorld::write_configuration() {
    const std::string key = folder_ + "/keys/" + tenant + ".sealing";
    if (!fs::exists(key)) {
        const auto clock = runtime::make_system_clock();
        const auto ids = runtime::make_system_ids(*clock);
        if (auto created = create_tenant_key(key, *ids); !created) {
            return created;
        }
    }
    std::string text(embedded::sluse_toml);
    auto& material = standins_.at("maskinporten").material;
    replace(text, "\"127.0.0.1:8080\"", "\"" + listen_address(8080) + "\"");
    replace(text, "\"127.0.0.1:8081\"", "\"" + listen_address(8081) + "\"");
    replace(text, "\"http://127.0.0.1:8091\"",
            "\"" + maskinporten().url + "\"\nissuer = \"" + material["issuer"] + "\"");
    replace(text, "\"http://127.0.0.1:8092\"", "\"" + altinn().url + "\"");
    replace(text, "\"http://127.0.0.1:8093\"", "\"" + krr().url + "\"");
    replace(text, "\"http://127.0.0.1:8094\"", "\"" + digital_post().url + "\"");
    replace(text, "\"http://127.0.0.1:8095\"", "\"" + broker().url + "\"");
    replace(text, "\"http://127.0.0.1:8096\"", "\"" + forms().url + "\"");
    replace(text, "\"http://127.0.0.1:8097\"", "\"" + fiks().url + "\"");
    replace(text, "\"http://127.0.0.1:8099\"", "\"" + svarut().url + "\"");
    replace(text, "\"http://127.0.0.1:8100\"", "\"" + persons().url + "\"");
    replace(text, "\"http://127.0.0.1:8101/enhetsregisteret/api\"",
            "\"" + organisations().url + "/enhetsregisteret/api\"");
    replace(text, "\"file:folkeregister.password\"",
            "\"file:" + persons().material.at("integration_password_file") + "\"");
    const auto& mailbox = svarut().material;
    replace(text, "\"file:svarut.password\"",
            "\"file:" + mailbox.at("integration_password_file") + "\"");
    replace(text, "\"file:svarinn.password\"",
            "\"file:" + mailbox.at("mailbox_password_file") + "\"");
    replace(text, "\"file:svarinn.key.pem\"", "\"file:" + mailbox.at("mailbox_key") + "\"");
    const auto& keys = fiks().material;
    replace(text, "\"file:fiks.password\"",
            "\"file:" + keys.at("integration_password_file") + "\"");
    if (has_broker()) {
        replace(text, "amqp_port = 8098",
                "amqp_port = " + keys.at("amqp_port") + "\nca_file = \"" + keys.at("amqp_ca") +
                    "\"");
    }
    replace(text, "\"trust.json\"", "\"" + folder_ + "/trust.json\"");
    replace(text, "\"sluse-sandbox\"", "\"" + material["client_id"] + "\"");
    replace(text, "\"file:maskinporten.p12\"", "\"file:" + material["keystore"] + "\"");
    replace(text, "\"file:maskinporten.password\"",
            "\"file:" + material["keystore_password_file"] + "\"");
    const ConfigFiles files{
        {"sluse.toml", std::move(text)},
        {std::string("tenants/") + tenant + ".toml", std::string(embedded::tenant_toml)}};
    return write_config_files(config_folder(), files);
}

}   // namespace gateway::app
