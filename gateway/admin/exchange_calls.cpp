#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"

#include <charconv>

// What passed between here and the component for an attempt of a message. It was masked before it
// was kept, so whoever sees the flow may see it.

namespace gateway::admin {
namespace {

std::optional<int> attempt_number(std::string_view text) {
    constexpr std::size_t digits_max = 6;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && text.size() <= digits_max && number >= 0 ? std::optional(number) : std::nullopt;
}

const char* work_name(core::Work work) {
    switch (work) {
    case core::Work::look_up: return "look_up";
    case core::Work::receipts: return "receipts";
    case core::Work::cancel: return "cancel";
    default: return "send";
    }
}

/// Why there was no answer, in words.
void explain(json::Value& exchanges, texts::Language language) {
    for (auto& exchange : exchanges.mutable_items()) {
        if (const auto* failure = exchange.find("failure")) {
            const auto text = texts::render(core::Code(failure->as_string()), {}, language);
            exchange.set("failureText", text.title);
        }
    }
}

/// Nothing: it cannot be opened any more.
std::optional<json::Value> call_view(const ports::StoredExchanges& of_call,
                                     const crypto::ContentKey& key, core::MessageId message,
                                     texts::Language language) {
    const auto text = key.open("exchanges", message.to_bytes(), of_call.sealed);
    auto passed = text ? json::parse(*text) : json::parse("");
    if (!passed || !(*passed)["exchanges"].is_array()) {
        return std::nullopt;
    }
    auto* exchanges = passed->find("exchanges");
    explain(*exchanges, language);
    json::Value view = json::Value::object();
    view.set("delivery", of_call.delivery.to_string())
        .set("work", work_name(of_call.work))
        .set("call", of_call.call)
        .set("at", core::to_rfc3339(of_call.at))
        .set("exchanges", std::move(*exchanges))
        .set("leftOut", (*passed)["leftOut"].as_int());
    return view;
}

}   // namespace

/// `rest` is what stands after attempts/.
sdk::Task<http::Response> AdminApi::get_exchanges(AdminCall& call, core::MessageId id,
                                                  std::string rest) {
    constexpr std::string_view of_attempt = "/exchanges";
    const std::string_view path = rest;
    const bool asks = path.ends_with(of_attempt);
    const auto attempt = attempt_number(path.substr(0, asks ? path.size() - of_attempt.size() : 0));
    if (!attempt) {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto& message = **found;
    const auto kept = co_await parts_.store.exchanges(message.tenant, id, *attempt);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    parts_.log.write(sdk::Severity::info, "admin_read",
                     {{"who", call.who}, {"message", id.to_string()}});
    json::Value items = json::Value::array();
    const auto key = message.vault->unwrap(message.message.wrapped_key, id.to_bytes());
    for (const auto& of_call : *kept) {
        auto view = key ? call_view(of_call, *key, id, call.context.language) : std::nullopt;
        if (view) {
            items.push(std::move(*view));
        }
    }
    json::Value view = json::Value::object();
    view.set("attempt", *attempt).set("items", std::move(items));
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
