#pragma once

// What accepting a message came to, or would come to, as callers see it.

#include "gateway/json/value.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/texts/texts.hpp"

namespace gateway::view {

json::Value warnings_view(const std::vector<core::Problem>& warnings, texts::Language language);
/// The 200 of a dry run: all problems, and how it would travel.
json::Value dry_run_view(const ports::IntakeAnswer& answer, texts::Language language);

}   // namespace gateway::view
