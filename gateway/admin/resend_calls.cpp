#include "gateway/admin/api.hpp"
#include "gateway/failures/reopening.hpp"
#include "gateway/ports/mending.hpp"
#include "gateway/ports/other_ways.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// A failed message sent on by another channel that policy allows: the same message, a new delivery
// with its own key, the old one closed in the same transaction. What may have arrived goes only
// when somebody says in words that the recipient may get it twice.

namespace gateway::admin {
namespace {

constexpr std::string_view confirmed = "may arrive twice";

/// Why no other way may be taken; nothing when one may.
std::optional<ports::Refusal> refused_to_resend(const ports::MessageView& message) {
    auto refusal = refused_to_mend(message);
    if (refusal && refusal->code == "message.cannot_edit") {
        refusal->code = "message.cannot_resend";
    }
    return refusal;
}

json::Value way_view(const ports::OtherWay& way, texts::Language language) {
    const auto text = texts::render(way.why, way.params, language);
    json::Value view = json::Value::object();
    view.set("id", way.id)
        .set("connection", way.connection.value)
        .set("channel", core::to_string(way.channel))
        .set("tried", way.tried)
        .set("usable", way.chosen.has_value() && !way.tried)
        .set("code", way.why.value)
        .set("why", text.detail.empty() ? text.title : text.detail);
    return view;
}

}   // namespace

std::vector<ports::OtherWay> AdminApi::ways_of(const Found& found,
                                               std::optional<core::Time> expires_at) const {
    const auto content = failures::opened_content(found.message, *found.vault);
    if (!content.is_object() || parts_.other_ways == nullptr) {
        return {};
    }
    return parts_.other_ways->ways(found.tenant, found.message, content, expires_at);
}

sdk::Task<http::Response> AdminApi::show_ways(AdminCall& call, core::MessageId id) {
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& way : ways_of(**found, std::nullopt)) {
        items.push(way_view(way, call.context.language));
    }
    json::Value view = json::Value::object();
    view.set("id", id.to_string())
        .set("version", version_of((*found)->message))
        .set("items", std::move(items));
    if (const auto refused = refused_to_resend((*found)->message)) {
        view.set("obstacle", code_view(refused->code, refused->params, call.context.language))
            .set("confirmable", refused->code == "message.may_have_arrived");
    }
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::resend(AdminCall& call, core::MessageId id) {
    for (const auto& [name, value] : call.body.members()) {
        const bool known =
            (name == "why" || name == "version" || name == "way" || name == "confirm") &&
            value.is_string();
        if (!known) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto& seen = **found;
    if (is_carried_out(call, seen.message)) {
        co_return co_await state_answer(call, seen.tenant, id, 202);
    }
    const bool sure = call.body["confirm"].as_string() == confirmed;
    if (const auto refused = refused_to_resend(seen.message);
        refused && !(sure && refused->code == "message.may_have_arrived")) {
        co_return problem(*refused, call.context);
    }
    if (call.body["version"].as_string() != version_of(seen.message)) {
        co_return problem(ports::Refusal("message.changed_meanwhile"), call.context);
    }
    const auto lifetime = parts_.configuration.current()->dispatch.message_lifetime;
    auto command = failures::reopen(seen.tenant, seen.message, *seen.vault, new_delivery(call),
                                    lifetime, parts_.clock.now());
    if (!command) {
        co_return problem(ports::Refusal("message.content_gone"), call.context);
    }
    auto ways = ways_of(seen, command->delivery.expires_at);
    const auto way = std::find_if(ways.begin(), ways.end(), [&](const auto& one) {
        return one.id == call.body["way"].as_string() && one.chosen && !one.tried;
    });
    if (way == ways.end()) {
        co_return problem(ports::Refusal("message.no_such_way"), call.context);
    }
    AskedTarget target("message-resend", seen.tenant, id.to_string(), version_of(seen.message));
    auto waits = co_await ask_second(call, std::move(target));
    if (waits) {
        co_return std::move(*waits);
    }
    command->seen_changed = seen.message.deliveries.back().changed;
    command->delivery.connection = way->chosen->connection;
    command->delivery.settings = way->chosen->settings;
    command->delivery.channel = way->chosen->channel;
    command->delivery.choice = way->chosen->choice;
    command->delivery.expires_at = way->chosen->expires_at;
    command->events.push_back(act_event(call, seen, "resent"));
    command->events.back().params.emplace_back("connection", way->connection.value);
    log_act(call, "resent",
            {{"message", id.to_string()}, {"way", way->id}, {"confirmed", sure ? "yes" : "no"}});
    // Kept before anything is changed, or nothing is.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    const auto done = co_await parts_.store.retry(std::move(*command));
    if (!done) {
        log_act(call, "resend_refused", {{"message", id.to_string()}});
        co_return problem(done.error().is(core::Errc::conflict)
                              ? ports::Refusal("message.changed_meanwhile")
                              : view::refusal_of(done.error()),
                          call.context);
    }
    co_return co_await state_answer(call, seen.tenant, id, 202);
}

}   // namespace gateway::admin
