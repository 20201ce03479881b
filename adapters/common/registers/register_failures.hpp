#pragma once

// Why a look-up could not be made, as who asked is told. Pure. Owner and action of each code stand
// in schemas/texts.

#include "gateway/sdk/exchange.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/register.hpp"

namespace gateway::registers {

sdk::RegisterFailure make_failure(core::Code code, core::Params params = {}, bool passing = true);
/// The connection has no such dataset.
sdk::RegisterFailure no_dataset(const sdk::RegisterQuery& query);
sdk::RegisterFailure failure_of(const sdk::TokenFailure& token);
/// No whole answer came.
sdk::RegisterFailure failure_of(const core::Failure& exchange);
/// What an exchange came to without an answer of the register's own.
sdk::RegisterFailure failure_of(const sdk::Outcome& outcome);
/// 200 with something else than the JSON that was agreed.
sdk::RegisterFailure failure_of_bad_answer(const sdk::HttpResponse& response);

}   // namespace gateway::registers
