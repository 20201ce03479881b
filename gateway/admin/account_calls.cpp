#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"

// Accounts of the console: made, renewed and taken away by those who may do everything, each act
// with a reason. Password and secret leave in the answer that made them and never again.

namespace gateway::admin {
namespace {

json::Value account_view(const std::string& name, const std::vector<Grant>& grants) {
    json::Value view = json::Value::object();
    view.set("name", name).set("roles", grants_view(grants));
    return view;
}

/// A role that there is, in a place; a part of a municipality is some of its systems.
std::optional<Grant> grant_of(const json::Value& item) {
    Grant grant;
    grant.role = item["role"].as_string();
    grant.tenant = item["tenant"].as_string();
    const auto* systems = item.find("systems");
    const auto& matrix = AccessMatrix::instance();
    if (!matrix.is_role(grant.role) || item.members().size() != (systems == nullptr ? 2 : 3)) {
        return std::nullopt;
    }
    if (systems != nullptr) {
        for (const auto& system : systems->items()) {
            grant.systems.insert(system.as_string());
        }
        if (grant.systems.empty() || grant.tenant == "*" || !matrix.has_parts(grant.role)) {
            return std::nullopt;
        }
    }
    return grant;
}

/// The municipality, or one of the systems, is not in the configuration.
std::optional<ports::Refusal> unknown_place(const Grant& grant,
                                            const core::Configuration& configuration) {
    if (grant.tenant == "*") {
        return std::nullopt;
    }
    const auto tenant = configuration.tenants.find(core::TenantId(grant.tenant));
    if (tenant == configuration.tenants.end()) {
        return ports::Refusal("admin.tenant_unknown");
    }
    for (const auto& system : grant.systems) {
        if (!tenant->second.systems.contains(core::SystemId(system))) {
            return ports::Refusal("admin.system_unknown");
        }
    }
    return std::nullopt;
}

void add_secrets(json::Value& view, const AccountSecrets& secrets) {
    view.set("password", secrets.password)
        .set("totpSecret", secrets.totp_secret)
        .set("totpUri", secrets.totp_uri);
}

ports::Refusal refusal_of(const core::Failure& failure) {
    if (failure.is(core::Errc::conflict)) {
        return ports::Refusal("accounts.name_taken");
    }
    return failure.is(core::Errc::not_found) ? ports::Refusal("accounts.not_found")
                                             : view::refusal_of(failure);
}

}   // namespace

sdk::Task<http::Response> AdminApi::list_accounts(AdminCall& call) {
    const auto accounts = co_await accounts_.all();
    if (!accounts) {
        co_return problem(view::refusal_of(accounts.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& account : *accounts) {
        auto one = account_view(account.name, account.grants);
        one.set("created", core::to_rfc3339(account.created));
        items.push(std::move(one));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::add_account(AdminCall& call) {
    for (const auto& [name, value] : call.body.members()) {
        const bool known = name == "roles" ? value.is_array() && !value.items().empty()
                                           : (name == "name" || name == "why") && value.is_string();
        if (!known) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    const auto name = call.body["name"].as_string();
    if (!is_account_name(name)) {
        co_return problem(view::bad_member("name"), call.context);
    }
    std::vector<Grant> grants;
    std::string words;
    for (const auto& item : call.body["roles"].items()) {
        const auto grant = grant_of(item);
        if (!grant) {
            co_return problem(view::bad_member("roles"), call.context);
        }
        if (const auto unknown = unknown_place(*grant, *parts_.configuration.current())) {
            co_return problem(*unknown, call.context);
        }
        words += (words.empty() ? "" : " ") + grant->role + "@" + grant->place();
        grants.push_back(*grant);
    }
    if (grants.empty() || without_parts_of_wholes(grants).size() != grants.size()) {
        co_return problem(view::bad_member("roles"), call.context);
    }
    const auto secrets = co_await accounts_.add(name, grants);
    if (!secrets) {
        co_return problem(refusal_of(secrets.error()), call.context);
    }
    log_act(call, "account_added", {{"account", name}, {"roles", words}, {"why", call.author.why}});
    auto view = account_view(name, grants);
    add_secrets(view, *secrets);
    auto response = json_answer(201, view);
    response.headers.emplace_back("Cache-Control", "no-store");
    co_return response;
}

sdk::Task<http::Response> AdminApi::act_on_account(AdminCall& call, std::string name,
                                                   std::string act) {
    json::Value view = json::Value::object();
    view.set("name", name);
    if (act == "remove") {
        const auto removed = co_await accounts_.remove(name);
        if (!removed) {
            co_return problem(refusal_of(removed.error()), call.context);
        }
    } else {
        const auto secrets = co_await accounts_.renew(name);
        if (!secrets) {
            co_return problem(refusal_of(secrets.error()), call.context);
        }
        add_secrets(view, *secrets);
    }
    sessions_.close_all_of(name);
    log_act(call, act == "remove" ? "account_removed" : "account_renewed",
            {{"account", name}, {"why", call.author.why}});
    auto response = json_answer(200, view);
    response.headers.emplace_back("Cache-Control", "no-store");
    co_return response;
}

}   // namespace gateway::admin
