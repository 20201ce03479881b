#pragma once

// An examination as an operator reads it: JSON with the words of its codes.

#include "gateway/doctor/finding.hpp"
#include "gateway/texts/texts.hpp"

namespace gateway::doctor {

/// {"connection", "adapter", "environment", "tenant", "state", "milliseconds", "steps": [...]}; the
/// house has no connection.
json::Value view_of(const Examination& examination, texts::Language language);

/// us | component | network: who has to do something.
std::string owner_of(const core::Code& code);

}   // namespace gateway::doctor
