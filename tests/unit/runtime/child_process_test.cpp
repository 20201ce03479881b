#include "gateway/runtime/child_process.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <csignal>

#include <poll.h>
#include <unistd.h>

using gateway::core::Errc;
using gateway::runtime::ChildOptions;
using gateway::runtime::ChildProcess;

namespace {

ChildOptions shell(const std::string& script) {
    ChildOptions options;
    options.program = "/bin/sh";
    options.arguments = {"-c", script};
    options.environment["SLUSE_WORD"] = "ready";
    return options;
}

constexpr std::chrono::milliseconds patience{20'000};

}   // namespace

TEST_CASE("child process: tells its first line, and ends when its input closes") {
    const auto child = ChildProcess::start(shell("echo $SLUSE_WORD; echo more; cat; exit 3"));
    REQUIRE(child.has_value());
    const auto line = (*child)->first_line(patience);
    REQUIRE(line.has_value());
    CHECK(*line == "ready");
    CHECK_FALSE((*child)->ended().has_value());
}

TEST_CASE("child process: one that ends without a word is a failure, with its code kept") {
    const auto child = ChildProcess::start(shell("exit 3"));
    REQUIRE(child.has_value());
    const auto line = (*child)->first_line(patience);
    REQUIRE_FALSE(line.has_value());
    CHECK(line.error().is(Errc::closed));
    CHECK((*child)->wait(patience) == 3);
}

TEST_CASE("child process: a killed one says by which signal") {
    const auto child = ChildProcess::start(shell("echo up; cat"));
    REQUIRE(child.has_value());
    REQUIRE((*child)->first_line(patience).has_value());
    (*child)->signal(SIGKILL);
    CHECK((*child)->wait(patience) == 128 + SIGKILL);
}

TEST_CASE("child process: a program that is not there ends at once") {
    ChildOptions options;
    options.program = "/nonexistent/program";
    const auto child = ChildProcess::start(options);
    REQUIRE(child.has_value());
    CHECK((*child)->wait(patience) == 127);
}

TEST_CASE("child process: it holds nothing open of ours but its own input and output") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);   // as a library opens it: not closed by exec
    const auto child = ChildProcess::start(shell("echo up; cat"));
    REQUIRE(child.has_value());
    REQUIRE((*child)->first_line(patience).has_value());
    ::close(ends[1]);
    pollfd entry{ends[0], POLLIN, 0};
    CHECK(::poll(&entry, 1, 0) == 1);
    CHECK((entry.revents & POLLHUP) != 0);
    CHECK_FALSE((*child)->ended().has_value());
    ::close(ends[0]);
}
