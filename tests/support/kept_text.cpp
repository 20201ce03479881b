#include "tests/support/kept_text.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

namespace tests {
namespace {

/// Folders of days gone by; yesterday's may still be read by a test that began before midnight.
void remove_before(const std::filesystem::path& all, long day) {
    namespace fs = std::filesystem;
    std::error_code ignored;   // another program may do the same at this moment
    for (const auto& one : fs::directory_iterator(all, ignored)) {
        if (std::strtol(one.path().filename().c_str(), nullptr, 10) < day) {
            fs::remove_all(one.path(), ignored);
        }
    }
}

}   // namespace

std::string kept_text(const std::string& name, const std::function<std::string()>& make) {
    namespace fs = std::filesystem;
    // A certificate made yesterday is as good as one of today's; one of last year's is not.
    const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const fs::path folder = fs::path(SLUSE_BINARY_DIR) / "tests" / "kept" /
                            std::to_string(day.time_since_epoch().count());
    std::string file_name = name;
    for (char& c : file_name) {
        c = c == '/' || c == ' ' || c == ',' || c == '=' || c == ':' ? '-' : c;
    }
    const fs::path place = folder / file_name;
    if (std::ifstream stream(place, std::ios::binary); stream) {
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    auto text = make();
    if (fs::create_directories(folder)) {
        remove_before(folder.parent_path(), day.time_since_epoch().count() - 1);
    }
    std::string half = (folder / (file_name + "-XXXXXX")).string();
    const int file = ::mkstemp(half.data());
    if (file < 0) {
        throw std::runtime_error("no file in " + folder.string());
    }
    ::close(file);
    std::ofstream stream(half, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) {
        throw std::runtime_error("cannot write " + half);
    }
    fs::rename(half, place);
    return text;
}

}   // namespace tests
