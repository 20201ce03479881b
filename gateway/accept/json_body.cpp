#include "gateway/accept/api.hpp"

// A request's body as JSON, or the refusal that says where it is wrong.

namespace gateway::accept {
core::Result<json::Value> parse_json(std::string_view text, const core::Limits& limits,
                                     ports::Refusal& refusal) {
    const json::ParseLimits bounds{.bytes_max = limits.message_bytes_max,
                                   .depth_max = limits.json_depth_max};
    auto value = json::parse(text, bounds);
    if (!value) {
        refusal = refusal_of(value.error(), limits);
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
