#pragma once

// An access log that was verified, as the operators' API tells it; of a gateway that runs and of a
// folder that none has open. Pure.

#include "gateway/admin/services.hpp"
#include "gateway/records/log_verifier.hpp"

#include <string>

namespace gateway::app {

/// `key`: 32 bytes that the checkpoints were verified with; empty: none was at hand.
admin::LogView log_view_of(const records::LogReport& report, const std::string& key);

}   // namespace gateway::app
