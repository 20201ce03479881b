#include "adapters/maskinporten/maskinporten_errors.hpp"

#include "gateway/sdk/exchange.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace gateway::maskinporten {
namespace {

// A grant that was used before, came too late or too early may be well with a new one. Everything
// else needs a person.
constexpr std::array<KnownError, 20> table{{
    {"MP-011", {}, "maskinporten.mp_011", false, false},
    {"MP-012", "Grant is used before", "maskinporten.mp_012", true, true},
    {"MP-100", {}, "maskinporten.mp_100", false, false},
    {"MP-110", {}, "maskinporten.mp_110", false, false},
    {"MP-120", {}, "maskinporten.mp_120", false, false},
    {"MP-121", {}, "maskinporten.mp_121", false, false},
    {"MP-122", {}, "maskinporten.mp_122", false, false},
    {"MP-123", {}, "maskinporten.mp_123", false, false},
    {"MP-124", {}, "maskinporten.mp_124", false, false},
    {"MP-130", "JWT is expired", "maskinporten.mp_130", true, true},
    {"MP-200", {}, "maskinporten.mp_200", false, false},
    {"MP-201", {}, "maskinporten.mp_201", false, false},
    {"MP-250", {}, "maskinporten.mp_250", false, false},
    {"MP-251", {}, "maskinporten.mp_251", false, false},
    {"MP-301", {}, "maskinporten.mp_301", false, false},
    {"MP-302", {}, "maskinporten.mp_302", false, false},
    {"MP-303", {}, "maskinporten.mp_303", false, false},
    {{}, "Issue time is after now", "maskinporten.clock_ahead", true, true},
    {{}, "too long lifetime", "maskinporten.lifetime_too_long", false, false},
    {{}, "combination consumer_org", "maskinporten.consumer_equals_client", false, false},
}};

const KnownError* find_error(std::string_view description) {
    for (const auto& error : table) {
        if (!error.id.empty() && description.find(error.id) != std::string_view::npos) {
            return &error;
        }
    }
    for (const auto& error : table) {
        if (!error.text.empty() && description.find(error.text) != std::string_view::npos) {
            return &error;
        }
    }
    return nullptr;
}

/// The hexadecimal word after "trace": an id to quote to Digdir, and nothing else of what was said.
std::string trace_id(std::string_view description) {
    std::string lower(description);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    auto at = lower.find("trace");
    while (at < lower.size()) {
        const auto end = lower.find_first_not_of("0123456789abcdef-", at);
        const auto length = (end == std::string::npos ? lower.size() : end) - at;
        if (length >= 16 && length <= 64) {
            return lower.substr(at, length);
        }
        at += std::max<std::size_t>(length, 1);
    }
    return {};
}

/// OAuth error names are ours to show only when they look like one.
std::string error_name(const std::string& error, int status) {
    const bool plain = !error.empty() && error.size() <= 40 &&
                       std::all_of(error.begin(), error.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return plain ? error : std::to_string(status);
}

}   // namespace

std::span<const KnownError> known_errors() {
    return table;
}

core::Code code_without_answer(const core::Failure& failure) {
    using core::Errc;
    const bool of_tls = failure.is(Errc::tls_untrusted) || failure.is(Errc::tls_expired) ||
                        failure.is(Errc::tls_wrong_host) || failure.is(Errc::tls_failed);
    return of_tls ? sdk::code_of_failure(failure) : core::Code("maskinporten.unavailable");
}

TokenReply read_refusal(int status, const json::Value& body) {
    const std::string& error = body["error"].as_string();
    const std::string& description = body["error_description"].as_string();
    TokenReply reply;
    reply.trace = trace_id(description);
    reply.metadata_is_stale = status == 404 || description.find("MP-110") != std::string::npos;
    if (const auto* known = find_error(description)) {
        reply.failure.code = known->code;
        reply.failure.passing = known->passing;
        reply.repeat_with_new_grant = known->repeat_with_new_grant;
        return reply;
    }
    if (error == "server_error" || error == "temporarily_unavailable" || status < 400 ||
        status == 404) {
        reply.failure.code = "maskinporten.unavailable";
        reply.failure.passing = true;
        return reply;
    }
    reply.failure.code = "maskinporten.unknown_error";
    reply.failure.params.emplace_back("error", error_name(error, status));
    reply.failure.passing = false;
    return reply;
}

}   // namespace gateway::maskinporten
