#include "gateway/exchanges/exchange.hpp"

#include "gateway/exchanges/mask_body.hpp"
#include "gateway/exchanges/mask_head.hpp"
#include "gateway/sdk/exchange.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace gateway::exchanges {
namespace {

std::optional<std::uint64_t> said_length(const sdk::HttpResponse& response) {
    const auto text = response.header("Content-Length");
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

/// Quotes are escaped when it is written, so its length is known only then: the longer body gives
/// way.
void keep_within(json::Value& view) {
    for (const char* side : {"request", "response"}) {
        auto* of_side = view.find(side);
        auto* body = of_side == nullptr ? nullptr : of_side->find("body");
        const auto size = json::write(view).size();
        if (size <= Exchange::bytes_max || body == nullptr || !body->has("text")) {
            continue;
        }
        auto text = (*body)["text"].as_string();
        const auto over = size - Exchange::bytes_max;
        text.resize(text.size() > over ? text.size() - over : 0);
        body->set("text", std::move(text)).set("cut", true);
    }
}

json::Value finished(json::Value view) {
    keep_within(view);
    return view;
}

}   // namespace

Exchange::Exchange(const sdk::HttpRequest& request, core::Time at)
    : to_sink_(request.answer_sink != nullptr) {
    const auto type = sdk::find_header(request.headers, "Content-Type");
    json::Value side = json::Value::object();
    side.set("headers", masked_headers(request.headers));
    if (request.stream) {
        side.set("body", unseen_body(type, request.stream->size()));
    } else if (!request.body.empty()) {
        side.set("body", masked_body(type, request.body));
    }
    view_ = json::Value::object();
    view_.set("at", core::to_rfc3339(at))
        .set("method", shown_method(request.method))
        .set("url", mask_url(request.url))
        .set("request", std::move(side));
}

void Exchange::set_time(core::SteadyTime::duration took) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    view_.set("milliseconds", static_cast<std::int64_t>(milliseconds));
}

json::Value Exchange::ended(const sdk::Result<sdk::HttpResponse>& result,
                            core::SteadyTime::duration took) && {
    set_time(took);
    if (result.has_error()) {
        view_.set("failure", sdk::code_of_failure(result.error()).value);
        return finished(std::move(view_));
    }
    const auto& response = *result;
    constexpr int first_of_success = 200;
    constexpr int first_beyond = 300;
    const bool streamed =
        to_sink_ && response.status >= first_of_success && response.status < first_beyond;
    const auto type = response.header("Content-Type");
    json::Value side = json::Value::object();
    side.set("headers", masked_headers(response.headers));
    if (streamed) {
        side.set("body", unseen_body(type, said_length(response)));
    } else if (!response.body.empty()) {
        side.set("body", masked_body(type, response.body));
    }
    view_.set("status", response.status).set("response", std::move(side));
    return finished(std::move(view_));
}

json::Value Exchange::cut_off(core::SteadyTime::duration took) && {
    set_time(took);
    view_.set("cutOff", true);
    return finished(std::move(view_));
}

}   // namespace gateway::exchanges
