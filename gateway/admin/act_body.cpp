#include "gateway/admin/api.hpp"
#include "gateway/http/media_type.hpp"
#include "gateway/view/refusal.hpp"

namespace gateway::admin {
namespace {

constexpr std::size_t body_bytes_max = 64U << 10U;

}   // namespace

sdk::Task<core::Result<json::Value>> read_body(http::Request& request, ports::Refusal& refusal) {
    core::Limits limits;
    limits.message_bytes_max = body_bytes_max;
    limits.json_depth_max = 8;
    co_return co_await read_body_within(request, limits, refusal);
}

sdk::Task<core::Result<json::Value>> read_body_within(http::Request& request, core::Limits limits,
                                                      ports::Refusal& refusal) {
    const auto bytes_max = limits.message_bytes_max;
    auto text = co_await sdk::read_all(*request.body, bytes_max);
    if (!text) {
        refusal = text.error().is(core::Errc::too_large)
                      ? ports::Refusal("request.too_large", {{"max", std::to_string(bytes_max)}})
                      : view::refusal_of(text.error());
        co_return text.error();
    }
    if (text->empty()) {
        co_return json::Value::object();
    }
    if (!http::is_media_type(request.header("Content-Type"), "application/json")) {
        refusal =
            ports::Refusal("request.unsupported_media_type", {{"expected", "application/json"}});
        co_return core::Failure(core::Errc::malformed);
    }
    const json::ParseLimits bounds{.bytes_max = bytes_max, .depth_max = limits.json_depth_max};
    auto value = json::parse(*text, bounds);
    if (!value) {
        refusal = view::refusal_of(value.error(), limits);
        co_return core::Failure(core::Errc::malformed);
    }
    if (!value->is_object()) {
        refusal = view::no_object();
        co_return core::Failure(core::Errc::malformed);
    }
    co_return std::move(*value);
}

}   // namespace gateway::admin
