#include "gateway/accept/api.hpp"
#include "gateway/accept/multipart.hpp"
#include "gateway/api/request_head.hpp"
#include "gateway/http/media_type.hpp"
#include "gateway/view/intake_view.hpp"
#include "gateway/view/message_view.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/result_view.hpp"

#include <algorithm>
#include <cstring>

// POST /v1/messages, GET /v1/messages/{id} and its timeline, cancel.

namespace gateway::accept {
namespace {

constexpr std::size_t timeline_max = 1000;
constexpr std::string_view json_type = "application/json";

json::Value documents_view(const std::vector<ports::IntakeDocument>& documents) {
    json::Value list = json::Value::array();
    for (const auto& document : documents) {
        json::Value one = json::Value::object();
        one.set("name", document.name)
            .set("sha256", document.hash.to_hex())
            .set("size", document.size);
        list.push(std::move(one));
    }
    return list;
}

bool is_idempotency_key(std::string_view key) {
    return !key.empty() && key.size() <= 255 &&
           std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

ports::NewEvent new_event(const ApiParts& parts, const char* name) {
    ports::NewEvent event;
    event.id = parts.ids.next<core::EventId>();
    event.at = parts.clock.now();
    event.name = name;
    event.code = core::Code(name);
    return event;
}

}   // namespace

sdk::Task<http::Response> PublicApi::post_message(Call& call) {
    if (draining_) {
        co_return problem(ports::Refusal("service.draining"), call.context);
    }
    ports::IntakeRequest request;
    request.caller = call.caller;
    const auto dry_run = call.request.query_value("dryRun");
    for (const auto& [name, value] : call.request.query) {
        if (name != "dryRun" || (value != "true" && value != "false")) {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    request.dry_run = dry_run == "true";
    const auto keys = std::count_if(
        call.request.headers.begin(), call.request.headers.end(), [](const auto& header) {
            return ::strcasecmp(header.first.c_str(), "Idempotency-Key") == 0;
        });
    if (keys > 0) {
        const auto key = call.request.header("Idempotency-Key");
        // Of two nobody can say which one fixes the effect.
        if (keys > 1 || !is_idempotency_key(key)) {
            co_return problem(ports::Refusal("idempotency.bad_key"), call.context);
        }
        request.idempotency_key = std::string(key);
    }
    ports::Refusal refusal;
    const auto content_type = call.request.header("Content-Type");
    if (const auto boundary = multipart_boundary(content_type)) {
        auto read = co_await read_multipart(call, *boundary, refusal, std::move(request));
        if (!read) {
            co_return problem(refusal, call.context);
        }
        request = std::move(*read);
    } else if (http::is_media_type(content_type, json_type)) {
        auto message =
            co_await read_json(*call.request.body, parts_.configuration.current()->limits, refusal);
        if (!message) {
            co_return problem(refusal, call.context);
        }
        request.message = std::move(*message);
    } else {
        co_return problem(ports::Refusal("request.unsupported_media_type",
                                         {{"expected", "application/json, multipart/form-data"}}),
                          call.context);
    }
    const bool is_dry_run = request.dry_run;
    const auto answer = co_await parts_.intake.accept(std::move(request));
    if (is_dry_run) {
        co_return json_answer(200, view::dry_run_view(answer, call.context.language));
    }
    if (answer.refusal) {
        co_return problem(*answer.refusal, call.context);
    }
    auto view = view::accepted_view(answer.id, answer.type, documents_view(answer.documents));
    if (!answer.warnings.empty()) {
        view.set("warnings", view::warnings_view(answer.warnings, call.context.language));
    }
    auto response = json_answer(202, view);
    response.headers.emplace_back("Location", "/v1/messages/" + answer.id.to_string());
    if (answer.replayed) {
        response.headers.emplace_back("Idempotency-Replayed", "true");
    }
    co_return response;
}

sdk::Task<core::Result<std::optional<ports::MessageView>>> PublicApi::visible(const Call& call,
                                                                              core::MessageId id) {
    auto message = co_await parts_.store.get(call.caller.tenant, id);
    if (message && message->has_value() && (*message)->system != call.caller.system &&
        !call.caller.sees_all()) {
        co_return std::optional<ports::MessageView>();
    }
    co_return message;
}

std::string PublicApi::channel_of(const ports::MessageView& message) const {
    const auto& newest = message.deliveries.back();
    if (!newest.connection) {
        return {};
    }
    const auto configuration = parts_.configuration.current();
    const auto connection = configuration->connections.find(*newest.connection);
    return connection == configuration->connections.end() ? std::string()
                                                          : connection->second.adapter;
}

sdk::Task<http::Response> PublicApi::get_message(Call& call, core::MessageId id) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    const auto message = co_await visible(call, id);
    if (!message) {
        co_return problem(refusal_of(message.error()), call.context);
    }
    const auto vault = parts_.vaults.find(call.caller.tenant);
    if (!message->has_value() || !vault) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto events = co_await parts_.store.timeline(call.caller.tenant, id, timeline_max);
    if (!events) {
        co_return problem(refusal_of(events.error()), call.context);
    }
    auto view = view::message_view(**message, *vault, call.context.language);
    view::ResultFacts facts(**message, *events);
    facts.adapter = channel_of(**message);
    facts.kind = view["kind"].as_string();
    facts.said = view::component_result(**message, *vault);
    view.set("result", view::result_view(facts, call.context.language));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::get_timeline(Call& call, core::MessageId id) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    const auto message = co_await visible(call, id);
    if (!message) {
        co_return problem(refusal_of(message.error()), call.context);
    }
    if (!message->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto events = co_await parts_.store.timeline(call.caller.tenant, id, timeline_max);
    if (!events) {
        co_return problem(refusal_of(events.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& event : *events) {
        items.push(view::timeline_item(event, call.context.language));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", json::Value());
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::cancel_message(Call& call, core::MessageId id) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    const auto message = co_await visible(call, id);
    if (!message) {
        co_return problem(refusal_of(message.error()), call.context);
    }
    if (!message->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto& newest = (*message)->deliveries.back();
    ports::CancelCommand command;
    command.tenant = call.caller.tenant;
    command.message = id;
    command.at = parts_.clock.now();
    if (newest.connection) {
        if (const auto connection = parts_.connections.find(*newest.connection)) {
            const auto* capability = connection->capability((*message)->type);
            command.component_can = capability != nullptr && capability->can_cancel;
        }
    }
    command.requested.push_back(new_event(parts_, "cancel_requested"));
    command.cancelled.push_back(new_event(parts_, "cancelled"));
    const auto answer = co_await parts_.store.cancel(std::move(command));
    if (!answer) {
        co_return problem(refusal_of(answer.error()), call.context);
    }
    if (*answer == ports::CancelAnswer::not_found) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    if (*answer == ports::CancelAnswer::terminal || *answer == ports::CancelAnswer::not_possible) {
        const std::string state(core::to_string((*message)->state));
        co_return problem(ports::Refusal("message.cannot_cancel", {{"state", state}}),
                          call.context);
    }
    json::Value view = json::Value::object();
    view.set("id", id.to_string());
    view.set("state", *answer == ports::CancelAnswer::cancelled
                          ? "cancelled"
                          : core::to_string((*message)->state));
    view.set("cancelRequested", true);
    auto response = json_answer(202, view);
    response.headers.emplace_back("Location", "/v1/messages/" + id.to_string());
    co_return response;
}

}   // namespace gateway::accept
