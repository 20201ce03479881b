#pragma once

// A program started as a child: it dies with us (also when we are killed), tells one line on its
// standard output when it is ready, and writes the rest to a log file.

#include "gateway/core/failure.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::runtime {

struct ChildOptions {
    std::string program;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;   // added to ours
    std::string log_file;                             // its standard error; appended

    ChildOptions() = default;
};

/// One thread at a time; started by a thread that lives as long as the program.
class ChildProcess {
public:
    static core::Result<std::unique_ptr<ChildProcess>> start(const ChildOptions& options);
    ~ChildProcess();   // ends it: SIGTERM, then SIGKILL
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Its first line. `closed` when it ended instead, `timed_out`. Blocks.
    core::Result<std::string> first_line(std::chrono::milliseconds patience);
    int pid() const { return pid_; }
    /// How it ended (128 + signal when by one), once it has. Does not wait.
    std::optional<int> ended();
    /// Waits for the end; nothing when it lasts. Blocks.
    std::optional<int> wait(std::chrono::milliseconds patience);
    void signal(int number);

private:
    ChildProcess(int pid, int input, int output) : pid_(pid), input_(input), output_(output) {}

    int pid_;
    int input_;    // our end of its standard input: closes with us
    int output_;   // our end of its standard output
    std::string text_;
    std::optional<int> status_;
};

}   // namespace gateway::runtime
