#pragma once

// Which systems may be given what has come in. Pure.

#include "gateway/core/configuration.hpp"

#include <string_view>
#include <vector>

namespace gateway::admin {

/// Systems that may be given what is of this type ("form/v1"), in order; none for what is no
/// message.
std::vector<core::SystemId> receivers_of(const core::TenantConfig& tenant, std::string_view type);

}   // namespace gateway::admin
