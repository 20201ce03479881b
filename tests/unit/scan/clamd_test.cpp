// A real clamd, with a signature database of one line in a folder of its own, on a Unix socket.

#include "gateway/scan/clamd.hpp"

#include "gateway/runtime/clock.hpp"
#include "gateway/scan/clamd_answer.hpp"
#include "gateway/scan/scanned_documents.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/fake_scanner.hpp"
#include "tests/support/memory_documents.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace tests;
using namespace std::chrono_literals;
using gateway::ports::Scanned;
namespace ports = gateway::ports;
namespace scan = gateway::scan;

/// Not in one piece, so that no scanner takes this file for a test of it.
std::string eicar() {
    return std::string(R"(X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR)") +
           "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
}

std::string hex(const std::string& text) {
    return core::to_hex(text);
}

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "sluse-clamd-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() {
        std::error_code error;
        std::filesystem::remove_all(path, error);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string path;
};

/// Started with one signature; ended with its owner.
class Clamd {
public:
    Clamd() {
        std::filesystem::create_directory(folder.path + "/db");
        std::ofstream(folder.path + "/db/eicar.ndb") << "Eicar-Test:0:*:" << hex(eicar()) << "\n";
        std::ofstream(folder.path + "/clamd.conf")
            << "DatabaseDirectory " << folder.path << "/db\nLocalSocket " << socket()
            << "\nForeground yes\nStreamMaxLength 1M\nOfficialDatabaseOnly no\nSelfCheck 0\n";
        const std::string config = "--config-file=" + folder.path + "/clamd.conf";
        child = ::fork();
        if (child == 0) {
            const int quiet = ::open("/dev/null", 1);
            ::dup2(quiet, 1);
            ::dup2(quiet, 2);
            ::execlp("clamd", "clamd", config.c_str(), static_cast<char*>(nullptr));
            ::execl("/usr/sbin/clamd", "clamd", config.c_str(), static_cast<char*>(nullptr));
            ::_exit(127);
        }
        wait_for_socket();
    }
    ~Clamd() {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }
    Clamd(const Clamd&) = delete;
    Clamd& operator=(const Clamd&) = delete;

    std::string socket() const { return folder.path + "/clamd.ctl"; }
    Folder folder;
    pid_t child = 0;

private:
    void wait_for_socket() const {
        boost::asio::io_context io;
        const auto clock = gateway::runtime::make_system_clock();
        for (int i = 0; i < 600; ++i) {
            boost::system::error_code error;
            boost::asio::local::stream_protocol::socket probe(io);
            const boost::asio::local::stream_protocol::endpoint endpoint(socket());
            probe.connect(endpoint, error);
            if (!error) {
                return;
            }
            int status = 0;
            if (::waitpid(child, &status, WNOHANG) == child) {
                FAIL("clamd ended with status " << WEXITSTATUS(status)
                                                << "; is clamav-daemon installed?");
            }
            run(io, clock->sleep_until(clock->steady() + 100ms));
        }
        FAIL("clamd did not come up");
    }
};

class Configured final : public ports::ConfigurationSource {
public:
    std::shared_ptr<core::Configuration> now = std::make_shared<core::Configuration>();
    std::shared_ptr<const core::Configuration> current() const override { return now; }
};

struct World {
    boost::asio::io_context io;
    std::unique_ptr<sdk::Clock> clock = gateway::runtime::make_system_clock();
    Configured configuration;
    RecordingLog log;
    NoMetrics metrics;
    scan::ClamdScanner scanner{configuration, *clock, log, metrics};

    core::ScannerConfig& settings() { return configuration.now->scanner; }
    ports::ScanVerdict look(const std::vector<std::string>& parts) {
        const auto scan = scanner.begin();
        for (const auto& part : parts) {
            run(io, write(*scan, part));
        }
        return run(io, scan->finish());
    }

private:
    static sdk::Task<bool> write(ports::Scan& scan, const std::string& part) {
        co_await scan.write(part);
        co_return true;
    }
};

}   // namespace

