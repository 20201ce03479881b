// What the sandbox and the command line are made of.

#include "gateway/app/cli/verbs.hpp"
#include "gateway/app/config/listeners.hpp"
#include "gateway/app/sandbox/pdf.hpp"
#include "gateway/app/tenant_keys.hpp"
#include "tests/unit/app/app_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

#include <sys/stat.h>

namespace app = gateway::app;
using tests::Folder;

TEST_CASE("keys: a new tenant key file is the owner's alone and is never overwritten") {
    const Folder folder;
    const auto clock = gateway::runtime::make_system_clock();
    const auto ids = gateway::runtime::make_system_ids(*clock);
    const std::string path = folder.path() + "/key";
    const auto first = app::create_tenant_key(path, *ids);
    REQUIRE(first.has_value());
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0600U);
    const std::string text = folder.read("key");
    CHECK(gateway::crypto::read_tenant_key(text).has_value());
    const auto second = app::create_tenant_key(path, *ids);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().is(gateway::core::Errc::conflict));
    CHECK(folder.read("key") == text);
}

TEST_CASE("pdf: the table of objects points at the objects") {
    const std::string pdf = app::make_pdf({"Overskrift (æøå)", "linje"});
    CHECK(pdf.starts_with("%PDF-1.4\n"));
    CHECK(pdf.ends_with("%%EOF\n"));
    CHECK(pdf.find("(Overskrift \\(\\346\\370\\345\\)) Tj") != std::string::npos);
    const std::size_t start = std::stoul(pdf.substr(pdf.find("startxref\n") + 10));
    REQUIRE(pdf.substr(start, 5) == "xref\n");
    for (int object = 1; object <= 5; ++object) {
        const std::size_t line = start + 9 + 20 * static_cast<std::size_t>(object);
        const std::size_t offset = std::stoul(pdf.substr(line, 10));
        const std::string head = std::to_string(object) + " 0 obj\n";
        CHECK(pdf.substr(offset, head.size()) == head);
    }
}

TEST_CASE("listen: addresses are an address and a port, nothing else") {
    CHECK(app::parse_listen_address("127.0.0.1:8080")->port == 8080);
    CHECK(app::parse_listen_address("[::1]:0")->host == "::1");
    CHECK(app::parse_listen_address("localhost:1")->host == "localhost");
    for (const char* wrong : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "1.2.3:4",
                              "127.0.0.1:65536", "::1:80", "[::1]", "[]:1", "example.org:80"}) {
        CHECK_FALSE(app::parse_listen_address(wrong).has_value());
    }
    CHECK(app::is_loopback_host("127.9.9.9"));
    CHECK_FALSE(app::is_loopback_host("127.example.org"));
    CHECK(app::host_of_url("http://[::1]:80/x") == "::1");
    CHECK(app::host_of_url("https://a.example/x:y") == "a.example");
}

TEST_CASE("command line: wrong arguments end with the code for that") {
    const auto run = [](std::vector<std::string> words) {
        std::vector<char*> pointers;
        for (std::string& word : words) {
            pointers.push_back(word.data());
        }
        return app::run_command(static_cast<int>(pointers.size()), pointers.data());
    };
    CHECK(run({"sluse"}) == app::exit_usage);
    CHECK(run({"sluse", "fly"}) == app::exit_usage);
    CHECK(run({"sluse", "check", "--confg", "x"}) == app::exit_usage);
    CHECK(run({"sluse", "--lang", "fi", "version"}) == app::exit_usage);
    CHECK(run({"sluse", "--help"}) == app::exit_ok);
    CHECK(run({"sluse", "serve", "--help"}) == app::exit_ok);
    CHECK(run({"sluse", "--lang", "en", "version"}) == app::exit_ok);
}
