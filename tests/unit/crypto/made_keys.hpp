#pragma once

// Keys and certificates made by the openssl program for one test run, in a folder of their own that
// goes with the process: what we read was written by another program than the one under test.

#include <filesystem>
#include <string>

namespace tests {

class MadeKeys {
public:
    static const MadeKeys& get();
    ~MadeKeys();

    std::string read(const std::string& name) const;
    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    /// Runs a shell command in the folder; its exit code.
    int run(const std::string& command) const;

private:
    MadeKeys();
    std::filesystem::path folder_;
};

}   // namespace tests
