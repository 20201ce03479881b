#include "gateway/admin/api.hpp"

#include "gateway/admin/flow_watch.hpp"
#include "gateway/admin/pages.hpp"
#include "gateway/api/answering.hpp"
#include "gateway/api/request_head.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <array>

// Which call it is, and who may make it.

namespace gateway::admin {
namespace {

constexpr std::string_view base = "/admin/v1/";
constexpr std::size_t why_bytes_max = 1000;
constexpr std::size_t act_bytes_max = 8U << 10U;
constexpr std::string_view console = "/console";
constexpr std::string_view session_path = "/admin/v1/session";
constexpr std::string_view provider_path = "/admin/v1/session/provider";
constexpr std::string_view acts_of_connection = "acts/";

/// "<area>/<id>" or "<area>/<id>/<rest>"; nothing of another area.
struct Target {
    std::string_view id;
    std::string_view rest;
};

std::optional<Target> target_in(std::string_view path, std::string_view area) {
    if (!path.starts_with(area) || path.size() <= area.size() + 1 || path[area.size()] != '/') {
        return std::nullopt;
    }
    path.remove_prefix(area.size() + 1);
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) {
        return Target{path, {}};
    }
    if (slash + 1 == path.size()) {
        return std::nullopt;
    }
    return Target{path.substr(0, slash), path.substr(slash + 1)};
}

bool is_act_on_person(const Target& target) {
    constexpr std::array<std::string_view, 6> acts{"report", "hold", "lift-hold",
                                                   "erase",  "link", "unlink"};
    return target.rest.empty() && std::find(acts.begin(), acts.end(), target.id) != acts.end();
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(first, text.find_last_not_of(blank) - first + 1));
}

/// The call's name for metrics: a bounded set.
std::string call_name(std::string_view path) {
    if (path == "/healthz" || path == "/readyz" || path == "/metrics") {
        return std::string(path);
    }
    if (path.starts_with(console)) {
        return std::string(console);
    }
    constexpr std::array<std::string_view, 24> areas{
        "approvals", "alarms",   "failures",     "retries",     "keys",    "messages",
        "events",    "store",    "config",       "connections", "inbox",   "quarantine",
        "webhooks",  "persons",  "examine",      "accounts",    "session", "flow",
        "systems",   "adapters", "certificates", "audit",       "content", "retention"};
    for (const auto area : areas) {
        if (path.substr(0, base.size()) == base && path.substr(base.size(), area.size()) == area) {
            return std::string(base) + std::string(area);
        }
    }
    return "other";
}

}   // namespace

json::Value code_view(const core::Code& code, const core::Params& params,
                      texts::Language language) {
    const auto text = texts::render(code, params, language);
    json::Value view = json::Value::object();
    view.set("code", code.value)
        .set("text", text.detail.empty() ? text.title : text.detail)
        .set("owner", texts::facts(code).owner)
        .set("action", text.action);
    return view;
}

AdminApi::AdminApi(AdminParts parts)
    : parts_(std::move(parts)),
      began_(parts_.clock.now()),
      doorkeeper_(parts_.store, parts_.own_uid),
      accounts_(parts_.store, parts_.clock, parts_.ids, parts_.blocking),
      audit_(parts_.store),
      oidc_(parts_.clock, parts_.ids, parts_.reach_provider),
      flow_watch_(std::make_unique<FlowWatch>(parts_)) {}

AdminApi::~AdminApi() = default;

void AdminApi::begin_drain() {
    draining_ = true;
    parts_.news.notify();
    flow_watch_->end();
    asked_news_.notify();
    if (parts_.alarm_news != nullptr) {
        parts_.alarm_news->notify();
    }
}

http::Response AdminApi::refuse(int status, std::string_view code,
                                std::string_view accept_language) {
    return api::server_problem(status, code, parts_.configuration.current()->limits,
                               api::context_of(parts_.ids, accept_language));
}

