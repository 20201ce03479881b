#pragma once

#include "gateway/json/value.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace brreg_reference {

inline std::string text_of(const std::string& file) {
    std::ifstream in(std::string(SLUSE_REFERENCE_DIR) + "/brreg/" + file);
    if (!in) {
        throw std::runtime_error(file + " is missing");
    }
    return std::string(std::istreambuf_iterator<char>(in), {});
}

inline gateway::json::Value sample(const std::string& name) {
    const auto parsed = gateway::json::parse(text_of("samples/" + name));
    if (!parsed) {
        throw std::runtime_error(name + " is not JSON");
    }
    return *parsed;
}

}   // namespace brreg_reference
