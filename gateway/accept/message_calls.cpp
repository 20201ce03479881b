#include "gateway/accept/api.hpp"
#include "gateway/accept/content_digest.hpp"
#include "gateway/accept/multipart.hpp"
#include "gateway/accept/view.hpp"
#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <array>

// POST /v1/messages as JSON and as multipart, GET /v1/messages/{id} and its timeline, cancel.

namespace gateway::accept {
namespace {

constexpr std::size_t parts_max = 101;   // the message and 100 files
constexpr std::size_t block_bytes = 65536;
constexpr std::size_t timeline_max = 1000;
constexpr std::string_view json_type = "application/json";

std::string_view media_type(std::string_view content_type) {
    auto type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && type.back() == ' ') {
        type.remove_suffix(1);
    }
    return type;
}

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

core::Result<json::Value> parse_message(std::string_view text, const core::Limits& limits,
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

/// The part names that the message's documents refer to.
std::vector<std::string> referred_parts(const json::Value& message) {
    std::vector<std::string> names;
    for (const auto& document : message["documents"].items()) {
        if (document["part"].is_string()) {
            names.push_back(document["part"].as_string());
        }
    }
    return names;
}

/// A dry run reads and discards: size and hashes are all that is kept.
class Discarding final : public ports::DocumentWriter {
public:
    explicit Discarding(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

    sdk::Task<core::Result<void>> append(std::span<const char> bytes) override {
        size_ += bytes.size();
        if (size_ > bytes_max_) {
            co_return core::Failure(core::Errc::too_large);
        }
        digest_.update({bytes.data(), bytes.size()});
        co_return core::Result<void>();
    }

    sdk::Task<core::Result<ports::StoredDocument>> commit() override {
        ports::StoredDocument stored;
        stored.hash = digest_.sha256();
        stored.md5_hex = digest_.md5_hex();
        stored.size = size_;
        co_return stored;
    }

private:
    crypto::DigestStream digest_;
    std::uint64_t size_ = 0;
    std::uint64_t bytes_max_;
};

json::Value dry_run_answer(const ports::IntakeAnswer& answer, texts::Language language) {
    json::Value problems = json::Value::array();
    if (answer.refusal) {
        for (const auto& one : answer.refusal->problems) {
            problems.push(problem_item(one, language));
        }
        if (answer.refusal->problems.empty()) {
            const core::Problem whole("", answer.refusal->code, answer.refusal->params);
            problems.push(problem_item(whole, language));
        }
    }
    json::Value route = json::Value::array();
    for (const auto& choice : answer.route) {
        const auto text = texts::render(choice.why, choice.params, language);
        json::Value one = json::Value::object();
        one.set("connection", choice.connection.value)
            .set("why", text.detail.empty() ? text.title : text.detail);
        route.push(std::move(one));
    }
    json::Value view = json::Value::object();
    view.set("ok", !answer.refusal.has_value())
        .set("problems", std::move(problems))
        .set("route", std::move(route));
    return view;
}

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
    co_return parse_message(*text, limits, refusal);
}

sdk::Task<core::Result<ports::IntakeRequest>>
PublicApi::read_multipart(Call& call, const std::string& boundary, ports::Refusal& refusal,
                          ports::IntakeRequest request) {
    const auto limits = parts_.configuration.current()->limits;
    MultipartReader reader(*call.request.body, boundary);
    const core::Failure stop(core::Errc::malformed);
    const auto refuse_read = [&refusal](const core::Failure& failure) {
        refusal = failure.is(core::Errc::malformed) ? ports::Refusal("request.bad_multipart")
                                                    : refusal_of(failure);
    };
    std::vector<std::string> expected;
    for (std::size_t count = 0;; ++count) {
        auto part = co_await reader.next_part();
        if (!part) {
            refuse_read(part.error());
            co_return stop;
        }
        if (!part->has_value()) {
            break;
        }
        const PartHead head = **part;
        if (count >= parts_max) {
            refusal =
                ports::Refusal("request.too_many_parts", {{"max", std::to_string(parts_max)}});
            co_return stop;
        }
        if ((count == 0) != (head.name == "message")) {
            refusal = ports::Refusal("request.message_part_first");
            co_return stop;
        }
        std::string text;
        std::unique_ptr<ports::DocumentWriter> writer;
        if (count > 0) {
            if (std::find(expected.begin(), expected.end(), head.name) == expected.end()) {
                refusal = ports::Refusal("request.unused_file_part", {{"part", head.name}});
                co_return stop;
            }
            if (request.parts.contains(head.name)) {
                refusal = ports::Refusal("request.duplicate_part", {{"part", head.name}});
                co_return stop;
            }
            if (request.dry_run) {
                writer = std::make_unique<Discarding>(limits.document_bytes_max);
            } else {
                auto created = co_await parts_.documents.create(
                    call.caller.tenant, call.caller.system, limits.document_bytes_max);
                if (!created) {
                    refusal = refusal_of(created.error());
                    co_return stop;
                }
                writer = std::move(*created);
            }
        }
        std::vector<char> block(block_bytes);
        for (;;) {
            const auto bytes = co_await reader.read(block);
            if (!bytes) {
                refuse_read(bytes.error());
                co_return stop;
            }
            if (*bytes == 0) {
                break;
            }
            if (!writer) {
                text.append(block.data(), *bytes);
                if (text.size() > limits.message_bytes_max) {
                    refusal = ports::Refusal("request.too_large",
                                             {{"max", std::to_string(limits.message_bytes_max)}});
                    co_return stop;
                }
                continue;
            }
            const std::span<const char> taken(block.data(), *bytes);
            const auto kept = co_await writer->append(taken);
            if (!kept) {
                refusal = kept.error().is(core::Errc::too_large)
                              ? ports::Refusal("document.too_large",
                                               {{"max", std::to_string(limits.document_bytes_max)}})
                              : refusal_of(kept.error());
                co_return stop;
            }
        }
        if (!writer) {
            auto message = parse_message(text, limits, refusal);
            if (!message) {
                co_return stop;
            }
            request.message = std::move(*message);
            expected = referred_parts(request.message);
            continue;
        }
        const auto stated = stated_digest(head.content_digest);
        auto stored = co_await writer->commit();
        if (!stored) {
            refusal = refusal_of(stored.error());
            co_return stop;
        }
        if (!stated.readable || (stated.sha256 && *stated.sha256 != stored->hash)) {
            refusal = ports::Refusal(
                "request.checksum_mismatch");   // what was stored is an orphan and is collected
            co_return stop;
        }
        request.parts.emplace(head.name, *stored);
    }
    for (const auto& name : expected) {
        if (!request.parts.contains(name)) {
            refusal = ports::Refusal("request.missing_file_part", {{"part", name}});
            co_return stop;
        }
    }
    co_return std::move(request);
}

sdk::Task<http::Response> PublicApi::post_message(Call& call) {
    if (draining_) {
        co_return problem(ports::Refusal("service.draining"), call.context);
    }
    ports::IntakeRequest request;
    request.caller = call.caller;
    const auto dry_run = call.request.query_value("dryRun");
    for (const auto& [name, value] : call.request.query) {
        if (name != "dryRun" || (value != "true" && value != "false")) {
            co_return problem(ports::Refusal("request.bad_parameter", {{"name", name}}),
                              call.context);
        }
    }
    request.dry_run = dry_run == "true";
    if (const auto key = call.request.header("Idempotency-Key");
        sdk::has_header(call.request.headers, "Idempotency-Key")) {
        if (!is_idempotency_key(key)) {
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
    } else if (media_type(content_type) == json_type) {
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
        co_return json_answer(200, dry_run_answer(answer, call.context.language));
    }
    if (answer.refusal) {
        co_return problem(*answer.refusal, call.context);
    }
    auto response =
        json_answer(202, accepted_view(answer.id, answer.type, documents_view(answer.documents)));
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
    auto view = message_view(**message, *vault, call.context.language);
    view.set("result", result_view(*events, channel_of(**message)));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::get_timeline(Call& call, core::MessageId id) {
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
        items.push(timeline_item(event, call.context.language));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", json::Value());
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::cancel_message(Call& call, core::MessageId id) {
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
