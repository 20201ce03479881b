#pragma once

// Certificates as the register gives them: PEM, or bare base64 (which of the two is not
// documented). Pure.

#include "gateway/core/time.hpp"

#include <string>
#include <string_view>

namespace gateway::krr {

struct Certificate {
    std::string base64;   // of the DER, one line; empty when it cannot be used
    core::Time not_after{};
    std::string fault;   // "unreadable", "expired", "not_yet_valid"; empty: none

    Certificate() = default;
};

Certificate read_certificate(std::string_view text, core::Time now);

}   // namespace gateway::krr