sdk::Task<http::Response> AdminApi::handle(http::Request& request) {
    api::Dispatch decide = [this](http::Request& asked, texts::ProblemContext context) {
        return dispatch(asked, std::move(context));
    };
    const api::Answering with{parts_.ids, parts_.log, "admin_request_failed"};
    auto response = co_await api::answer(with, request, std::move(decide));
    parts_.metrics.count("sluse_admin_requests_total",
                         {{"call", call_name(request.path)},
                          {"status", std::to_string(response.status / 100) + "xx"}},
                         1);
    co_return response;
}

sdk::Task<http::Response> AdminApi::dispatch(http::Request& request,
                                             texts::ProblemContext context) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool of_console = request.path == console || request.path.starts_with("/console/");
    const bool open_path = request.path == "/healthz" || request.path == "/readyz" ||
                           request.path == "/metrics" || of_console;
    if (open_path && !reads) {
        co_return problem(view::method_not_allowed("GET, HEAD"), context);
    }
    if (request.path == "/healthz") {
        json::Value alive = json::Value::object();
        alive.set("status", "ok");
        co_return json_answer(200, alive);
    }
    if (request.path == "/readyz") {
        co_return co_await ready(context);
    }
    if (request.path == "/metrics") {
        co_return co_await metrics();
    }
    if (of_console) {
        co_return ConsolePages::embedded().answer(request);
    }
    if (request.path.substr(0, base.size()) != base) {
        co_return problem(ports::Refusal("request.not_found"), context);
    }
    if (request.path == session_path) {
        co_return co_await session(request, std::move(context));
    }
    if (request.path.starts_with(provider_path)) {
        co_return co_await provider_session(request, std::move(context));
    }
    if (has_session(request)) {
        co_return co_await call_by_session(request, std::move(context));
    }
    const auto entrance = co_await doorkeeper_.look(request);
    if (!entrance) {
        co_return problem(view::refusal_of(entrance.error()), context);
    }
    if (!entrance->admitted) {
        parts_.log.write(sdk::Severity::warning, "admin_refused",
                         {{"who", entrance->who}, {"trace", context.trace}});
        const ports::Refusal refusal(entrance->known_peer ? core::Code("admin.peer_not_allowed")
                                                          : core::Code("auth.missing_or_invalid"));
        co_return problem(refusal, context);
    }
    AdminCall call(request, std::move(context), entrance->who);
    auto response = co_await call_of_operator(call);
    (void)co_await keep_audit(call);
    co_return response;
}

