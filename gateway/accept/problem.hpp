#pragma once

// Refusals as RFC 9457 problems:
// {"type","title","status","detail","instance","code","owner","action","trace","errors"}.

#include "gateway/http/message.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/texts/texts.hpp"

#include <string>
#include <string_view>

namespace gateway::accept {

/// What a problem says of the call it answers.
struct CallContext {
    texts::Language language = texts::Language::nb;
    std::string trace;      // 32 hexadecimal characters (W3C trace id)
    std::string instance;   // the path, without query
};

http::Response problem(const ports::Refusal& refusal, const CallContext& context);
/// A status other than the code's own (the server's own refusals).
http::Response problem(const ports::Refusal& refusal, const CallContext& context, int status);
/// A store or document failure as the caller sees it.
ports::Refusal refusal_of(const core::Failure& failure);
/// One fault for `errors` and for dry-run `problems`.
json::Value problem_item(const core::Problem& problem, texts::Language language);

}   // namespace gateway::accept
