#pragma once

// What is told of access logs that were held against their chain and checkpoints: the answer to
// `POST /admin/v1/log/verify`, which `sluse verify --log --offline --json` prints as well. Pure.

#include "gateway/admin/services.hpp"
#include "gateway/json/value.hpp"

#include <utility>
#include <vector>

namespace gateway::admin {

/// In the order given; `sound` when none has a fault.
json::Value log_answer(const std::vector<std::pair<core::TenantId, LogView>>& logs,
                       texts::Language language);

}   // namespace gateway::admin