TEST_CASE("clamd: its answers are read, and an unknown one is no clean file") {
    CHECK(scan::read_answer(std::string_view("stream: OK\0", 11)).scanned == Scanned::clean);
    const auto found = scan::read_answer("stream: Win.Test.EICAR_HDB-1 FOUND");
    CHECK(found.scanned == Scanned::infected);
    CHECK(found.signature == "Win.Test.EICAR_HDB-1");
    CHECK(scan::read_answer("INSTREAM size limit exceeded. ERROR").scanned == Scanned::too_large);
    for (const auto* odd : {"", "OK", "stream: OKAY", "stream: ERROR", "UNKNOWN COMMAND"}) {
        INFO(odd);
        CHECK(scan::read_answer(odd).scanned == Scanned::down);
    }
    CHECK(scan::read_answer("stream: " + std::string(500, 'x') + " FOUND").signature.size() == 200);
}

TEST_CASE("clamd: a real one finds what is infected, also over the edges of writes") {
    const Clamd clamd;
    World world;
    world.settings().socket = clamd.socket();
    world.settings().time_max = 60s;
    CHECK(world.look({"a letter"}).scanned == Scanned::clean);
    CHECK(world.look({}).scanned == Scanned::clean);
    const auto whole = world.look({eicar()});
    CHECK(whole.scanned == Scanned::infected);
    CHECK(whole.signature.find("Eicar-Test") == 0);
    const auto text = eicar();
    CHECK(world.look({text.substr(0, 20), text.substr(20)}).scanned == Scanned::infected);
    CHECK(world.look({std::string(900'000, 'a')}).scanned == Scanned::clean);
    SECTION("more than clamd takes") {
        const std::string block(600'000, 'b');
        CHECK(world.look({block, block, block}).scanned != Scanned::clean);
    }
    SECTION("more than we are to send") {
        world.settings().bytes_max = 100;
        CHECK(world.look({std::string(101, 'c')}).scanned == Scanned::too_large);
    }
    SECTION("several at once") {
        for (int i = 0; i < 5; ++i) {
            CHECK(world.look({eicar()}).scanned == Scanned::infected);
        }
    }
}

TEST_CASE("clamd: one that is away, or never answers, is down within its time") {
    World world;
    Folder folder;
    world.settings().socket = folder.path + "/nobody";
    world.settings().time_max = 1s;
    CHECK(world.look({"text"}).scanned == Scanned::down);
    CHECK(world.log.holds("scanner_down"));
    boost::asio::local::stream_protocol::acceptor silent(
        world.io, boost::asio::local::stream_protocol::endpoint(folder.path + "/silent"));
    world.settings().socket = folder.path + "/silent";
    CHECK(world.look({"text"}).scanned == Scanned::down);
    world.settings().socket.clear();
    CHECK(world.look({"text"}).scanned == Scanned::off);
}

TEST_CASE(
    "uploads: what is infected is not kept, what cannot be looked through is as policy says") {
    boost::asio::io_context io;
    ManualClock clock;
    const auto store = gateway::store::make_memory_store();
    MemoryDocuments documents(*store, clock);
    FakeScanner scanner;
    RecordingLog log;
    scan::ScannedDocuments scanned(documents, scanner, log);
    const auto upload = [&](const std::string& bytes) {
        auto writer =
            run(io, scanned.create(core::TenantId("310001007"), core::SystemId("sak"), 1U << 20U))
                .value();
        REQUIRE(run(io, writer->append(bytes)).has_value());
        return run(io, writer->commit());
    };
    CHECK(upload("clean").has_value());
    const auto infected = upload("an EICAR file");
    REQUIRE(infected.has_error());
    CHECK(infected.error().detail == "infected");
    CHECK(documents.bytes.size() == 1);
    CHECK(log.holds("infected_upload_refused"));
    scanner.says = Scanned::down;
    const auto waiting = upload("later");
    REQUIRE(waiting.has_error());
    CHECK(waiting.error().detail == "not scanned");
    CHECK(documents.bytes.size() == 1);
    scanner.passes = true;
    CHECK(upload("later").has_value());
    CHECK(log.holds("unscanned_upload_taken"));
    scanner.passes = false;
    scanner.says = Scanned::too_large;
    CHECK(upload("large").has_value());
    scanner.says = Scanned::off;
    CHECK(upload("unlooked").has_value());
    CHECK(documents.bytes.size() == 4);
}
