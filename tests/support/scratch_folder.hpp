#pragma once

// A folder that goes with the object, and other people's programs run in it: what we write is
// judged by a program that is not the one under test.

#include <filesystem>
#include <string>
#include <string_view>

namespace tests {

class ScratchFolder {
public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    void write(const std::string& name, std::string_view bytes) const;
    std::string read(const std::string& name) const;   // empty when it is not there
    /// Runs a shell command in the folder; its exit code. What it says is in the file `log`.
    int run(const std::string& command) const;

private:
    std::filesystem::path path_;
};

}   // namespace tests
