#pragma once

// Around every call of an API: who answers only decides what.

#include "gateway/http/message.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/ids.hpp"
#include "gateway/texts/problem_json.hpp"

#include <functional>

namespace gateway::api {

struct Answering {
    sdk::Ids& ids;
    sdk::Log& log;
    const char* failure_event;   // logged when a call throws, with the trace the caller was given
};

using Dispatch = std::function<sdk::Task<http::Response>(http::Request&, texts::ProblemContext)>;

/// Language and trace from the request; an exception becomes `service.internal`, a cancellation
/// goes through. The request outlives the call.
sdk::Task<http::Response> answer(Answering with, http::Request& request, Dispatch dispatch);
/// For a refusal before there is a request that could be read.
texts::ProblemContext context_of(sdk::Ids& ids, std::string_view accept_language);

}   // namespace gateway::api
