#include "gateway/admin/api.hpp"
#include "gateway/admin/session_cookies.hpp"
#include "gateway/view/refusal.hpp"

// Signing in to the console at a provider of OpenID Connect. The browser is sent away with a cookie
// that says which sign-in it began, and comes back with a code; what went wrong is a code of ours
// in the console's address, whose words the console asks for.

namespace gateway::admin {
namespace {

constexpr std::string_view provider_codes = "session.provider_";

/// Lax: the browser comes back from elsewhere. By the address people use: before us may be a proxy.
std::string pending_cookie(const core::OidcConfig& config) {
    return config.redirect_url.starts_with("https://") ? "__Host-sluse_provider" : "sluse_provider";
}

void set_pending_cookie(http::Response& response, const core::OidcConfig& config,
                        const std::string& value) {
    const bool secure = config.redirect_url.starts_with("https://");
    const auto age = value.empty() ? 0 : std::chrono::seconds(oidc_pending_time_max).count();
    response.headers.emplace_back(
        "Set-Cookie", pending_cookie(config) + "=" + value +
                          "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(age) +
                          (secure ? "; Secure" : ""));
}

http::Response to_console(const std::string& where) {
    http::Response response(303);
    response.headers.emplace_back("Location", "/console/" + where);
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

void keep_nowhere(http::Response& response) {
    if (sdk::find_header(response.headers, "Cache-Control").empty()) {
        response.headers.emplace_back("Cache-Control", "no-store");
    }
}

}   // namespace

std::shared_ptr<const core::OidcConfig> AdminApi::provider() const {
    const auto configuration = parts_.configuration.current();
    if (!configuration->admin_oidc || !oidc_.can()) {
        return nullptr;
    }
    return std::make_shared<const core::OidcConfig>(*configuration->admin_oidc);
}

sdk::Task<http::Response> AdminApi::provider_session(http::Request& request,
                                                     texts::ProblemContext context) {
    AdminCall call(request, std::move(context), "");
    const bool is_return = request.path == core::oidc_redirect_path;
    if (!is_return && request.path != "/admin/v1/session/provider") {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    const bool begins = !is_return && request.method == "POST";
    if (!begins && request.method != "GET" && request.method != "HEAD") {
        co_return problem(view::method_not_allowed(is_return ? "GET, HEAD" : "GET, HEAD, POST"),
                          call.context);
    }
    http::Response response;
    if (is_return) {
        response = co_await return_from_provider(call);
    } else if (begins) {
        response = co_await begin_at_provider(call);
    } else {
        response = show_provider(call);
    }
    keep_nowhere(response);
    co_return response;
}

/// Whether one may sign in there, and the words of a refusal one came back with.
http::Response AdminApi::show_provider(AdminCall& call) {
    json::Value view = json::Value::object();
    view.set("offered", provider() != nullptr);
    const core::Code refused(oidc_only_value(call.request, "refused"));
    if (refused.value.starts_with(provider_codes) && texts::knows(refused)) {
        auto said =
            texts::problem_json(refused, {}, {}, call.context, texts::problem_status(refused));
        view.set("problem", std::move(said.body));
    }
    return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::begin_at_provider(AdminCall& call) {
    if (is_from_elsewhere(call.request)) {
        co_return problem(ports::Refusal("session.not_from_here"), call.context);
    }
    const auto config = provider();
    if (!config) {
        co_return problem(ports::Refusal("session.provider_off"), call.context);
    }
    const auto address = "address " + call.request.peer_address;
    const auto now = parts_.clock.steady();
    const auto wait = provider_guesses_.wait(address, now);
    if (wait.count() > 0) {
        const auto seconds = std::to_string(wait.count());
        auto response =
            problem(ports::Refusal("session.wait", {{"seconds", seconds}}), call.context);
        response.headers.emplace_back("Retry-After", seconds);
        co_return response;
    }
    provider_guesses_.failed(address, now);
    const auto started = co_await oidc_.start(config);
    if (!started) {
        tell_refused(call, started.fault);
        co_return problem(ports::Refusal(started.fault.code), call.context);
    }
    json::Value view = json::Value::object();
    view.set("url", started.value.url);
    auto response = json_answer(201, view);
    set_pending_cookie(response, *config, started.value.browser);
    co_return response;
}

sdk::Task<http::Response> AdminApi::return_from_provider(AdminCall& call) {
    const auto config = provider();
    if (!config) {
        co_return to_console("#/provider/session.provider_off");
    }
    auto browser = cookie_in(call.request, pending_cookie(*config));
    auto answer = co_await oidc_.finish(call.request, std::move(browser), config);
    if (!answer) {
        tell_refused(call, answer.fault);
        if (!answer.fault.account.empty()) {
            co_await keep_sign_in(call, answer.fault.account, "sign_in_refused");
        }
        auto response = to_console("#/provider/" + answer.fault.code.value);
        set_pending_cookie(response, *config, "");
        co_return response;
    }
    provider_guesses_.succeeded("address " + call.request.peer_address);
    auto& signed_in = answer.value;
    parts_.log.write(sdk::Severity::info, "console_signed_in",
                     {{"who", "account " + signed_in.account},
                      {"level", signed_in.level},
                      {"trace", call.context.trace}});
    parts_.metrics.count("sluse_console_sign_ins_total", {{"answer", "signed_in"}}, 1);
    co_await keep_sign_in(call, signed_in.account, "signed_in");
    Session session;
    session.account = signed_in.account;
    session.grants = std::move(signed_in.grants);
    session.provider = std::move(signed_in.config);
    session.sign_out_url = std::move(signed_in.sign_out_url);
    sessions_.close(session_token(call.request));
    const auto token = sessions_.open(parts_.ids, std::move(session), parts_.clock.steady());
    auto response = to_console("");
    set_pending_cookie(response, *config, "");
    set_session_cookie(response, call.request, token);
    co_return response;
}

void AdminApi::tell_refused(const AdminCall& call, const OidcFault& fault) const {
    const auto who = fault.account.empty() ? std::string("?") : "account " + fault.account;
    parts_.log.write(sdk::Severity::warning, "console_sign_in_refused",
                     {{"who", who},
                      {"code", fault.code.value},
                      {"why", fault.why},
                      {"trace", call.context.trace}});
    parts_.metrics.count("sluse_console_sign_ins_total", {{"answer", "refused"}}, 1);
    parts_.metrics.count("sluse_console_provider_refused_total", {{"why", fault.why}}, 1);
}

}   // namespace gateway::admin
