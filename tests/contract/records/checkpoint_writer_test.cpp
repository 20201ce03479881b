#include "gateway/records/checkpoint_writer.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/records/log_check.hpp"
#include "record_commands.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/scratch_folder.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace tests;
namespace records = gateway::records;

namespace {

class Settings final : public ports::ConfigurationSource {
public:
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }
    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
};

/// Two tenants with keys, and a folder for their checkpoints.
template <class Kind>
class Scene : public RecordWorld<Kind> {
public:
    Scene() {
        settings.configuration->data_path = folder.path().string();
        std::uint8_t fill = 1;
        for (const auto& tenant : {oslo, bergen}) {
            settings.configuration->tenants[tenant];
            std::array<std::uint8_t, 32> bytes{};
            bytes.fill(fill++);
            vaults.put(tenant,
                       std::make_shared<gateway::crypto::Vault>(gateway::crypto::SecretKey(bytes)));
        }
        begin();
    }
    /// As a program that starts.
    void begin() {
        const records::CheckpointParts parts{this->records(), settings, vaults,  executor,
                                             this->clock,     log,      metrics, syslog};
        writer = std::make_unique<records::CheckpointWriter>(parts);
    }
    void write() { this->run(nothing(writer->write_all())); }
    void read_persons(std::size_t count, const core::TenantId& tenant = oslo) {
        for (std::size_t i = 0; i < count; ++i) {
            this->clock.advance(1s);
            REQUIRE(this->run(this->records().write_log(tenant, {entry_of(*this)})).has_value());
        }
    }
    std::string file(const core::TenantId& tenant = oslo) const {
        return folder.read("checkpoints/" + tenant.value + ".checkpoints");
    }
    std::size_t lines(const core::TenantId& tenant = oslo) const {
        const auto text = file(tenant);
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
    records::LogReport check(const core::TenantId& tenant = oslo) {
        const auto reader = records::read_checkpoint_file(
            records::checkpoint_file(records::checkpoint_folder(*settings.configuration), tenant),
            tenant, vaults.find(tenant)->verification_key());
        REQUIRE(reader.has_value());
        const auto report = this->run(records::check_log(this->records(), tenant, *reader));
        REQUIRE(report.has_value());
        return *report;
    }
    bool said(const std::string& event) const { return log.holds(event); }

    static gateway::sdk::Task<bool> nothing(gateway::sdk::Task<void> task) {
        co_await std::move(task);
        co_return true;
    }

    ScratchFolder folder;
    Settings settings;
    gateway::crypto::Vaults vaults;
    LoopExecutor executor{this->io};
    RecordingLog log;
    NoMetrics metrics;
    std::string syslog = (folder.path() / "syslog").string();
    std::unique_ptr<records::CheckpointWriter> writer;
};

/// Datagrams to a socket of the test's own.
class SystemsLog {
public:
    explicit SystemsLog(const std::string& path)
        : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        REQUIRE(path.size() < sizeof(address.sun_path));
        path.copy(address.sun_path, path.size());
        REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    }
    ~SystemsLog() { ::close(socket_); }
    SystemsLog(const SystemsLog&) = delete;
    SystemsLog& operator=(const SystemsLog&) = delete;

    /// Empty: nothing more came.
    std::string next() const {
        std::array<char, 2'000> bytes{};
        const auto count = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        return count < 0 ? std::string()
                         : std::string(bytes.data(), static_cast<std::size_t>(count));
    }

private:
    const int socket_;
};

}   // namespace

TEMPLATE_TEST_CASE("checkpoints: each tenant's head is written when its log has grown",
                   "[contract]", InMemory, InSqlite) {
    Scene<TestType> scene;
    scene.write();
    CHECK(scene.file().empty());   // nothing is logged yet
    scene.read_persons(5);
    scene.write();
    scene.write();
    CHECK(scene.lines() == 1);
    CHECK(scene.lines(bergen) == 0);
    CHECK(scene.check().proved == 5);
    scene.read_persons(3);
    scene.read_persons(1, bergen);
    CHECK(scene.check().sound());
    CHECK(scene.check().proved == 5);
    scene.restart();
    scene.begin();
    scene.write();
    CHECK(scene.lines() == 2);
    CHECK(scene.lines(bergen) == 1);
    const auto report = scene.check();
    CHECK(report.sound());
    CHECK(report.proved == 8);
    CHECK(report.checkpoints == 2);
    CHECK(scene.check(bergen).proved == 1);
    CHECK_FALSE(scene.said("access_log_rolled_back"));
    CHECK_FALSE(scene.said("checkpoint_not_written"));
}

