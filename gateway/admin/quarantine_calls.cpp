#include "gateway/admin/api.hpp"
#include "gateway/admin/receivers.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/search_condition.hpp"

#include <algorithm>

// What came in and nobody could handle: listed, shown whole, settled by a person. What an item says
// can be personal: whoever signed in sees its bytes while content is open, and the audit has the
// look before a byte leaves.

namespace gateway::admin {
namespace {

constexpr std::size_t page_max = 200;

struct Opened {
    std::optional<std::string> content;   // nothing: its key is gone, or it does not authenticate
    json::Value documents = json::Value::array();   // what was too large to lie beside it
    std::string why;
};

Opened open_item(const ports::QuarantinedItem& item, const crypto::Vault& vault) {
    Opened opened;
    const auto owner = item.id.to_bytes();
    const auto key = vault.unwrap(item.wrapped_key, owner);
    if (!key) {
        return opened;
    }
    const bool has_raw = !item.sealed_raw.empty();
    auto content = has_raw ? key->open("raw", owner, item.sealed_raw)
                           : key->open("content", owner, item.sealed_content);
    if (content) {
        opened.content = std::move(*content);
    }
    if (has_raw) {
        const auto text = key->open("content", owner, item.sealed_content);
        auto about = text ? json::parse_or_failure(*text, {}) : core::Failure();
        if (about && (*about)["documents"].is_array()) {
            opened.documents = (*about)["documents"];
        }
    }
    if (!item.sealed_reason.empty()) {
        if (auto why = key->open("reason", owner, item.sealed_reason)) {
            opened.why = std::move(*why);
        }
    }
    return opened;
}

json::Value item_view(const ports::QuarantinedItem& item, const core::Configuration& configuration,
                      texts::Language language) {
    json::Value receivers = json::Value::array();
    for (const auto& system : receivers_of(configuration.tenants.at(item.tenant), item.type)) {
        receivers.push(system.value);
    }
    json::Value view = json::Value::object();
    view.set("id", item.id.to_string())
        .set("tenant", item.tenant.value)
        .set("tenantKnown", item.tenant_known)
        .set("connection", item.connection.value)
        .set("type", item.type)
        .set("at", core::to_rfc3339(item.at))
        .set("mediaType", item.media_type)
        .set("bytes", item.content_bytes)
        .set("reason", code_view(item.code, item.params, language))
        .set("receivers", std::move(receivers));
    if (item.resolved) {
        json::Value settled = json::Value::object();
        settled.set("at", core::to_rfc3339(*item.resolved)).set("who", item.resolved_by);
        view.set("settled", std::move(settled));
    }
    return view;
}

}   // namespace

sdk::Task<http::Response> AdminApi::list_quarantine(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    ports::QuarantineQuery query;
    query.tenant = *tenant;
    for (const auto& [name, value] : call.request.query) {
        const auto limit = name == "limit" ? view::read_limit(value, page_max) : std::nullopt;
        const auto before = name == "cursor" ? view::read_cursor(value) : std::nullopt;
        if (name == "cursor" && !before) {
            co_return problem(ports::Refusal("request.bad_cursor"), call.context);
        }
        if (limit) {
            query.limit = *limit;
        } else if (before) {
            query.before = *before;
        } else if (name == "settled" && (value == "true" || value == "false")) {
            query.resolved = value == "true";
        } else if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto limit = query.limit;
    const auto found = co_await parts_.store.quarantined(std::move(query));
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    const auto configuration = parts_.configuration.current();
    json::Value items = json::Value::array();
    for (const auto& item : *found) {
        items.push(item_view(item, *configuration, call.context.language));
    }
    const auto last = found->empty() ? 0 : found->back().number;
    co_return json_answer(200, view::page_of(std::move(items), limit, last));
}

sdk::Task<core::Result<std::optional<ports::QuarantinedItem>>>
AdminApi::find_quarantined(const AdminCall& call, core::InboxId id) {
    for (const auto& tenant : tenants_of(call)) {
        auto item = co_await parts_.store.find_quarantined(tenant, id);
        if (!item || item->has_value()) {
            call.about = tenant.value;
            co_return item;
        }
    }
    co_return std::optional<ports::QuarantinedItem>();
}

/// Nothing of an item leaves unless this did not fail.
sdk::Task<core::Result<void>> AdminApi::keep_look(AdminCall& call, core::Params what) {
    call.author.who = call.who;
    log_act(call, "quarantine_read", std::move(what));
    co_return co_await keep_audit(call);
}

sdk::Task<http::Response> AdminApi::show_quarantined(AdminCall& call, core::InboxId id) {
    const auto found = co_await find_quarantined(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("quarantine.not_found"), call.context);
    }
    const auto& item = **found;
    const auto vault = parts_.vaults.find(item.tenant);
    if (!vault) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    if (!shows_content(call, item.tenant)) {
        co_return problem(ports::Refusal("session.content_closed"), call.context);
    }
    core::Params look{{"item", id.to_string()}};
    const auto kept = co_await keep_look(call, std::move(look));
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    const auto opened = open_item(item, *vault);
    auto view = item_view(item, *parts_.configuration.current(), call.context.language);
    view.set("contentBase64",
             opened.content ? json::Value(crypto::base64_encode(*opened.content)) : json::Value());
    view.set("documents", opened.documents);
    if (!opened.why.empty()) {
        view.find("settled")->set("why", opened.why);
    }
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::quarantined_document(AdminCall& call, core::InboxId id,
                                                         std::string sha256) {
    const auto found = co_await find_quarantined(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    const auto hash = core::parse_sha256(sha256);
    if (!found->has_value() || !hash) {
        co_return problem(ports::Refusal("quarantine.not_found"), call.context);
    }
    const auto& item = **found;
    const auto vault = parts_.vaults.find(item.tenant);
    if (!vault) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    if (!shows_content(call, item.tenant)) {
        co_return problem(ports::Refusal("session.content_closed"), call.context);
    }
    const auto opened = open_item(item, *vault);
    const auto& documents = opened.documents.items();
    const bool has_it = std::any_of(documents.begin(), documents.end(), [&](const auto& one) {
        return one["sha256"].as_string() == sha256;
    });
    if (!has_it) {
        co_return problem(ports::Refusal("quarantine.not_found"), call.context);
    }
    auto reader = co_await parts_.documents.open(item.tenant, *hash);
    if (!reader) {
        co_return problem(view::refusal_of(reader.error()), call.context);
    }
    core::Params look{{"item", id.to_string()}, {"document", sha256}};
    const auto kept = co_await keep_look(call, std::move(look));
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    const auto size = (*reader)->size();
    http::Response response(200);
    response.headers.emplace_back("Content-Type", "application/octet-stream");
    response.headers.emplace_back("Cache-Control", "private, no-store");
    response.stream = ports::make_source(std::move(*reader), 0, size);
    co_return response;
}

sdk::Task<http::Response> AdminApi::settle_quarantined(AdminCall& call, core::InboxId id) {
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why") {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    auto found = co_await find_quarantined(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("quarantine.not_found"), call.context);
    }
    auto& item = **found;
    const auto vault = parts_.vaults.find(item.tenant);
    if (!vault) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    if (call.carried && item.resolved && item.resolved_by == call.author.who) {
        co_return json_answer(
            200, item_view(item, *parts_.configuration.current(), call.context.language));
    }
    if (!item.resolved) {
        AskedTarget target("quarantine-settle", item.tenant, id.to_string(), {});
        auto waits = co_await ask_second(call, std::move(target));
        if (waits) {
            co_return std::move(*waits);
        }
    }
    ports::ResolveCommand command;
    command.tenant = item.tenant;
    command.id = id;
    command.at = parts_.clock.now();
    command.who = call.author.who;
    const auto owner = id.to_bytes();
    if (const auto key = vault->unwrap(item.wrapped_key, owner)) {
        command.sealed_reason = key->seal(parts_.ids, "reason", owner, call.author.why);
    }
    item.resolved = command.at;
    item.resolved_by = command.who;
    const auto settled = co_await parts_.store.resolve_quarantined(std::move(command));
    if (!settled) {
        co_return problem(settled.error().is(core::Errc::conflict)
                              ? ports::Refusal("quarantine.settled_before")
                              : view::refusal_of(settled.error()),
                          call.context);
    }
    log_act(call, "quarantine_settled", {{"item", id.to_string()}});
    co_return json_answer(200,
                          item_view(item, *parts_.configuration.current(), call.context.language));
}

}   // namespace gateway::admin