sdk::Task<http::Response> AdminApi::call_of_operator(AdminCall& call) {
    if (const auto refused = api::refuse_head(call.request)) {
        co_return problem(*refused, call.context);
    }
    const bool reads = call.request.method == "GET" || call.request.method == "HEAD";
    std::string_view path = call.request.path;
    path.remove_prefix(base.size());
    if (call.request.method == "POST") {
        co_return co_await act(call, path);
    }
    if (!reads) {
        co_return problem(view::method_not_allowed("GET, HEAD, POST"), call.context);
    }
    if (path == "keys") {
        co_return co_await list_keys(call);
    }
    if (path == "accounts") {
        co_return co_await list_accounts(call);
    }
    if (path == "flow") {
        co_return co_await flow(call);
    }
    if (path == "flow/history") {
        co_return co_await flow_history(call);
    }
    if (path == "messages") {
        co_return co_await search(call);
    }
    if (path == "events") {
        co_return co_await get_events(call);
    }
    if (path == "store/counts") {
        co_return co_await counts(call);
    }
    if (path == "statistics") {
        co_return co_await statistics(call);
    }
    if (path == "retention") {
        co_return co_await preview_retention(call);
    }
    if (path == "statistics/records") {
        co_return co_await record_statistics(call);
    }
    if (path == "config/history") {
        co_return co_await config_history(call);
    }
    if (path == "connections") {
        co_return co_await list_connections(call);
    }
    if (path == "systems") {
        co_return list_systems(call);
    }
    if (path == "adapters") {
        co_return list_adapters(call);
    }
    if (path == "certificates") {
        co_return co_await list_certificates(call);
    }
    if (path == "audit") {
        co_return co_await list_audit(call);
    }
    if (const auto target = target_in(path, "config");
        target && target->id == "versions" && !target->rest.empty()) {
        std::string number(target->rest);
        co_return co_await show_config_version(call, std::move(number));
    }
    if (path == "inbox") {
        co_return co_await list_inbox(call);
    }
    if (path == "inbox/counts") {
        co_return co_await inbox_counts(call);
    }
    if (path == "quarantine") {
        co_return co_await list_quarantine(call);
    }
    if (path == "webhooks") {
        co_return co_await list_webhooks(call);
    }
    if (path == "alarms") {
        co_return co_await list_alarms(call);
    }
    if (path == "failures") {
        co_return co_await list_failures(call);
    }
    if (path == "approvals") {
        co_return co_await list_approvals(call);
    }
    if (const auto target = target_in(path, "approvals"); target && target->rest.empty()) {
        const auto id = core::parse_uuid(target->id);
        if (!id) {
            co_return problem(ports::Refusal("approval.not_found"), call.context);
        }
        co_return co_await show_approval(call, *id);
    }
    if (path == "retries") {
        co_return co_await list_retries(call);
    }
    if (const auto target = target_in(path, "failures"); target && target->rest == "messages") {
        co_return co_await list_failed(call, std::string(target->id));
    }
    if (const auto target = target_in(path, "quarantine")) {
        constexpr std::string_view document = "documents/";
        const auto id = core::InboxId::parse(target->id);
        if (id && target->rest.empty()) {
            co_return co_await show_quarantined(call, *id);
        }
        if (id && target->rest.starts_with(document)) {
            std::string sha256(target->rest.substr(document.size()));
            co_return co_await quarantined_document(call, *id, std::move(sha256));
        }
        co_return problem(ports::Refusal("quarantine.not_found"), call.context);
    }
    if (const auto target = target_in(path, "webhooks"); target && target->rest.empty()) {
        const auto id = core::parse_uuid(target->id);
        if (!id) {
            co_return problem(ports::Refusal("admin.webhook_not_found"), call.context);
        }
        co_return co_await show_webhook(call, *id);
    }
    if (const auto target = target_in(path, "connections");
        target && target->rest == "system-user") {
        core::ConnectionId connection{std::string(target->id)};
        co_return co_await show_system_user(call, std::move(connection));
    }
    if (const auto target = target_in(path, "messages")) {
        const auto id = core::MessageId::parse(target->id);
        if (!id) {
            co_return problem(ports::Refusal("message.not_found"), call.context);
        }
        if (target->rest.empty()) {
            co_return co_await get_message(call, *id);
        }
        if (target->rest == "events") {
            co_return co_await get_timeline(call, *id);
        }
        if (target->rest == "ways") {
            co_return co_await show_ways(call, *id);
        }
        if (target->rest == "content") {
            co_return co_await show_content(call, *id);
        }
        if (constexpr std::string_view attempts = "attempts/"; target->rest.starts_with(attempts)) {
            std::string rest(target->rest.substr(attempts.size()));
            co_return co_await get_exchanges(call, *id, std::move(rest));
        }
        if (constexpr std::string_view document = "documents/";
            target->rest.starts_with(document)) {
            std::string sha256(target->rest.substr(document.size()));
            co_return co_await message_document(call, *id, std::move(sha256));
        }
    }
    co_return problem(ports::Refusal("request.not_found"), call.context);
}

sdk::Task<http::Response> AdminApi::act(AdminCall& call, std::string_view path) {
    ports::Refusal refusal;
    const auto edited = target_in(path, "messages");
    const bool holds_message = edited && edited->rest == "edit";
    core::Result<json::Value> body = json::Value();
    if (holds_message) {
        auto limits = parts_.configuration.current()->limits;
        limits.message_bytes_max += act_bytes_max;   // beside the message itself
        limits.json_depth_max += 1;
        body = co_await read_body_within(call.request, limits, refusal);
    } else {
        body = co_await read_body(call.request, refusal);
    }
    if (!body) {
        co_return problem(refusal, call.context);
    }
    call.body = std::move(*body);
    if (const auto refused = check_tenants_named(call)) {
        co_return problem(*refused, call.context);
    }
    // Questions whose words do not belong in a URL, or that take long.
    if (path == "messages/search") {
        co_return co_await search_by_body(call);
    }
    if (path == "store/verify") {
        co_return co_await verify(call);
    }
    if (path == "log/verify") {
        co_return co_await verify_log(call);
    }
    if (path == "examine") {
        co_return co_await examine(call, std::nullopt);
    }
    if (const auto target = target_in(path, "connections"); target && target->rest == "examine") {
        core::ConnectionId id{std::string(target->id)};
        co_return co_await examine(call, std::move(id));
    }
    call.author.who = call.who;
    call.author.why = trimmed(call.body["why"].as_string());
    if (path == "log/entries") {
        co_return co_await list_log(call);
    }
    co_return co_await perform(call, path);
}

