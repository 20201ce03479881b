#pragma once

// Errors as Broker writes them: problem+json with `code` "BRO-00004" and no `errorCode`; model
// validation as "STD-00000" with `errors`. Numbers and statuses: Altinn/altinn-broker, Errors.cs.

#include "gateway/http/message.hpp"

#include <string>
#include <string_view>

namespace gateway::altinn_broker::standin {

/// A refusal by number; the table in problem.cpp knows its status and words.
http::Response refusal(int number);
/// One field that model validation found wrong.
http::Response wrong_field(std::string_view field, std::string_view why);
/// Any other problem: status and words, no code of Broker's.
http::Response plain_problem(int status, std::string_view detail);
/// What the gateway in front of the service answers when a caller asks too often.
http::Response too_many(int seconds);
http::Response unauthorised();   // no or bad token: empty body

}   // namespace gateway::altinn_broker::standin
