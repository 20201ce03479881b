#include "tests/unit/app/app_folder.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/stat.h>
#include <unistd.h>

namespace tests {

namespace app = gateway::app;
namespace core = gateway::core;
namespace sdk = gateway::sdk;
namespace fs = std::filesystem;

namespace {

constexpr const char* main_text = R"([listen.public]
address = "127.0.0.1:0"

[store]
path = "../data"

[limits]
drain_seconds_max = 2

[connection.one]
adapter = "fake"
tenants = ["310001007"]

[connection.two]
adapter = "fake"
word = "two"
tenants = ["310001007"]
)";

constexpr const char* tenant_text = R"([tenant]
name = "Sluse kommune"
sealing_key = "file:../keys/310001007"

[system.byggesak]
grants = ["send:letter"]

[[route]]
type = "letter/v1"
use = [{ connection = "one" }]
)";

constexpr std::string_view config_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"word":{"type":"string"}}})";
constexpr std::string_view route_schema = R"({"type":"object","additionalProperties":false})";

class FakeAdapter final : public sdk::Adapter, public sdk::Sender {
public:
    FakeAdapter() { ++fake_life().created; }
    sdk::Task<core::Result<void>> start(sdk::Deadline) override {
        ++fake_life().started;
        co_return core::Result<void>();
    }
    sdk::Task<sdk::Health> check_health(sdk::Deadline) override { co_return sdk::Health(); }
    sdk::Task<void> stop(sdk::Deadline) override {
        if (!stopped_) {
            ++fake_life().stopped;
        }
        stopped_ = true;
        co_return;
    }
    sdk::Sender* sender() override { return this; }
    sdk::Task<sdk::Outcome> send(const core::Delivery&, sdk::Progress&, sdk::Deadline) override {
        co_return sdk::Outcome();
    }
    sdk::Task<sdk::Outcome> look_up(const core::Delivery&, sdk::Progress&, sdk::Deadline) override {
        co_return sdk::Outcome();
    }
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(const core::Delivery&,
                                                         sdk::Deadline) override {
        co_return sdk::Receipts();
    }
    sdk::Task<sdk::Outcome> cancel(const core::Delivery&, sdk::Deadline) override {
        co_return sdk::Outcome();
    }

private:
    bool stopped_ = false;
};

std::span<const sdk::Capability> letters() {
    static const std::vector<sdk::Capability> all = [] {
        sdk::Capability letter;
        letter.message_type = "letter/v1";
        return std::vector<sdk::Capability>{letter};
    }();
    return all;
}

std::vector<core::Problem> no_problems(std::string_view, const gateway::json::Value&,
                                       const gateway::json::Value&,
                                       std::span<const core::DocumentRef>, core::Time) {
    return {};
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts&, sdk::Host&) {
    return std::unique_ptr<sdk::Adapter>(std::make_unique<FakeAdapter>());
}

}   // namespace

Folder::Folder() {
    std::string pattern = fs::temp_directory_path().string() + "/sluse-app-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const std::string& text) const {
    const std::string whole = path_ + "/" + name;
    fs::create_directories(fs::path(whole).parent_path());
    std::ofstream(whole, std::ios::binary) << text;
    ::chmod(whole.c_str(), 0600);
}

std::string Folder::read(const std::string& name) const {
    std::ifstream file(path_ + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool Folder::has(const std::string& name) const {
    return fs::exists(path_ + "/" + name);
}

void Folder::replace(const std::string& name, const std::string& from,
                     const std::string& to) const {
    std::string text = read(name);
    const std::size_t at = text.find(from);
    if (at == std::string::npos) {
        throw std::logic_error("not in " + name + ": " + from);
    }
    text.replace(at, from.size(), to);
    write(name, text);
}

void write_right_config(const Folder& folder) {
    folder.write("config/sluse.toml", main_text);
    folder.write("config/tenants/310001007.toml", tenant_text);
    fs::create_directories(folder.path() + "/keys");
    const auto clock = gateway::runtime::make_system_clock();
    const auto ids = gateway::runtime::make_system_ids(*clock);
    if (!app::create_tenant_key(folder.path() + "/keys/310001007", *ids)) {
        throw std::runtime_error("cannot make a key");
    }
}

FakeLife& fake_life() {
    static FakeLife life;
    return life;
}

std::shared_ptr<gateway::plugins::Registry> fake_adapters() {
    static const sdk::Descriptor descriptor = [] {
        sdk::Descriptor fake{};
        fake.name = "fake";
        fake.version = "1";
        fake.config_schema = config_schema;
        fake.route_schema = route_schema;
        fake.capabilities = letters;
        fake.check = no_problems;
        fake.create = create;
        return fake;
    }();
    fake_life().created = 0;
    fake_life().started = 0;
    fake_life().stopped = 0;
    auto registry = std::make_shared<gateway::plugins::Registry>();
    if (!registry->add(descriptor)) {
        throw std::logic_error("the adapter is there already");
    }
    return registry;
}

app::GatewayOptions gateway_options(const Folder& folder) {
    app::GatewayOptions options;
    options.config_folder = folder.path() + "/config";
    options.adapters = fake_adapters();
    options.command = "the test";
    options.log_least = sdk::Severity::error;
    return options;
}

}   // namespace tests
