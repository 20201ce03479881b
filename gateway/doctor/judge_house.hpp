#pragma once

// What is seen of the machine this runs on. Pure.

#include "gateway/doctor/finding.hpp"
#include "gateway/doctor/ports.hpp"

namespace gateway::doctor {

inline constexpr std::chrono::milliseconds house_time_max{3000};

Step judge_data(const std::string& path, const core::Result<void>& written);
/// Yellow below twice what is the least.
Step judge_disk(const core::Result<House::Disk>& disk);
/// Red before this program was made or after anybody will run it; a clock that nobody sets is
/// yellow.
Step judge_own_clock(const core::Result<KernelClock>& kernel, core::Time now);
Step judge_keys(const core::Result<std::vector<core::TenantId>>& unreadable);
Step judge_scanner(const core::Result<std::optional<bool>>& answers);

}   // namespace gateway::doctor
