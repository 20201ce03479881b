// The whole gateway in this process: its own store and listeners, adapters that are fakes.

#include "gateway/app/gateway.hpp"

#include "gateway/app/exit_codes.hpp"
#include "gateway/app/loop.hpp"
#include "tests/unit/app/app_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

namespace app = gateway::app;
namespace core = gateway::core;
namespace sdk = gateway::sdk;
using tests::fake_life;
using tests::Folder;
using Language = gateway::texts::Language;

namespace {

/// Started, and stopped at the end.
class Running {
public:
    explicit Running(const Folder& folder)
        : loop_(2), gateway_(loop_.executor(), tests::gateway_options(folder)) {
        fault = gateway_.open();
        if (!fault) {
            loop_.run(start(gateway_, fault));
        }
    }
    ~Running() { loop_.run(stop(gateway_)); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    app::ApplyAnswer apply() {
        app::ApplyAnswer answer;
        loop_.run(apply_one(gateway_, answer));
        return answer;
    }
    app::ApplyAnswer undo() {
        app::ApplyAnswer answer;
        loop_.run(undo_one(gateway_, answer));
        return answer;
    }
    std::vector<gateway::ports::ConfigVersion> history() {
        std::vector<gateway::ports::ConfigVersion> all;
        loop_.run(read_history(gateway_, all));
        return all;
    }
    app::Gateway& gateway() { return gateway_; }
    const core::Configuration& config() {
        held_ = gateway_.configuration().current();
        return *held_;
    }

    std::optional<app::StartFault> fault;

private:
    static sdk::Task<int> start(app::Gateway& gateway, std::optional<app::StartFault>& fault) {
        fault = co_await gateway.start();
        co_return 0;
    }
    static sdk::Task<int> stop(app::Gateway& gateway) {
        co_await gateway.stop();
        co_return 0;
    }
    static sdk::Task<int> apply_one(app::Gateway& gateway, app::ApplyAnswer& answer) {
        answer = co_await gateway.apply("ola", "because");
        co_return 0;
    }
    static sdk::Task<int> undo_one(app::Gateway& gateway, app::ApplyAnswer& answer) {
        answer = co_await gateway.undo("kari", "it was wrong");
        co_return 0;
    }
    static sdk::Task<int> read_history(app::Gateway& gateway,
                                       std::vector<gateway::ports::ConfigVersion>& all) {
        auto versions = co_await gateway.store().config_versions(10);
        all = std::move(*versions);
        co_return 0;
    }

    app::Loop loop_;
    app::Gateway gateway_;
    std::shared_ptr<const core::Configuration> held_;
};

std::string first_note(const app::ApplyAnswer& answer) {
    return answer.notes.empty() ? std::string() : answer.notes.front().en;
}

}   // namespace

TEST_CASE("gateway: starts, listens, remembers its configuration, and stops what it started") {
    const Folder folder;
    tests::write_right_config(folder);
    {
        Running running(folder);
        REQUIRE_FALSE(running.fault.has_value());
        CHECK(running.gateway().phase() == app::Phase::serving);
        CHECK(running.gateway().public_url().starts_with("http://127.0.0.1:"));
        CHECK(fake_life().started == 2);
        REQUIRE(running.history().size() == 1);
        CHECK(running.history()[0].who == "the test");
        CHECK(running.config().version == running.history()[0].version);
    }
    CHECK(fake_life().stopped == 2);
    Running again(folder);
    REQUIRE_FALSE(again.fault.has_value());
    CHECK(again.history().size() == 1);
}

TEST_CASE("gateway: a second one on the same data folder is refused, and told who has it") {
    const Folder folder;
    tests::write_right_config(folder);
    Running first(folder);
    REQUIRE_FALSE(first.fault.has_value());
    Running second(folder);
    REQUIRE(second.fault.has_value());
    CHECK(second.fault->exit_code == app::exit_cannot_open);
    CHECK(second.fault->text.en.find("is in use by the test, pid ") != std::string::npos);
}

TEST_CASE("gateway: a configuration with mistakes starts nothing") {
    const Folder folder;
    tests::write_right_config(folder);
    folder.replace("config/sluse.toml", "word = \"two\"", "wrod = \"two\"");
    Running running(folder);
    REQUIRE(running.fault.has_value());
    CHECK(running.fault->exit_code == app::exit_config);
    REQUIRE(running.fault->mistakes.size() == 1);
    CHECK(app::to_line(running.fault->mistakes[0], Language::en) ==
          "sluse.toml:16:1: unknown key \"wrod\"; did you mean \"word\"?");
    CHECK_FALSE(folder.has("data/sluse.db"));
}

TEST_CASE("gateway: another sealing key than the messages were sealed with is refused") {
    const Folder folder;
    tests::write_right_config(folder);
    { Running running(folder); }
    std::filesystem::remove(folder.path() + "/keys/310001007");
    tests::write_right_config(folder);
    Running running(folder);
    REQUIRE(running.fault.has_value());
    CHECK(running.fault->text.en.find("the sealing key of 310001007 is another") !=
          std::string::npos);
}

TEST_CASE("reload: what is new starts, what changed is drained, the rest is not touched") {
    const Folder folder;
    tests::write_right_config(folder);
    Running running(folder);
    REQUIRE_FALSE(running.fault.has_value());
    const auto one = running.gateway().connections().find(core::ConnectionId("one"));
    const auto two = running.gateway().connections().find(core::ConnectionId("two"));
    folder.replace("config/sluse.toml", "\"two\"", "\"second\"");
    folder.replace("config/sluse.toml", "[connection.one]",
                   "[connection.three]\nadapter = \"fake\"\ntenants = [\"310001007\"]\n"
                   "[connection.one]");
    const auto answer = running.apply();
    CHECK(answer.done());
    CHECK(answer.mistakes.empty());
    CHECK(answer.notes.empty());
    CHECK(fake_life().created == 4);
    CHECK(fake_life().stopped == 1);
    CHECK(running.gateway().connections().find(core::ConnectionId("one")) == one);
    CHECK(running.gateway().connections().find(core::ConnectionId("two")) != two);
    CHECK(running.gateway().connections().find(core::ConnectionId("three")) != nullptr);
    CHECK(running.config().version == answer.version);
    REQUIRE(running.history().size() == 2);
    CHECK(running.history()[0].who == "ola");
    CHECK(running.history()[0].why == "because");
}

TEST_CASE("reload: one mistake anywhere, and nothing at all has changed") {
    const Folder folder;
    tests::write_right_config(folder);
    Running running(folder);
    REQUIRE_FALSE(running.fault.has_value());
    const auto before = running.config().version;
    folder.replace("config/sluse.toml", "\"two\"", "\"second\"");
    folder.replace("config/tenants/310001007.toml", "send:letter", "send:leter");
    const auto answer = running.apply();
    CHECK_FALSE(answer.done());
    REQUIRE(answer.mistakes.size() == 1);
    CHECK(running.config().version == before);
    CHECK(running.history().size() == 1);
    CHECK(fake_life().created == 2);
}

TEST_CASE("reload: undo brings back the version before, also as files") {
    const Folder folder;
    tests::write_right_config(folder);
    Running running(folder);
    REQUIRE_FALSE(running.fault.has_value());
    CHECK_FALSE(running.undo().done());
    const std::string before = folder.read("config/sluse.toml");
    folder.replace("config/sluse.toml", "\"two\"", "\"second\"");
    folder.write("config/tenants/310005002.toml",
                 "[tenant]\nname = \"Ny\"\nsealing_key = \"file:../keys/310005002\"\n");
    const auto clock = gateway::runtime::make_system_clock();
    const auto ids = gateway::runtime::make_system_ids(*clock);
    const auto made = app::create_tenant_key(folder.path() + "/keys/310005002", *ids);
    REQUIRE(made.has_value());
    REQUIRE(running.apply().done());
    CHECK(running.config().tenants.size() == 2);
    CHECK(running.gateway().vaults().find(core::TenantId("310005002")) != nullptr);

    const auto answer = running.undo();
    CHECK(answer.done());
    CHECK(running.config().tenants.size() == 1);
    CHECK(running.gateway().vaults().find(core::TenantId("310005002")) == nullptr);
    CHECK(folder.read("config/sluse.toml") == before);
    CHECK_FALSE(folder.has("config/tenants/310005002.toml"));
    CHECK(folder.has("config/tenants/310005002.toml.undone"));
    CHECK(running.history().size() == 3);
    CHECK(running.history()[0].who == "kari");
}

TEST_CASE("reload: what waits for a restart is said") {
    const Folder folder;
    tests::write_right_config(folder);
    Running running(folder);
    REQUIRE_FALSE(running.fault.has_value());
    folder.replace("config/sluse.toml", "127.0.0.1:0", "127.0.0.1:18080");
    const auto answer = running.apply();
    CHECK(answer.done());
    CHECK(first_note(answer) == "the address of [listen.public] waits for a restart");
}

TEST_CASE("reload: a tenant whose sealing key was swapped is refused") {
    const Folder folder;
    tests::write_right_config(folder);
    Running running(folder);
    REQUIRE_FALSE(running.fault.has_value());
    std::filesystem::remove(folder.path() + "/keys/310001007");
    tests::write_right_config(folder);
    const auto answer = running.apply();
    CHECK_FALSE(answer.done());
    CHECK(answer.refused.en == "the sealing key of 310001007 is another than before");
}
