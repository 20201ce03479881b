#include "gateway/admin/api.hpp"
#include "gateway/failures/reopening.hpp"
#include "gateway/json/merge_patch.hpp"
#include "gateway/ports/mending.hpp"
#include "gateway/texts/causes.hpp"
#include "gateway/view/intake_view.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// A failed message corrected and sent: a new message with the same duties as any that is accepted,
// and the old one closed in the same transaction. Whoever does it sees content, has said what for,
// and is in the audit before anything leaves or changes.

namespace gateway::admin {
namespace {

// No key of a system's can be this: theirs are printable.
constexpr std::string_view key_of_edit = "\x1f"
                                         "edit ";

/// As its system stated it; nothing when it cannot be opened.
json::Value stated_content(const ports::MessageView& message, const crypto::Vault& vault) {
    auto content = failures::opened_content(message, vault);
    if (!content.is_object()) {
        return {};
    }
    if (content["reference"].as_string() == message.id.to_string()) {
        content.remove("reference");   // was ours: the new one gets its own
    }
    if (auto* documents = content.find("documents")) {
        for (auto& document : documents->mutable_items()) {
            document.remove("md5");
            document.remove("size");
        }
    }
    return content;
}

std::string type_of(const json::Value& content) {
    return content["type"].as_string() + "/v" + std::to_string(content["version"].as_int(1));
}

/// What is wrong with the words of the call; nothing when it can be tried.
std::optional<ports::Refusal> check_words(const json::Value& body) {
    for (const auto& [name, value] : body.members()) {
        const bool known = ((name == "why" || name == "version") && value.is_string()) ||
                           ((name == "patch" || name == "content") && value.is_object()) ||
                           (name == "dryRun" && value.is_bool());
        if (!known) {
            return view::bad_member(name);
        }
    }
    if (body.has("patch") == body.has("content")) {
        return view::bad_member("patch");   // one of the two
    }
    const bool only_asks = body["dryRun"].as_bool();
    return !only_asks && !body.has("version") ? std::optional(view::bad_member("version"))
                                              : std::nullopt;
}

}   // namespace

std::optional<ports::Refusal> refused_to_mend(const ports::MessageView& message) {
    if (message.replaced_by) {
        return ports::Refusal("message.replaced", {{"by", message.replaced_by->to_string()}});
    }
    // A refusal that is known to leave doubt; without an attempt there is none.
    const auto& newest = message.deliveries.back();
    if (newest.state == core::DeliveryState::failed && newest.attempts > 0 &&
        texts::cause_of(newest.code).press == texts::Press::look_first) {
        return ports::Refusal("message.may_have_arrived");
    }
    core::Params state{{"state", std::string(core::to_string(message.state))}};
    switch (ports::obstacle_to_replacing(message.deliveries)) {
    case ports::Obstacle::none: return std::nullopt;
    case ports::Obstacle::ambiguous: return ports::Refusal("message.may_have_arrived");
    default: return ports::Refusal("message.cannot_edit", std::move(state));
    }
}

std::string version_of(const ports::MessageView& message) {
    if (message.deliveries.empty()) {
        return "none";
    }
    const auto& newest = message.deliveries.back();
    return newest.id.to_string() + "." + std::to_string(newest.changed.time_since_epoch().count());
}

sdk::Task<http::Response> AdminApi::show_content(AdminCall& call, core::MessageId id) {
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto& seen = **found;
    if (!seen.shows_content) {
        co_return problem(ports::Refusal("session.content_closed"), call.context);
    }
    auto content = stated_content(seen.message, *seen.vault);
    if (!content.is_object()) {
        co_return problem(ports::Refusal("message.content_gone"), call.context);
    }
    call.author.who = call.who;
    log_act(call, "content_read", {{"message", id.to_string()}});
    // Kept before anything leaves, or nothing does.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    json::Value view = json::Value::object();
    view.set("id", id.to_string())
        .set("tenant", seen.tenant.value)
        .set("version", version_of(seen.message))
        .set("content", std::move(content));
    if (const auto refused = refused_to_mend(seen.message)) {
        view.set("obstacle", code_view(refused->code, refused->params, call.context.language));
    }
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::edit_message(AdminCall& call, core::MessageId id) {
    if (const auto wrong = check_words(call.body)) {
        co_return problem(*wrong, call.context);
    }
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value() || parts_.intake == nullptr) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto& seen = **found;
    if (!seen.shows_content) {
        co_return problem(ports::Refusal("session.content_closed"), call.context);
    }
    ports::IntakeRequest request;
    auto before = stated_content(seen.message, *seen.vault);
    if (!before.is_object()) {
        co_return problem(ports::Refusal("message.content_gone"), call.context);
    }
    const auto type = seen.message.type;
    if (call.body.has("patch")) {
        request.message = json::merge_patch(std::move(before), call.body["patch"]);
    } else {
        request.message = call.body["content"];
    }
    if (type_of(request.message) != type) {
        co_return problem(ports::Refusal("message.edit_changes_type", {{"type", type}}),
                          call.context);
    }
    request.caller.tenant = seen.tenant;
    request.caller.system = seen.message.system;
    request.caller.grants.insert("send:" + type.substr(0, type.find('/')));
    if (call.body["dryRun"].as_bool()) {
        request.dry_run = true;
        const auto answer = co_await parts_.intake->accept(std::move(request));
        co_return json_answer(200, view::dry_run_view(answer, call.context.language));
    }
    co_return co_await correct(call, seen, std::move(request));
}

sdk::Task<http::Response> AdminApi::correct(AdminCall& call, const Found& found,
                                            ports::IntakeRequest request) {
    const auto& old = found.message;
    const auto& newest = old.deliveries.back();
    // Of the first correction, a repetition of it is let through to its answer.
    request.idempotency_key = std::string(key_of_edit) + newest.id.to_string();
    if (!old.replaced_by) {
        if (const auto refused = refused_to_mend(old)) {
            co_return problem(*refused, call.context);
        }
        if (call.body["version"].as_string() != version_of(old)) {
            co_return problem(ports::Refusal("message.changed_meanwhile"), call.context);
        }
    }
    if (!old.replaced_by) {
        AskedTarget target("message-edit", found.tenant, old.id.to_string(), version_of(old));
        auto waits = co_await ask_second(call, std::move(target));
        if (waits) {
            co_return std::move(*waits);
        }
    }
    ports::Correction correction;
    correction.old = old.id;
    correction.seen = newest.id;
    correction.seen_changed = newest.changed;
    correction.who = call.author.who;
    correction.closing = act_event(call, found, "replaced");
    request.correction = std::move(correction);
    log_act(call, "message_edited", {{"message", old.id.to_string()}});
    // Kept before anything is changed, or nothing is.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    const auto answer = co_await parts_.intake->accept(std::move(request));
    if (answer.refusal) {
        log_act(call, "message_edit_refused",
                {{"message", old.id.to_string()}, {"code", answer.refusal->code.value}});
        const bool another = old.replaced_by && answer.refusal->code == "idempotency.conflict";
        co_return problem(another ? *refused_to_mend(old) : *answer.refusal, call.context);
    }
    json::Value view = json::Value::object();
    view.set("id", answer.id.to_string())
        .set("tenant", found.tenant.value)
        .set("state", "queued")
        .set("replaces", old.id.to_string())
        .set("replayed", answer.replayed);
    if (!answer.warnings.empty()) {
        view.set("warnings", view::warnings_view(answer.warnings, call.context.language));
    }
    co_return json_answer(202, view);
}

}   // namespace gateway::admin
