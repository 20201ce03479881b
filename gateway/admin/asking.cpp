#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"

// An act that needs a second person: kept as it was asked instead of being done, and let through
// when somebody else has approved it.

namespace gateway::admin {
namespace {

constexpr std::string_view base_of_calls = "/admin/v1/";

json::Value body_of(const AdminCall& call) {
    json::Value body = call.body;
    body.remove("why");
    return body;
}

json::Value request_of(const AdminCall& call, const AskedTarget& target) {
    json::Value query = json::Value::array();
    for (const auto& [name, value] : call.request.query) {
        json::Value pair = json::Value::array();
        pair.push(name);
        pair.push(value);
        query.push(std::move(pair));
    }
    json::Value request = json::Value::object();
    request.set("path", std::string_view(call.request.path).substr(base_of_calls.size()))
        .set("query", std::move(query))
        .set("body", body_of(call))
        .set("seen", target.seen)
        .set("count", target.count);
    return request;
}

json::Value roles_view(const NamedAct& act) {
    json::Value roles = json::Value::array();
    for (const auto& role : approving_roles(act)) {
        roles.push(role);
    }
    return roles;
}

}   // namespace

std::shared_ptr<const core::SecondPersonRules> AdminApi::second_person() const {
    static const auto none = std::make_shared<const core::SecondPersonRules>();
    return parts_.second_person ? parts_.second_person() : none;
}

sdk::Task<std::optional<http::Response>> AdminApi::ask_second(AdminCall& call, AskedTarget target) {
    if (call.carried) {
        if (call.carried->seen != target.seen) {
            co_return problem(ports::Refusal("approval.target_changed"), call.context);
        }
        co_return std::nullopt;
    }
    const auto rules = second_person();
    const auto* rule = rules->find(target.tenant, target.act);
    const auto* named = find_named_act(target.act);
    if (rule == nullptr || named == nullptr) {
        co_return std::nullopt;
    }
    if (named->gives) {
        const auto taken = co_await take_approved(call, target);
        if (!taken) {
            co_return problem(view::refusal_of(taken.error()), call.context);
        }
        if (*taken) {
            co_return std::nullopt;
        }
    }
    ports::AskedQuery waiting;
    waiting.tenants = {target.tenant};
    waiting.open = true;
    waiting.limit = ports::asked_open_max;
    const auto open = co_await ports::asked_of(parts_.store).asked(std::move(waiting));
    if (!open) {
        co_return problem(view::refusal_of(open.error()), call.context);
    }
    for (const auto& one : *open) {
        if (!target.id.empty() && one.act == target.act && one.target == target.id) {
            co_return problem(ports::Refusal("approval.asked_already"), call.context);
        }
    }
    const auto vault = parts_.vaults.find(target.tenant);
    if (!vault) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    ports::AskedAct act;
    act.id = parts_.ids.uuid();
    act.tenant = target.tenant;
    act.act = target.act;
    act.target = target.id;
    act.who = call.author.who;
    act.asked = parts_.clock.now();
    act.expires = act.asked + rule->waits;
    const auto owner = act.id.to_bytes();
    auto words = vault->new_key(parts_.ids, owner);
    act.sealed_why = words.key.seal(parts_.ids, "event", owner, call.author.why);
    act.words_key = std::move(words.wrapped);
    auto content = vault->new_key(parts_.ids, owner);
    act.sealed_request =
        content.key.seal(parts_.ids, "content", owner, json::write(request_of(call, target)));
    act.request_key = std::move(content.wrapped);
    audit_asked(call, "approval_asked", act);
    // Kept before it can be approved, or it is not asked.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    const auto asked = co_await ports::asked_of(parts_.store).ask(act);
    if (!asked) {
        const auto& failure = asked.error();
        ports::Refusal why = view::refusal_of(failure);
        if (failure.is(core::Errc::conflict)) {
            why = ports::Refusal("approval.asked_already");
        } else if (failure.is(core::Errc::too_large)) {
            why = ports::Refusal("approval.too_many",
                                 {{"max", std::to_string(ports::asked_open_max)}});
        }
        co_return problem(why, call.context);
    }
    asked_news_.notify();
    auto view = code_view(core::Code("approval.waits"),
                          {{"hours", std::to_string(rule->waits.count())}}, call.context.language);
    view.set("approval", approval_view(call, act)).set("roles", roles_view(*named));
    co_return json_answer(202, view);
}

/// What this person asked for in these words was approved, and has not been taken yet.
sdk::Task<core::Result<bool>> AdminApi::take_approved(AdminCall& call, const AskedTarget& target) {
    auto& store = ports::asked_of(parts_.store);
    ports::AskedQuery query;
    query.tenants = {target.tenant};
    query.open = true;
    query.limit = ports::asked_open_max;
    const auto open = co_await store.asked(std::move(query));
    if (!open) {
        co_return open.error();
    }
    const auto wanted = json::write(request_of(call, target));
    for (const auto& one : *open) {
        const bool fits = one.state == ports::AskedState::approved && one.act == target.act &&
                          one.target == target.id && one.who == call.author.who &&
                          one.expires > parts_.clock.now();
        if (!fits) {
            continue;
        }
        const auto whole = co_await store.find_asked(one.id);
        if (!whole) {
            co_return whole.error();
        }
        const auto request = whole->has_value() ? asked_request(**whole) : std::nullopt;
        if (!request || json::write(*request) != wanted) {
            continue;
        }
        ports::AskedMove move;
        move.id = one.id;
        move.from = ports::AskedState::approved;
        move.to = ports::AskedState::done;
        move.at = parts_.clock.now();
        const auto taken = co_await store.move_asked(std::move(move));
        if (taken) {
            audit_asked(call, "approval_done", one);
            asked_news_.notify();
            co_return true;
        }
        if (!taken.error().is(core::Errc::conflict)) {
            co_return taken.error();
        }
    }
    co_return false;
}

std::optional<json::Value> AdminApi::asked_request(const ports::AskedAct& act) const {
    const auto vault = parts_.vaults.find(act.tenant);
    if (!vault || act.request_key.empty()) {
        return std::nullopt;
    }
    const auto owner = act.id.to_bytes();
    const auto key = vault->unwrap(act.request_key, owner);
    const auto text = key ? key->open("content", owner, act.sealed_request)
                          : core::Result<std::string>(key.error());
    if (!text) {
        return std::nullopt;
    }
    const json::ParseLimits ours{.bytes_max = text->size(), .depth_max = 128};
    auto request = json::parse_or_failure(*text, ours);
    return request ? std::optional(std::move(*request)) : std::nullopt;
}

void AdminApi::audit_asked(const AdminCall& call, const char* what,
                           const ports::AskedAct& act) const {
    core::Params fields{
        {"tenant", act.tenant.value}, {"approval", act.id.to_string()}, {"asked", act.act}};
    if (!act.target.empty()) {
        const bool of_message = act.act.starts_with("message-") || act.act == "evidence";
        fields.emplace_back(of_message ? "message" : "target", act.target);
    }
    log_act(call, what, std::move(fields));
}

}   // namespace gateway::admin
