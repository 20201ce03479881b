#include "gateway/view/refusal.hpp"

namespace gateway::view {

ports::Refusal refusal_of(const core::Failure& failure) {
    if (failure.is(core::Errc::storage_full)) {
        return ports::Refusal("service.storage_full");
    }
    if (failure.is(core::Errc::too_slow) || failure.is(core::Errc::timed_out)) {
        return ports::Refusal("request.too_slow");
    }
    if (failure.is(core::Errc::closed) || failure.is(core::Errc::malformed)) {
        return ports::Refusal("request.body_incomplete");
    }
    if (failure.is(core::Errc::storage_failed) || failure.is(core::Errc::corrupted)) {
        return ports::Refusal("service.storage_failed");
    }
    if (failure.is(core::Errc::unsupported)) {
        // Only of files, by gateway/scan: what the scanner refused, or could not look through.
        return ports::Refusal(failure.detail == "infected" ? "document.infected"
                                                           : "document.not_scanned");
    }
    if (failure.is(core::Errc::unavailable)) {
        return ports::Refusal("service.draining");
    }
    return ports::Refusal("service.internal");
}

ports::Refusal refusal_of(const json::ParseError& error, const core::Limits& limits) {
    core::Problem where;
    where.pointer = error.pointer;
    ports::Refusal refusal;
    switch (error.fault) {
    case json::ParseFault::duplicate_key: {
        const auto name = error.pointer.substr(
            error.pointer.rfind('/') == std::string::npos ? 0 : error.pointer.rfind('/') + 1);
        refusal = ports::Refusal("request.duplicate_key", {{"name", name}});
        break;
    }
    case json::ParseFault::not_utf8: refusal = ports::Refusal("request.not_utf8"); break;
    case json::ParseFault::too_deep:
        refusal =
            ports::Refusal("request.too_deep", {{"max", std::to_string(limits.json_depth_max)}});
        break;
    case json::ParseFault::too_large:
        refusal = ports::Refusal("request.too_large",
                                 {{"max", std::to_string(limits.message_bytes_max)}});
        break;
    case json::ParseFault::malformed:
        refusal =
            ports::Refusal("request.malformed_json", {{"offset", std::to_string(error.offset)}});
        break;
    }
    where.code = refusal.code;
    where.params = refusal.params;
    refusal.problems.push_back(std::move(where));
    return refusal;
}

ports::Refusal no_object() {
    return ports::Refusal("request.not_object");
}

ports::Refusal bad_parameter(const std::string& name) {
    return ports::Refusal("request.bad_parameter", {{"name", name}});
}

ports::Refusal method_not_allowed(std::string_view allowed) {
    return ports::Refusal("request.method_not_allowed", {{"allowed", std::string(allowed)}});
}

ports::Refusal bad_member(const std::string& name) {
    auto refusal = bad_parameter(name);
    refusal.problems.emplace_back(name == "?" ? std::string() : json::pointer_token(name),
                                  refusal.code, refusal.params);
    return refusal;
}

}   // namespace gateway::view
