#pragma once

// Whose look-ups may share a call and an answer.

#include "gateway/core/ids.hpp"

#include <compare>
#include <string>

namespace gateway::registers {

struct Lane {
    core::TenantId tenant;
    std::string question;   // what tells two look-ups of a key apart: a role, the parts of it

    Lane() = default;
    explicit Lane(core::TenantId whose, std::string what = {})
        : tenant(std::move(whose)), question(std::move(what)) {}
    friend auto operator<=>(const Lane&, const Lane&) = default;
};

}   // namespace gateway::registers
