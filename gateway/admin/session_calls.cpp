#include "gateway/admin/api.hpp"
#include "gateway/admin/session_cookies.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// Signing in to the console, and what one who has signed in may do. A call by session obeys
// schemas/admin-access.json and sees only the municipalities the account has a role in; an act
// carries the session's own word as well, which another site cannot know.

namespace gateway::admin {
namespace {

constexpr std::size_t secret_bytes_max = 200;

bool reads(const http::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

/// The page itself asks: nobody has done anything. A stream that broke opens itself again.
bool is_background(const http::Request& request) {
    return !request.header("X-Sluse-Background").empty() ||
           request.header("Accept").find("text/event-stream") != std::string_view::npos;
}

/// The municipalities whose messages' content a role of the session's may be opened in.
std::set<std::string> content_tenants(const Session& session, const std::vector<std::string>& all) {
    std::set<std::string> tenants;
    for (const auto& grant : session.grants) {
        if (!AccessMatrix::instance().sees_content(grant.role)) {
            continue;
        }
        if (grant.tenant == "*") {
            tenants.insert(all.begin(), all.end());
        } else if (std::find(all.begin(), all.end(), grant.tenant) != all.end()) {
            tenants.insert(grant.tenant);
        }
    }
    return tenants;
}

/// What a provider vouched for holds as long as the configuration says the same of it.
bool is_still_bound(const Session& session, const core::Configuration& configuration) {
    return !session.provider ||
           (configuration.admin_oidc && *configuration.admin_oidc == *session.provider);
}

/// A stream ends with the session it was opened in.
class SessionStream final : public sdk::ByteSource {
public:
    SessionStream(std::unique_ptr<sdk::ByteSource> inner, Sessions& sessions,
                  const ports::ConfigurationSource& configuration, sdk::Clock& clock,
                  std::string token)
        : inner_(std::move(inner)),
          sessions_(sessions),
          configuration_(configuration),
          clock_(clock),
          token_(std::move(token)) {}

    std::optional<std::uint64_t> size() const override { return inner_->size(); }
    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) override {
        if (!is_alive()) {
            co_return std::size_t{0};
        }
        const auto count = co_await inner_->read(out);
        if (count && !is_alive()) {
            co_return std::size_t{0};
        }
        co_return count;
    }

private:
    bool is_alive() {
        const auto session = sessions_.find(token_, clock_.steady(), false);
        return session && is_still_bound(*session, *configuration_.current());
    }

    std::unique_ptr<sdk::ByteSource> inner_;
    Sessions& sessions_;
    const ports::ConfigurationSource& configuration_;
    sdk::Clock& clock_;
    std::string token_;
};

}   // namespace

bool AdminApi::has_session(const http::Request& request) const {
    return !request.peer_uid && request.header("Authorization").empty() &&
           !session_token(request).empty();
}

std::optional<Session> AdminApi::find_session(const http::Request& request, bool active) {
    const auto token = session_token(request);
    auto session = sessions_.find(token, parts_.clock.steady(), active);
    if (session && !is_still_bound(*session, *parts_.configuration.current())) {
        sessions_.close(token);
        session.reset();
    }
    return session;
}

std::vector<std::string> AdminApi::tenant_names() const {
    std::vector<std::string> names;
    for (const auto& [tenant, settings] : parts_.configuration.current()->tenants) {
        names.push_back(tenant.value);
    }
    return names;
}

std::optional<ports::Refusal> AdminApi::admit_session(AdminCall& call) {
    auto& request = call.request;
    const auto session = find_session(request, !is_background(request));
    if (!session) {
        return ports::Refusal("session.over");
    }
    call.who = "account " + session->account;
    const bool forged =
        !crypto::equal_in_constant_time(request.header("X-CSRF-Token"), session->csrf);
    if (is_from_elsewhere(request) || (!reads(request) && forged)) {
        return ports::Refusal("session.not_from_here");
    }
    const auto path = std::string_view(request.path).substr(std::string_view("/admin/v1/").size());
    const auto* rule = AccessMatrix::instance().find(request.method, path);
    if (rule == nullptr) {
        return ports::Refusal("session.not_allowed");
    }
    const auto all = tenant_names();
    SessionAccess access;
    access.tenants = tenants_for(*rule, session->grants, all);
    access.whole = access.tenants.contains("*");
    access.scope = rule->scope;
    access.token = session_token(request);
    access.grants = session->grants;
    for (const auto& tenant : access.tenants) {
        if (auto systems = systems_of(session->grants, tenant); !systems.empty()) {
            access.systems.emplace(tenant, std::move(systems));
        }
    }
    for (const auto& tenant : content_tenants(*session, all)) {
        const auto until = session->content_until.find(tenant);
        if (until != session->content_until.end() && until->second > parts_.clock.steady()) {
            access.content.insert(tenant);
        }
    }
    if (access.tenants.empty()) {
        return ports::Refusal("session.not_allowed");
    }
    call.session = std::move(access);
    return check_tenants_named(call);
}

/// In the question, or in the body once it is read: none but those it may be about.
std::optional<ports::Refusal> AdminApi::check_tenants_named(const AdminCall& call) const {
    if (!call.session) {
        return std::nullopt;
    }
    const auto& access = *call.session;
    bool named = false;
    for (const auto& [name, value] : call.request.query) {
        if (name == "tenant") {
            named = true;
            if (!access.tenants.contains(value)) {
                return ports::Refusal("session.not_allowed");
            }
        }
    }
    if (const auto* tenant = call.body.find("tenant")) {
        if (!access.tenants.contains(tenant->as_string())) {
            return ports::Refusal("session.not_allowed");
        }
        return std::nullopt;
    }
    if (!named && access.scope == Scope::named && !access.whole) {
        return ports::Refusal("admin.tenant_required");
    }
    // One that is not named is the only one there is.
    const auto all = tenant_names();
    if (!named && all.size() == 1 && !access.tenants.contains(all.front())) {
        return ports::Refusal("session.not_allowed");
    }
    return std::nullopt;
}

bool AdminApi::sees_system(const AdminCall& call, const core::TenantId& tenant,
                           const core::SystemId& system) {
    if (!call.session) {
        return true;
    }
    const auto part = call.session->systems.find(tenant.value);
    return part == call.session->systems.end() || part->second.contains(system.value);
}

std::optional<ports::Refusal> AdminApi::keep_to_part(const AdminCall& call,
                                                     const core::TenantId& tenant,
                                                     std::optional<core::SystemId>& system) {
    if (!call.session || !call.session->systems.contains(tenant.value)) {
        return std::nullopt;
    }
    const auto& part = call.session->systems.at(tenant.value);
    if (!system && part.size() > 1) {
        return ports::Refusal("session.system_required");
    }
    system = system.value_or(core::SystemId(*part.begin()));
    return part.contains(system->value) ? std::nullopt
                                        : std::optional(ports::Refusal("session.not_allowed"));
}

bool AdminApi::shows_content(const AdminCall& call, const core::TenantId& tenant) {
    return !call.session || call.session->content.contains(tenant.value);
}

std::function<bool()> AdminApi::still_shows_content(const AdminCall& call,
                                                    const core::TenantId& tenant) {
    if (!call.session) {
        return [] { return true; };
    }
    return [this, token = call.session->token, name = tenant.value] {
        const auto now = parts_.clock.steady();
        const auto session = sessions_.find(token, now, false);
        if (!session) {
            return false;
        }
        const auto until = session->content_until.find(name);
        return until != session->content_until.end() && until->second > now;
    };
}

void AdminApi::bind_to_session(const AdminCall& call, http::Response& response) {
    response.headers.emplace_back("Vary", "Cookie");
    if (sdk::find_header(response.headers, "Cache-Control").empty()) {
        response.headers.emplace_back("Cache-Control", "no-store");
    }
    if (response.stream) {
        response.stream = std::make_unique<SessionStream>(std::move(response.stream), sessions_,
                                                          parts_.configuration, parts_.clock,
                                                          session_token(call.request));
    }
}

sdk::Task<http::Response> AdminApi::call_by_session(http::Request& request,
                                                    texts::ProblemContext context) {
    AdminCall call(request, std::move(context), "");
    http::Response response;
    if (const auto refusal = admit_session(call)) {
        parts_.log.write(
            sdk::Severity::warning, "admin_refused",
            {{"who", call.who}, {"code", refusal->code.value}, {"trace", call.context.trace}});
        response = problem(*refusal, call.context);
    } else {
        response = co_await call_of_operator(call);
        (void)co_await keep_audit(call);
    }
    bind_to_session(call, response);
    co_return response;
}

sdk::Task<http::Response> AdminApi::session(http::Request& request, texts::ProblemContext context) {
    AdminCall call(request, std::move(context), "");
    if (reads(request)) {
        co_return show_session(call);
    }
    if (is_from_elsewhere(request)) {
        co_return problem(ports::Refusal("session.not_from_here"), call.context);
    }
    if (request.method == "DELETE") {
        co_return end_session(call);
    }
    if (request.method != "POST") {
        co_return problem(view::method_not_allowed("GET, HEAD, POST, DELETE"), call.context);
    }
    co_return co_await begin_session(call);
}

http::Response AdminApi::show_session(AdminCall& call) {
    const auto session = find_session(call.request, !is_background(call.request));
    if (!session) {
        return problem(ports::Refusal("session.over"), call.context);
    }
    auto response = json_answer(200, session_view(*session));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

http::Response AdminApi::end_session(AdminCall& call) {
    const auto session = find_session(call.request, false);
    if (session) {
        if (!crypto::equal_in_constant_time(call.request.header("X-CSRF-Token"), session->csrf)) {
            return problem(ports::Refusal("session.not_from_here"), call.context);
        }
        sessions_.close(session_token(call.request));
        parts_.log.write(sdk::Severity::info, "console_signed_out",
                         {{"who", "account " + session->account}, {"trace", call.context.trace}});
    }
    http::Response response(204);
    if (session && !session->sign_out_url.empty()) {
        json::Value view = json::Value::object();
        view.set("signOutUrl", session->sign_out_url);
        response = json_answer(200, view);
    }
    set_session_cookie(response, call.request, "");
    return response;
}

sdk::Task<http::Response> AdminApi::begin_session(AdminCall& call) {
    ports::Refusal refusal;
    auto body = co_await read_body(call.request, refusal);
    if (!body) {
        co_return problem(refusal, call.context);
    }
    for (const char* member : {"name", "password", "code"}) {
        const auto& text = (*body)[member].as_string();
        if (text.empty() || text.size() > secret_bytes_max || body->members().size() != 3) {
            co_return problem(view::bad_member(member), call.context);
        }
    }
    const auto name = (*body)["name"].as_string();
    const auto shown = is_account_name(name) ? name : std::string("?");
    // A name may be anything, also somebody's number: what is logged is one of ours, or none.
    const auto address = "address " + call.request.peer_address;
    const auto account_key = "account " + name;
    const auto now = parts_.clock.steady();
    const auto wait =
        std::max(account_guesses_.wait(account_key, now), address_guesses_.wait(address, now));
    if (wait.count() > 0) {
        parts_.log.write(sdk::Severity::warning, "console_sign_in_throttled",
                         {{"who", shown}, {"trace", call.context.trace}});
        auto response =
            problem(ports::Refusal("session.wait", {{"seconds", std::to_string(wait.count())}}),
                    call.context);
        response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
        co_return response;
    }
    // Counted before it is known: many at once are many guesses.
    account_guesses_.failed(account_key, now);
    address_guesses_.failed(address, now);
    auto password = (*body)["password"].as_string();
    auto code = (*body)["code"].as_string();
    const auto account = co_await accounts_.verify(name, std::move(password), std::move(code));
    if (!account) {
        const bool busy = account.error().is(core::Errc::rate_limited);
        co_return problem(busy ? ports::Refusal("session.wait", {{"seconds", "1"}})
                               : view::refusal_of(account.error()),
                          call.context);
    }
    if (!account->has_value()) {
        parts_.log.write(sdk::Severity::warning, "console_sign_in_refused",
                         {{"who", shown}, {"trace", call.context.trace}});
        parts_.metrics.count("sluse_console_sign_ins_total", {{"answer", "refused"}}, 1);
        // Of accounts there are: how often one can be guessed at is bounded, and so is the audit.
        const auto known = co_await accounts_.all();
        const auto is_it = [&](const Account& one) { return one.name == name; };
        if (known && std::any_of(known->begin(), known->end(), is_it)) {
            co_await keep_sign_in(call, name, "sign_in_refused");
        }
        co_return problem(ports::Refusal("session.refused"), call.context);
    }
    account_guesses_.succeeded(account_key);
    address_guesses_.succeeded(address);
    const auto token = sessions_.open(parts_.ids, name, (*account)->grants, parts_.clock.steady());
    parts_.log.write(sdk::Severity::info, "console_signed_in",
                     {{"who", "account " + name}, {"trace", call.context.trace}});
    parts_.metrics.count("sluse_console_sign_ins_total", {{"answer", "signed_in"}}, 1);
    co_await keep_sign_in(call, name, "signed_in");
    const auto session = sessions_.find(token, parts_.clock.steady(), true);
    if (!session) {
        co_return problem(ports::Refusal("session.over"), call.context);
    }
    auto response = json_answer(201, session_view(*session));
    set_session_cookie(response, call.request, token);
    co_return response;
}

/// Nobody's act yet, and in the audit all the same. Where it cannot be written the log has it.
sdk::Task<void> AdminApi::keep_sign_in(AdminCall& call, std::string account, std::string act) {
    AuditEntry entry;
    entry.at = parts_.clock.now();
    entry.who = "account " + account;
    entry.act = std::move(act);
    entry.trace = call.context.trace;
    call.audit.push_back(std::move(entry));
    (void)co_await keep_audit(call);
}

}   // namespace gateway::admin
