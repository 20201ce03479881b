#include "gateway/admin/api.hpp"
#include "gateway/admin/approval_stream.hpp"
#include "gateway/admin/list_query.hpp"

// What waits for a second person: listed, approved, declined, taken back.

namespace gateway::admin {
namespace {

constexpr std::string_view names_of_states[] = {"",        "asked",    "approved", "done",
                                                "refused", "declined", "expired",  "withdrawn"};

std::string_view name_of(ports::AskedState state) {
    return names_of_states[static_cast<std::size_t>(state)];
}

/// Past its time it is over, whether or not that was noticed yet.
ports::AskedState state_at(const ports::AskedAct& act, core::Time now) {
    const bool late = act.state == ports::AskedState::asked && act.expires <= now;
    return late ? ports::AskedState::expired : act.state;
}

ports::Refusal not_open(const ports::AskedAct& act, core::Time now) {
    return ports::Refusal("approval.not_open",
                          {{"state", std::string(name_of(state_at(act, now)))}});
}

std::string opened_words(const ports::AskedAct& act, const crypto::Vaults& vaults,
                         const std::string& sealed) {
    const auto vault = vaults.find(act.tenant);
    const auto owner = act.id.to_bytes();
    if (!vault || sealed.empty()) {
        return {};
    }
    const auto key = vault->unwrap(act.words_key, owner);
    auto words = key ? key->open("event", owner, sealed) : core::Result<std::string>(key.error());
    return words ? std::move(*words) : std::string();
}

}   // namespace

bool AdminApi::may_see(const AdminCall& call, const ports::AskedAct& act) const {
    return !call.session || call.session->tenants.contains(act.tenant.value);
}

json::Value AdminApi::approval_view(const AdminCall& call, const ports::AskedAct& act) const {
    const auto* named = find_named_act(act.act);
    const auto now = parts_.clock.now();
    const bool mine = act.who == call.who;
    const bool able = named != nullptr && call.session &&
                      may_approve(*named, act.tenant, call.session->grants) &&
                      !is_same_person(act.who, call.who, *second_person());
    json::Value view = json::Value::object();
    view.set("id", act.id.to_string())
        .set("tenant", act.tenant.value)
        .set("act", act.act)
        .set("who", act.who)
        .set("asked", core::to_rfc3339(act.asked))
        .set("expires", core::to_rfc3339(act.expires))
        .set("state", name_of(state_at(act, now)))
        .set("mine", mine)
        .set("mayApprove", able && state_at(act, now) == ports::AskedState::asked)
        .set("gives", named != nullptr && named->gives);
    if (!act.target.empty()) {
        view.set("target", act.target);
    }
    if (!act.decided_by.empty()) {
        view.set("decidedBy", act.decided_by);
    }
    if (act.decided) {
        view.set("decided", core::to_rfc3339(*act.decided));
    }
    if (act.ended) {
        view.set("ended", core::to_rfc3339(*act.ended));
    }
    if (!act.code.value.empty()) {
        view.set("reason", code_view(act.code, {}, call.context.language));
    }
    // Words of people may name somebody: for those who ask and decide, and for who may do all.
    if (!call.session || mine || able || act.decided_by == call.who) {
        view.set("why", opened_words(act, parts_.vaults, act.sealed_why));
        if (!act.sealed_answer.empty()) {
            view.set("answer", opened_words(act, parts_.vaults, act.sealed_answer));
        }
    }
    return view;
}

sdk::Task<http::Response> AdminApi::list_approvals(AdminCall& call) {
    ports::AskedQuery query;
    if (const auto wrong = read_list_query(call.request, query)) {
        co_return problem(*wrong, call.context);
    }
    query.tenants = tenants_of(call);
    if (query.tenants.empty()) {
        co_return problem(ports::Refusal("admin.tenant_unknown"), call.context);
    }
    if (call.request.header("Accept").find("text/event-stream") != std::string_view::npos) {
        http::Response response(200);
        response.headers.emplace_back("Content-Type", "text/event-stream");
        response.headers.emplace_back("Cache-Control", "no-store");
        response.stream =
            make_approval_stream(parts_, asked_news_, draining_, std::move(query.tenants));
        response.flush_each_read = true;
        co_return response;
    }
    const auto limit = query.limit;
    const auto page = co_await ports::asked_of(parts_.store).asked(std::move(query));
    if (!page) {
        co_return problem(view::refusal_of(page.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& act : *page) {
        items.push(approval_view(call, act));
    }
    const bool more = !page->empty() && page->size() == limit;
    json::Value view = json::Value::object();
    view.set("items", std::move(items))
        .set("next", more ? json::Value(alarms::cursor_of(page->back().asked, page->back().id))
                          : json::Value());
    co_return json_answer(200, view);
}

/// With what was asked, for those who may decide or asked: what says something of a person only
/// while content is open to them.
sdk::Task<http::Response> AdminApi::show_approval(AdminCall& call, core::Uuid id) {
    const auto act = co_await ports::asked_of(parts_.store).find_asked(id);
    if (!act) {
        co_return problem(view::refusal_of(act.error()), call.context);
    }
    if (!act->has_value() || !may_see(call, **act)) {
        co_return problem(ports::Refusal("approval.not_found"), call.context);
    }
    auto view = approval_view(call, **act);
    const auto* named = find_named_act((*act)->act);
    const bool personal = named == nullptr || named->personal;
    const bool open = shows_content(call, (*act)->tenant);
    const bool concerned = view.has("why");
    if (concerned && (open || !personal)) {
        const auto request = asked_request(**act);
        if (request && personal) {
            call.author.who = call.who;
            audit_asked(call, "approval_read", **act);
            // Kept before anything leaves, or nothing does.
            const auto kept = co_await keep_audit(call);
            if (!kept) {
                co_return problem(view::refusal_of(kept.error()), call.context);
            }
        }
        view.set("request", request ? (*request)["body"] : json::Value());
    } else if (concerned) {
        view.set("requestHidden", true);
    }
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::act_on_approval(AdminCall& call, core::Uuid id,
                                                    std::string what) {
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why") {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    auto& store = ports::asked_of(parts_.store);
    const auto found = co_await store.find_asked(id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value() || !may_see(call, **found)) {
        co_return problem(ports::Refusal("approval.not_found"), call.context);
    }
    const auto& act = **found;
    const auto now = parts_.clock.now();
    const auto* named = find_named_act(act.act);
    const bool takes_back = what == "take-back";
    if (takes_back && act.who != call.who) {
        co_return problem(ports::Refusal("approval.not_yours"), call.context);
    }
    if (!takes_back && !call.session) {
        // A key or root is not known to be another human being.
        co_return problem(ports::Refusal("approval.needs_a_person"), call.context);
    }
    if (!takes_back && is_same_person(act.who, call.who, *second_person())) {
        co_return problem(ports::Refusal("approval.same_person"), call.context);
    }
    if (!takes_back &&
        (named == nullptr || !may_approve(*named, act.tenant, call.session->grants))) {
        co_return problem(ports::Refusal("approval.not_allowed"), call.context);
    }
    // What was approved and is given to who asked can still be left.
    const bool left =
        takes_back && named != nullptr && named->gives && act.state == ports::AskedState::approved;
    if (!left && state_at(act, now) != ports::AskedState::asked) {
        co_return problem(not_open(act, now), call.context);
    }
    ports::AskedMove move;
    move.id = id;
    move.from = act.state;
    move.at = now;
    move.by = call.who;
    const auto vault = parts_.vaults.find(act.tenant);
    const auto owner = id.to_bytes();
    const auto key = vault ? vault->unwrap(act.words_key, owner)
                           : core::Result<crypto::ContentKey>(core::Failure(core::Errc::not_found));
    if (!key) {
        co_return problem(ports::Refusal("approval.cannot_be_read"), call.context);
    }
    move.sealed_answer = key->seal(parts_.ids, "event", owner, call.author.why);
    const char* said = "approval_approved";
    if (takes_back) {
        said = "approval_taken_back";
        move.to = ports::AskedState::withdrawn;
    } else if (what == "decline") {
        said = "approval_declined";
        move.to = ports::AskedState::declined;
    }
    audit_asked(call, said, act);
    // Kept before it is so, or it is not.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    const auto moved = co_await store.move_asked(std::move(move));
    if (!moved) {
        const auto again = co_await store.find_asked(id);
        const bool late = moved.error().is(core::Errc::conflict) && again && again->has_value();
        co_return problem(late ? not_open(**again, now) : view::refusal_of(moved.error()),
                          call.context);
    }
    asked_news_.notify();
    if (what == "approve" && !named->gives) {
        co_return co_await carry_out_approved(call, id);
    }
    const auto after = co_await store.find_asked(id);
    if (!after || !after->has_value()) {
        co_return problem(ports::Refusal("approval.not_found"), call.context);
    }
    co_return json_answer(200, approval_view(call, **after));
}

}   // namespace gateway::admin
