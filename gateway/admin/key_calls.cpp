#include "gateway/admin/api.hpp"
#include "gateway/crypto/api_key.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// Keys of systems and of operators. The secret leaves in the answer that made it and never again:
// the store has its hash.

namespace gateway::admin {
namespace {

constexpr std::size_t note_bytes_max = 200;
constexpr int tries_max = 4;   // an id of 12 characters that is taken: once in the age of the world

json::Value key_view(const ports::Credential& credential) {
    json::Value view = json::Value::object();
    view.set("id", credential.key_id).set("kind", credential.kind);
    if (!credential.tenant.empty()) {
        view.set("tenant", credential.tenant.value);
    }
    if (!credential.system.empty()) {
        view.set("system", credential.system.value);
    }
    view.set("created", core::to_rfc3339(credential.created)).set("note", credential.note);
    if (credential.revoked) {
        view.set("revoked", core::to_rfc3339(*credential.revoked));
    }
    return view;
}

}   // namespace

sdk::Task<http::Response> AdminApi::list_keys(AdminCall& call) {
    std::optional<core::TenantId> tenant;
    for (const auto& [name, value] : call.request.query) {
        if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
        tenant = core::TenantId(value);
    }
    const auto credentials = co_await parts_.store.list_credentials(tenant);
    if (!credentials) {
        co_return problem(view::refusal_of(credentials.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& credential : *credentials) {
        items.push(key_view(credential));
    }
    json::Value answer = json::Value::object();
    answer.set("items", std::move(items));
    co_return json_answer(200, answer);
}

sdk::Task<http::Response> AdminApi::create_key(AdminCall& call) {
    for (const auto& [name, value] : call.body.members()) {
        const bool known = name == "kind" || name == "tenant" || name == "system" ||
                           name == "note" || name == "why";
        if (!known || !value.is_string()) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    ports::Credential credential;
    credential.kind = call.body["kind"].as_string();
    credential.created = parts_.clock.now();
    credential.note = call.body["note"].as_string();
    if (credential.note.size() > note_bytes_max) {
        co_return problem(view::bad_member("note"), call.context);
    }
    if (credential.kind == "system") {
        ports::Refusal refusal;
        const auto tenant = tenant_of(call.body["tenant"].as_string(), refusal);
        if (!tenant) {
            co_return problem(refusal, call.context);
        }
        const auto configuration = parts_.configuration.current();
        const auto& systems = configuration->tenants.at(*tenant).systems;
        credential.tenant = *tenant;
        credential.system = core::SystemId(call.body["system"].as_string());
        if (!systems.contains(credential.system)) {
            co_return problem(ports::Refusal("admin.system_unknown"), call.context);
        }
    } else if (credential.kind != "admin") {
        co_return problem(view::bad_member("kind"), call.context);
    } else if (call.body.has("tenant") || call.body.has("system")) {
        // An operator's key is for the whole installation: a narrower one is not to be believed in.
        co_return problem(view::bad_member(call.body.has("tenant") ? "tenant" : "system"),
                          call.context);
    }
    for (int tries = 0; tries < tries_max; ++tries) {
        const auto key = crypto::make_api_key(parts_.ids);
        credential.key_id = key.id;
        credential.secret_hash = key.secret_hash();
        const auto stored = co_await parts_.store.put_credential(credential);
        if (!stored && stored.error().is(core::Errc::conflict)) {
            continue;
        }
        if (!stored) {
            co_return problem(view::refusal_of(stored.error()), call.context);
        }
        log_act(call, "key_created",
                {{"key", key.id},
                 {"kind", credential.kind},
                 {"tenant", credential.tenant.value},
                 {"system", credential.system.value},
                 {"why", call.author.why}});
        auto view = key_view(credential);
        view.set("key", key.text());
        co_return json_answer(201, view);
    }
    co_return problem(ports::Refusal("service.internal"), call.context);
}

sdk::Task<http::Response> AdminApi::revoke_key(AdminCall& call, std::string key_id) {
    auto credential = co_await parts_.store.find_credential(key_id);
    if (!credential) {
        co_return problem(view::refusal_of(credential.error()), call.context);
    }
    if (!credential->has_value()) {
        co_return problem(ports::Refusal("admin.key_not_found"), call.context);
    }
    if (!(*credential)->revoked) {
        const auto at = parts_.clock.now();
        const auto revoked = co_await parts_.store.revoke_credential(key_id, at);
        if (!revoked) {
            co_return problem(view::refusal_of(revoked.error()), call.context);
        }
        (*credential)->revoked = at;
        log_act(call, "key_revoked", {{"key", key_id}, {"why", call.author.why}});
    }
    parts_.forget_key(key_id);   // also when repeated: it must hold by now
    co_return json_answer(200, key_view(**credential));
}

}   // namespace gateway::admin