sdk::Task<http::Response> AdminApi::perform(AdminCall& call, std::string_view path) {
    constexpr std::array<std::string_view, 6> whole{"keys",        "store/backup", "config/apply",
                                                    "config/undo", "accounts",     "content/open"};
    const bool is_whole = std::find(whole.begin(), whole.end(), path) != whole.end();
    const auto key = target_in(path, "keys");
    const auto account = target_in(path, "accounts");
    const bool on_account = account && (account->rest == "remove" || account->rest == "renew");
    const auto message = target_in(path, "messages");
    const auto item = target_in(path, "quarantine");
    const auto webhook = target_in(path, "webhooks");
    const auto connection = target_in(path, "connections");
    const auto inbox = target_in(path, "inbox");
    const auto person = target_in(path, "persons");
    const auto alarm = target_in(path, "alarms");
    const auto group = target_in(path, "failures");
    const auto retries = target_in(path, "retries");
    const auto approval = target_in(path, "approvals");
    const bool decides = approval && (approval->rest == "approve" || approval->rest == "decline" ||
                                      approval->rest == "take-back");
    const auto edited = target_in(path, "messages");
    const bool holds_message = edited && edited->rest == "edit";
    const bool of_retry = retries && (retries->rest == "pause" || retries->rest == "resume" ||
                                      retries->rest == "cancel");
    const bool acts = connection && connection->rest.starts_with(acts_of_connection);
    const bool known =
        is_whole || (key && key->rest == "revoke") || on_account || message || webhook || acts ||
        (item && (item->rest == "settle" || item->rest == "release")) ||
        (inbox && inbox->rest == "replay") || (person && is_act_on_person(*person)) ||
        (alarm && alarm->rest == "acknowledge") || (group && group->rest == "retry") || of_retry ||
        decides;
    if (!known) {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    const bool only_asks = (group && call.body["preview"].as_bool()) ||
                           (holds_message && call.body["dryRun"].as_bool());
    if (call.author.why.empty() && !only_asks) {
        co_return problem(ports::Refusal("admin.reason_required"), call.context);
    }
    if (call.author.why.size() > why_bytes_max) {
        co_return problem(view::bad_member("why"), call.context);
    }
    if (approval) {
        const auto id = core::parse_uuid(approval->id);
        if (!id) {
            co_return problem(ports::Refusal("approval.not_found"), call.context);
        }
        co_return co_await act_on_approval(call, *id, std::string(approval->rest));
    }
    if (path == "keys") {
        co_return co_await create_key(call);
    }
    if (key) {
        co_return co_await revoke_key(call, std::string(key->id));
    }
    if (path == "accounts") {
        co_return co_await add_account(call);
    }
    if (account) {
        co_return co_await act_on_account(call, std::string(account->id),
                                          std::string(account->rest));
    }
    if (path == "store/backup") {
        co_return co_await backup(call);
    }
    if (path == "content/open") {
        co_return co_await open_content(call);
    }
    if (is_whole) {
        co_return co_await change_config(call, path == "config/undo");
    }
    if (person) {
        co_return co_await act_on_person(call, std::string(person->id));
    }
    if (alarm) {
        co_return co_await acknowledge_alarm(call, alarm->id);
    }
    if (group) {
        co_return co_await retry_group(call, std::string(group->id));
    }
    if (retries) {
        co_return co_await change_retry(call, std::string(retries->id), std::string(retries->rest));
    }
    if (inbox) {
        co_return co_await replay_inbox(call, inbox->id);
    }
    if (acts) {
        core::ConnectionId id{std::string(connection->id)};
        std::string name(connection->rest.substr(acts_of_connection.size()));
        co_return co_await act_on_connection(call, std::move(id), std::move(name));
    }
    if (webhook) {
        const auto id = core::parse_uuid(webhook->id);
        if (!id) {
            co_return problem(ports::Refusal("admin.webhook_not_found"), call.context);
        }
        co_return co_await act_on_webhook(call, *id, std::string(webhook->rest));
    }
    if (item) {
        const auto id = core::InboxId::parse(item->id);
        if (!id) {
            co_return problem(ports::Refusal("quarantine.not_found"), call.context);
        }
        if (item->rest == "release") {
            co_return co_await release_quarantined(call, *id);
        }
        co_return co_await settle_quarantined(call, *id);
    }
    const auto id = core::MessageId::parse(message->id);
    if (!id) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    if (message->rest == "evidence") {
        co_return co_await make_evidence(call, *id);
    }
    if (holds_message) {
        co_return co_await edit_message(call, *id);
    }
    if (message->rest == "resend") {
        co_return co_await resend(call, *id);
    }
    co_return co_await act_on_message(call, *id, std::string(message->rest));
}

core::Result<core::TenantId> AdminApi::tenant_of(std::string_view named,
                                                 ports::Refusal& refusal) const {
    const auto configuration = parts_.configuration.current();
    if (named.empty()) {
        if (configuration->tenants.size() == 1) {
            return configuration->tenants.begin()->first;
        }
        refusal = ports::Refusal("admin.tenant_required");
        return core::Failure(core::Errc::invalid_argument);
    }
    core::TenantId tenant{std::string(named)};
    if (!configuration->tenants.contains(tenant)) {
        refusal = ports::Refusal("admin.tenant_unknown");
        return core::Failure(core::Errc::not_found);
    }
    return tenant;
}

core::Result<core::TenantId> AdminApi::tenant_of(const AdminCall& call,
                                                 ports::Refusal& refusal) const {
    const auto named = call.request.query_value("tenant");
    return tenant_of(named ? std::string_view(*named) : std::string_view(), refusal);
}

std::vector<core::TenantId> AdminApi::tenants_of(const AdminCall& call) const {
    const auto named = call.request.query_value("tenant");
    const auto configuration = parts_.configuration.current();
    std::vector<core::TenantId> tenants;
    for (const auto& [tenant, settings] : configuration->tenants) {
        const bool seen = !call.session || call.session->tenants.contains(tenant.value);
        if (seen && (!named || *named == tenant.value)) {
            tenants.push_back(tenant);
        }
    }
    return tenants;
}

void AdminApi::log_act(const AdminCall& call, std::string_view what, core::Params fields) const {
    AuditEntry entry;
    entry.at = parts_.clock.now();
    entry.who = call.author.who;
    entry.act = what;
    entry.tenant = call.about;
    entry.trace = call.context.trace;
    for (const auto& [name, value] : fields) {
        if (name == "tenant") {
            entry.tenant = value;
        } else {
            entry.fields.emplace_back(name, value);
        }
    }
    if (entry.tenant.empty()) {
        const auto named = call.request.query_value("tenant");
        entry.tenant = named ? std::string(*named) : call.body["tenant"].as_string();
    }
    call.audit.push_back(std::move(entry));
    fields.emplace_back("act", what);
    fields.emplace_back("who", call.author.who);
    fields.emplace_back("trace", call.context.trace);
    parts_.log.write(sdk::Severity::info, "admin_act", fields);
    parts_.metrics.count("sluse_admin_acts_total", {{"act", std::string(what)}}, 1);
}

sdk::Task<core::Result<void>> AdminApi::keep_audit(AdminCall& call) {
    if (call.audit.empty()) {
        co_return core::Result<void>();
    }
    auto entries = std::move(call.audit);
    call.audit.clear();
    const auto kept = co_await audit_.append(std::move(entries));
    if (!kept) {
        // What was done is done, and stands in the log of the program.
        parts_.log.write(sdk::Severity::error, "audit_failed",
                         {{"who", call.who}, {"trace", call.context.trace}});
    }
    co_return kept;
}

}   // namespace gateway::admin
