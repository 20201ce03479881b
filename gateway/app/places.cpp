#include "gateway/app/places.hpp"

#include "gateway/json/value.hpp"
#include "gateway/runtime/file.hpp"

#include <filesystem>

namespace gateway::app {

namespace fs = std::filesystem;

std::string program_path() {
    std::error_code error;
    const fs::path path = fs::read_symlink("/proc/self/exe", error);
    return error ? std::string() : path.string();
}

std::string library_folder() {
    return (fs::path(program_path()).parent_path().parent_path() / "lib" / "sluse").string();
}

core::Result<std::map<std::string, std::string>> find_standins(const std::string& library) {
    std::map<std::string, std::string> found;
    const fs::path folder = fs::path(library) / "standins";
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != ".json") {
            continue;
        }
        const auto text = runtime::read_whole_file(entry->path().string(), 64U << 10U);
        if (!text) {
            return text.error();
        }
        const auto description = json::parse_or_failure(*text);
        if (!description) {
            return description.error();
        }
        const std::string name = (*description)["name"].as_string();
        const fs::path program = folder / ("standin-" + name);
        if (!name.empty() && fs::exists(program)) {
            found.emplace(name, program.string());
        }
    }
    if (error) {
        return core::Failure(core::Errc::not_found, folder.string() + ": " + error.message());
    }
    return found;
}

}   // namespace gateway::app
