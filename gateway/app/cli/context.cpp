#include "gateway/app/cli/context.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace gateway::app {

void print(const std::string& line) {
    std::cout << line << std::endl;
}

void complain(const std::string& line) {
    std::cerr << "sluse: " << line << std::endl;
}

void complain(const Mistakes& mistakes, texts::Language language) {
    for (const Mistake& mistake : mistakes) {
        std::cerr << to_line(mistake, language) << "\n";
    }
    std::cerr.flush();
}

std::string default_config_folder() {
    const char* given = std::getenv("SLUSE_CONFIG");
    return given != nullptr && *given != '\0' ? given : "/etc/sluse";
}

std::string absolute_folder(const std::string& path) {
    std::string whole = std::filesystem::absolute(path).lexically_normal().string();
    while (whole.size() > 1 && whole.ends_with('/')) {
        whole.pop_back();
    }
    return whole;
}

}   // namespace gateway::app
