#include "gateway/runtime/append.hpp"

#include "gateway/runtime/file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <array>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace gateway;

TEST_CASE("append: a line comes behind what stands there, which is never touched") {
    const tests::ScratchFolder folder;
    const auto path = (folder.path() / "lines").string();
    REQUIRE(runtime::append_line(path, "first").has_value());
    struct stat before {};
    REQUIRE(::stat(path.c_str(), &before) == 0);
    CHECK((before.st_mode & 0777) == 0640);
    REQUIRE(runtime::append_line(path, "second").has_value());
    CHECK(folder.read("lines") == "first\nsecond\n");
    struct stat after {};
    REQUIRE(::stat(path.c_str(), &after) == 0);
    CHECK(before.st_ino == after.st_ino);
    folder.write("lines", "first\nhalf");   // the power went
    REQUIRE(runtime::append_line(path, "second").has_value());
    CHECK(folder.read("lines") == "first\nhalf\nsecond\n");
    const auto nowhere = runtime::append_line((folder.path() / "none" / "lines").string(), "x");
    REQUIRE(nowhere.has_error());
    CHECK(nowhere.error().is(core::Errc::storage_failed));
}

TEST_CASE("append: the system's log gets the line, or it is said that nobody took it") {
    const tests::ScratchFolder folder;
    const auto path = (folder.path() / "log").string();
    const auto refused = runtime::write_syslog(path, "line");
    REQUIRE(refused.has_error());
    CHECK(refused.error().is(core::Errc::unavailable));
    CHECK(runtime::write_syslog(std::string(200, 'x'), "line").has_error());
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof(address.sun_path));
    path.copy(address.sun_path, path.size());
    REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(runtime::write_syslog(path, "line").has_value());
    std::array<char, 100> bytes{};
    const auto count = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
    ::close(socket);
    REQUIRE(count > 0);
    CHECK(std::string(bytes.data(), static_cast<std::size_t>(count)) == "<133>sluse: line");
}