TEST_CASE("checkpoints: an older database put back is told at the start and by verifying",
          "[contract]") {
    Scene<InMemory> scene;
    scene.read_persons(9);
    scene.write();
    scene.store = scene.kind.open();   // another, as if restored
    scene.read_persons(6);
    scene.begin();
    scene.write();
    CHECK(scene.said("access_log_rolled_back"));
    REQUIRE(scene.writer->lost().size() == 1);
    CHECK(scene.writer->lost().front().head.number == 9);
    const auto report = scene.check();
    REQUIRE_FALSE(report.sound());
    CHECK(report.findings.front().code.value == "log.checkpoints_disagree");
    CHECK(report.findings.back().code.value == "log.cut_off");
    // It has grown past it since: that it was set back still stands, also after another start.
    scene.read_persons(6);
    scene.write();
    scene.begin();
    scene.write();
    CHECK(scene.writer->lost().size() == 1);
    std::filesystem::rename(scene.folder.path() / "checkpoints" / (oslo.value + ".checkpoints"),
                            scene.folder.path() / "aside");
    scene.write();
    CHECK(scene.writer->lost().empty());
    CHECK(scene.lines() == 1);
    CHECK(scene.check().sound());
}

TEST_CASE("checkpoints: a place that cannot be written is told, and tried again", "[contract]") {
    Scene<InMemory> scene;
    scene.folder.write("checkpoints", "a file where the folder is to be");
    scene.read_persons(2);
    scene.write();
    CHECK(scene.said("checkpoint_not_written"));
    CHECK_FALSE(scene.writer->well());
    std::filesystem::remove(scene.folder.path() / "checkpoints");
    scene.write();
    CHECK(scene.writer->well());
    CHECK(scene.check().proved == 2);
    // The half of a line that a power cut left.
    scene.folder.write("checkpoints/" + oslo.value + ".checkpoints",
                       scene.file() + "sluse-checkpoint-v1 tenant=9589");
    scene.begin();
    scene.read_persons(2);
    scene.write();
    CHECK(scene.check().sound());
    CHECK(scene.check().proved == 4);
}

TEST_CASE("checkpoints: the system's log has them too, and a program that is not ours verifies one",
          "[contract]") {
    Scene<InMemory> scene;
    scene.settings.configuration->records.checkpoint_syslog = true;
    SystemsLog syslog(scene.syslog);
    scene.read_persons(4);
    scene.write();
    const auto text = scene.file();
    const auto line = text.substr(0, text.find('\n'));
    CHECK(syslog.next() == "<133>sluse: " + line);
    const auto at = line.find(" signature=");
    REQUIRE(at != std::string::npos);
    const std::string spki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
    scene.folder.write("key", spki + scene.vaults.find(oslo)->verification_key());
    scene.folder.write("text", line.substr(0, at));
    scene.folder.write("signature", *gateway::crypto::base64url_decode(line.substr(at + 11)));
    const std::string verify =
        "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature";
    CHECK(scene.folder.run(verify) == 0);
    scene.folder.write("text", line.substr(0, at) + "x");
    CHECK(scene.folder.run(verify) != 0);
}

TEST_CASE(
    "checkpoints: the system's log gets each line once and in order, over failures and starts",
    "[contract]") {
    Scene<InMemory> scene;
    scene.settings.configuration->records.checkpoint_syslog = true;
    scene.read_persons(2);
    scene.write();
    scene.read_persons(2);
    scene.write();
    CHECK(scene.said("checkpoint_not_written"));   // nobody listens yet; the file has them
    CHECK_FALSE(scene.writer->well());
    CHECK(scene.lines() == 2);
    const SystemsLog syslog(scene.syslog);
    scene.write();
    CHECK(scene.writer->well());
    scene.begin();
    scene.read_persons(2);
    scene.write();
    scene.write();
    std::string sent;
    for (auto line = syslog.next(); !line.empty(); line = syslog.next()) {
        sent += line.substr(std::string("<133>sluse: ").size()) + "\n";
    }
    CHECK(sent == scene.file());
    CHECK(scene.lines() == 3);
    CHECK(scene.check().proved == 6);
}
