#include "gateway/accept/api.hpp"

// A request's body as JSON, or the refusal that says where it is wrong.

namespace gateway::accept {
namespace {

ports::Refusal refusal_of_json(const json::ParseError& error, const core::Limits& limits) {
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

}   // namespace

core::Result<json::Value> parse_json(std::string_view text, const core::Limits& limits,
                                     ports::Refusal& refusal) {
    const json::ParseLimits bounds{.bytes_max = limits.message_bytes_max,
                                   .depth_max = limits.json_depth_max};
    auto value = json::parse(text, bounds);
    if (!value) {
        refusal = refusal_of_json(value.error(), limits);
        return core::Failure(core::Errc::malformed);
    }
    return std::move(*value);
}

sdk::Task<core::Result<json::Value>> read_json(sdk::ByteSource& body, const core::Limits& limits,
                                               ports::Refusal& refusal) {
    auto text = co_await sdk::read_all(body, limits.message_bytes_max);
    if (!text) {
        refusal = text.error().is(core::Errc::too_large)
                      ? ports::Refusal("request.too_large",
                                       {{"max", std::to_string(limits.message_bytes_max)}})
                      : refusal_of(text.error());
        co_return text.error();
    }
    co_return parse_json(*text, limits, refusal);
}

}   // namespace gateway::accept
