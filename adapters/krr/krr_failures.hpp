#pragma once

// Why a look-up could not be made, as who asked is told. Pure. Owner and action of each code stand
// in schemas/texts.

#include "gateway/sdk/exchange.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/register.hpp"

#include <optional>

namespace gateway::krr {

sdk::RegisterFailure make_failure(core::Code code, core::Params params = {}, bool passing = true);
sdk::RegisterFailure failure_of(const sdk::TokenFailure& token);
/// No whole answer came.
sdk::RegisterFailure failure_of(const core::Failure& exchange);
/// Of any status but 200; nothing for 200. What the peer said is not kept: it can hold numbers of
/// persons.
std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response);
/// 200 with something else than the JSON that was agreed.
sdk::RegisterFailure failure_of_bad_answer(const sdk::HttpResponse& response);

}   // namespace gateway::krr
