#pragma once

// Why a look-up could not be made, as who asked is told. Pure. Owner and action of each code stand
// in schemas/texts.

#include "adapters/common/registers/register_failures.hpp"

#include <optional>

namespace gateway::krr {

using registers::failure_of;
using registers::failure_of_bad_answer;
using registers::make_failure;

/// Of any status but 200; nothing for 200. What the peer said is not kept: it can hold numbers of
/// persons.
std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response);

}   // namespace gateway::krr
