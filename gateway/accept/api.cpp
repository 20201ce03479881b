#include "gateway/accept/api.hpp"

#include "gateway/api/answering.hpp"
#include "gateway/api/request_head.hpp"
#include "gateway/runtime/known_labels.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <array>

namespace gateway::accept {
namespace {

constexpr std::string_view messages_path = "/v1/messages";
constexpr std::string_view documents_path = "/v1/documents";
constexpr std::string_view uploads_path = "/v1/uploads";
constexpr std::string_view inbox_path = "/v1/inbox";

/// Which call it is, for metrics: a bounded set of names.
std::string_view call_name(std::string_view path) {
    if (path == messages_path || path == documents_path || path == uploads_path ||
        path == "/v1/events" || path == "/v1/messages/search" || path == inbox_path) {
        return path;
    }
    if (path.starts_with(subscriptions_path)) {
        return subscriptions_path;
    }
    if (path.starts_with("/v1/inbox/")) {
        return "/v1/inbox/{id}";
    }
    if (path.starts_with(persons_path)) {
        return path == "/v1/persons/lookup" ? path : "/v1/persons/{handle}";
    }
    if (path.starts_with(organisations_path)) {
        return "/v1/organisations/lookup";
    }
    if (path.starts_with(datasets_path)) {
        return "/v1/records/{dataset}";
    }
    return path.substr(0, messages_path.size()) == messages_path       ? "/v1/messages/{id}"
           : path.substr(0, documents_path.size()) == documents_path   ? "/v1/documents/{sha256}"
           : path.substr(0, uploads_path.size() + 1) == "/v1/uploads/" ? "/v1/uploads/{id}"
                                                                       : "other";
}

/// For metrics too: a caller may send any word as a method.
std::string_view method_name(std::string_view method) {
    constexpr std::array<std::string_view, 7> known{"GET",    "HEAD",  "POST",   "PUT",
                                                    "DELETE", "PATCH", "OPTIONS"};
    const auto found = std::find(known.begin(), known.end(), method);
    return found == known.end() ? "other" : *found;
}

}   // namespace

PublicApi::PublicApi(ApiParts parts, PublicPages pages)
    : parts_(parts),
      pages_(pages),
      authenticator_(parts.store, parts.configuration, parts.sign_in, parts.clock),
      callbacks_(parts.callbacks, parts.clock, parts.metrics) {
    parts_.store.on_events([this] { news_.notify(); });
}

PublicApi::~PublicApi() {
    parts_.store.on_events({});
}

void PublicApi::begin_drain() {
    draining_ = true;
    news_.notify();
}

http::Response PublicApi::refuse(int status, std::string_view code,
                                 std::string_view accept_language) {
    return api::server_problem(status, code, parts_.configuration.current()->limits,
                               api::context_of(parts_.ids, accept_language));
}

sdk::Task<http::Response> PublicApi::handle(http::Request& request) {
    if (request.path.starts_with(callbacks_path)) {
        co_return co_await callbacks_.handle(request);
    }
    const auto began = parts_.clock.steady();
    api::Dispatch decide = [this](http::Request& asked, CallContext context) {
        return dispatch(asked, std::move(context));
    };
    const api::Answering with{parts_.ids, parts_.log, "request_failed"};
    auto response = co_await api::answer(with, request, std::move(decide));
    count_call(request, response.status, parts_.clock.steady() - began);
    co_return response;
}

void PublicApi::count_call(const http::Request& request, int status,
                           core::SteadyTime::duration took) const {
    thread_local runtime::KnownLabels counted;
    thread_local runtime::KnownLabels timed;
    const auto call = call_name(request.path);
    const std::array<char, 3> status_class{static_cast<char>('0' + status / 100), 'x', 'x'};
    parts_.metrics.count("sluse_api_requests_total",
                         counted.of({{"call", call},
                                     {"method", method_name(request.method)},
                                     {"status", {status_class.data(), status_class.size()}}}),
                         1);
    parts_.metrics.observe("sluse_api_seconds", timed.of({{"call", call}}),
                           std::chrono::duration<double>(took).count());
}

sdk::Task<http::Response> PublicApi::dispatch(http::Request& request, CallContext context) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (request.path == "/openapi.yaml" && reads) {
        co_return http::Response(200, "application/yaml; charset=utf-8",
                                 std::string(pages_.openapi_yaml));
    }
    if ((request.path == "/docs" || request.path == "/docs/") && reads) {
        http::Response page(200, "text/html; charset=utf-8", std::string(pages_.docs_html));
        page.headers.emplace_back("Content-Security-Policy",
                                  "default-src 'none'; style-src 'unsafe-inline'; script-src "
                                  "'unsafe-inline'; img-src data:; "
                                  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        co_return page;
    }
    if (request.path.substr(0, 4) != "/v1/") {
        co_return problem(ports::Refusal("request.not_found"), context);
    }
    auto identity = authenticator_.identify_at_once(request);
    if (!identity) {
        auto found = co_await authenticator_.identify(request);
        if (!found) {
            co_return problem(refusal_of(found.error()), context);
        }
        identity = std::move(*found);
    }
    if (!identity->caller) {
        co_return problem(identity->refusal, context);
    }
    if (const auto refused = api::refuse_head(request)) {
        co_return problem(*refused, context);
    }
    Call call{request, std::move(context), std::move(*identity->caller)};
    co_return co_await call_of_system(call);
}

sdk::Task<http::Response> at_once(http::Response response) {
    co_return response;
}

sdk::Task<http::Response> PublicApi::call_of_system(Call& call) {
    const std::string& method = call.request.method;
    std::string_view path = call.request.path;
    const bool reads = method == "GET" || method == "HEAD";
    if (path == messages_path) {
        if (method == "POST") {
            return post_message(call);
        }
        if (reads) {
            return search_messages(call);
        }
        return at_once(problem(view::method_not_allowed("GET, HEAD, POST"), call.context));
    }
    if (path == "/v1/messages/search") {
        if (method == "POST") {
            return search_by_body(call);
        }
        return at_once(problem(view::method_not_allowed("POST"), call.context));
    }
    if (path == documents_path) {
        if (method == "POST") {
            return post_document(call);
        }
        return at_once(problem(view::method_not_allowed("POST"), call.context));
    }
    if (path == uploads_path) {
        return call_of_uploads(call, std::string_view());
    }
    if (path.substr(0, uploads_path.size() + 1) == "/v1/uploads/") {
        return call_of_uploads(call, path.substr(uploads_path.size() + 1));
    }
    if (path == "/v1/events") {
        if (reads) {
            return get_events(call);
        }
        return at_once(problem(view::method_not_allowed("GET, HEAD"), call.context));
    }
    if (parts_.subscriptions != nullptr && path.starts_with(subscriptions_path) &&
        (path.size() == subscriptions_path.size() || path[subscriptions_path.size()] == '/')) {
        return subscriptions(call);
    }
    if (path == inbox_path || path.starts_with("/v1/inbox/")) {
        return call_of_inbox(call, path.substr(inbox_path.size()));
    }
    if (parts_.records != nullptr &&
        (path.starts_with(persons_path) || path.starts_with(organisations_path) ||
         path.starts_with(datasets_path))) {
        return call_of_records(call);
    }
    if (path.substr(0, documents_path.size() + 1) == "/v1/documents/") {
        const auto hash = core::parse_sha256(path.substr(documents_path.size() + 1));
        if (!hash) {
            return at_once(problem(ports::Refusal("document.not_found"), call.context));
        }
        if (reads) {
            return get_document(call, *hash);
        }
        return at_once(problem(view::method_not_allowed("GET, HEAD"), call.context));
    }
    if (path.substr(0, messages_path.size() + 1) == "/v1/messages/") {
        path.remove_prefix(messages_path.size() + 1);
        const auto slash = path.find('/');
        const auto id = core::MessageId::parse(path.substr(0, slash));
        const auto rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
        if (!id) {
            return at_once(problem(ports::Refusal("message.not_found"), call.context));
        }
        if (rest.empty() && reads) {
            return get_message(call, *id);
        }
        if (rest == "/events" && reads) {
            return get_timeline(call, *id);
        }
        if (rest == "/cancel" && method == "POST") {
            return cancel_message(call, *id);
        }
        if (rest.empty() || rest == "/events" || rest == "/cancel") {
            return at_once(problem(
                view::method_not_allowed(rest == "/cancel" ? "POST" : "GET, HEAD"), call.context));
        }
    }
    return at_once(problem(ports::Refusal("request.not_found"), call.context));
}

}   // namespace gateway::accept
