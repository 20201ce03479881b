#pragma once

// Reading the params of a code.

#include "gateway/core/code.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace gateway::core {

/// The first of that name; empty when there is none.
inline std::string param_of(const Params& params, std::string_view name) {
    const auto found = std::find_if(params.begin(), params.end(),
                                    [&](const auto& param) { return param.first == name; });
    return found == params.end() ? std::string() : found->second;
}

}   // namespace gateway::core
