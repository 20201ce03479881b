#pragma once

// Refusals as RFC 9457 problems, apart from HTTP:
// {"type","title","status","detail","instance","code","owner","action","trace","errors"}.

#include "gateway/core/code.hpp"
#include "gateway/json/value.hpp"
#include "gateway/texts/texts.hpp"

#include <string>
#include <utility>
#include <vector>

namespace gateway::texts {

/// What a problem says of the call it answers.
struct ProblemContext {
    Language language = Language::nb;
    std::string trace;      // 32 hexadecimal characters (W3C trace id)
    std::string instance;   // the path, without query
};

struct ProblemAnswer {
    int status = 500;
    std::vector<std::pair<std::string, std::string>> headers;   // besides Content-Type
    json::Value body;
};

/// The media type of `body`.
inline constexpr const char* problem_media_type = "application/problem+json";

/// The status the code has by schemas/texts/codes.json; 500 for a code that is no refusal.
int problem_status(const core::Code& code);
/// One fault for `errors` and for dry-run `problems`.
json::Value problem_item(const core::Problem& problem, Language language);
ProblemAnswer problem_json(const core::Code& code, const core::Params& params,
                           const std::vector<core::Problem>& problems,
                           const ProblemContext& context, int status);

}   // namespace gateway::texts
