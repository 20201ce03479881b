#pragma once

// What SvarUt would refuse, said at accept. Pure.

#include "adapters/svarut/svarut_shipment.hpp"

#include <span>
#include <vector>

namespace gateway::svarut {

inline constexpr std::uint64_t print_bytes_max = 350'000'000;   // of all PDFs together
inline constexpr std::uint64_t nhn_bytes_max = 18'000'000;
inline constexpr std::size_t documents_max = 500;

/// All problems at once. `sizes` may be shorter than the message's list (a dry run of JSON).
std::vector<core::Problem> check_shipment(const json::Value& message, const json::Value& with,
                                          std::span<const core::DocumentRef> sizes);

}   // namespace gateway::svarut
