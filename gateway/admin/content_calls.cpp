#include "gateway/admin/api.hpp"
#include "gateway/failures/reopening.hpp"
#include "gateway/sdk/percent_encoding.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <array>

// Content by purpose: whoever has a role that may, says what for, and sees titles, names and
// documents of one municipality for a while. The opening and each document that leaves are kept in
// the audit, where the municipality's own people see them.

namespace gateway::admin {
namespace {

constexpr std::int64_t minutes_default = 30;
constexpr std::int64_t minutes_max = 60;

/// What a browser may be told it is; everything else is bytes. Nothing is ever shown in the
/// console's own origin: it is saved.
std::string safe_media_type(const std::string& said) {
    constexpr std::array<std::string_view, 4> known{"application/pdf", "image/jpeg", "image/png",
                                                    "text/plain"};
    const bool is_known = std::find(known.begin(), known.end(), said) != known.end();
    return is_known ? said : "application/octet-stream";
}

}   // namespace

bool names_a_person(std::string_view why) {
    constexpr int digits_of_a_person = 11;
    int digits = 0;
    for (const char c : why) {
        if (c >= '0' && c <= '9') {
            if (++digits == digits_of_a_person) {
                return true;
            }
        } else if (c != ' ') {
            digits = 0;
        }
    }
    return false;
}

sdk::Task<http::Response> AdminApi::open_content(AdminCall& call) {
    for (const auto& [name, value] : call.body.members()) {
        const bool known = ((name == "tenant" || name == "why") && value.is_string()) ||
                           (name == "minutes" && value.is_int());
        if (!known) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    const auto minutes = call.body["minutes"].as_int(minutes_default);
    if (minutes < 1 || minutes > minutes_max) {
        co_return problem(view::bad_member("minutes"), call.context);
    }
    if (!call.session || names_a_person(call.author.why)) {
        // A key or root is no session, and sees content anyhow.
        const auto refusal =
            call.session ? view::bad_member("why") : view::bad_parameter("session");
        co_return problem(refusal, call.context);
    }
    ports::Refusal refusal;
    const auto tenant = tenant_of(call.body["tenant"].as_string(), refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    if (!call.session->tenants.contains(tenant->value)) {
        co_return problem(ports::Refusal("session.not_allowed"), call.context);
    }
    AskedTarget target("content-open", *tenant, {}, {});
    auto waits = co_await ask_second(call, std::move(target));
    if (waits) {
        co_return std::move(*waits);
    }
    const std::chrono::minutes lasts(minutes);
    log_act(call, "content_opened",
            {{"tenant", tenant->value},
             {"minutes", std::to_string(minutes)},
             {"why", call.author.why}});
    // Kept before anything can be seen.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    sessions_.open_content(call.session->token, tenant->value, parts_.clock.steady() + lasts);
    json::Value view = json::Value::object();
    view.set("tenant", tenant->value)
        .set("until", core::to_rfc3339(parts_.clock.now() + core::Duration(lasts)));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::message_document(AdminCall& call, core::MessageId id,
                                                     std::string sha256) {
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    const auto hash = core::parse_sha256(sha256);
    if (!found->has_value() || !hash) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto& seen = **found;
    if (!seen.shows_content) {
        co_return problem(ports::Refusal("session.content_closed"), call.context);
    }
    const auto content = failures::opened_content(seen.message, *seen.vault);
    const auto& documents = content["documents"].items();
    const auto document = std::find_if(documents.begin(), documents.end(), [&](const auto& one) {
        return one["sha256"].as_string() == sha256;
    });
    if (document == documents.end()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    auto reader = co_await parts_.documents.open(seen.tenant, *hash);
    if (!reader) {
        co_return problem(view::refusal_of(reader.error()), call.context);
    }
    call.author.who = call.who;
    log_act(call, "document_read", {{"message", id.to_string()}, {"document", sha256}});
    // Kept before the first byte leaves, or none does.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    const auto size = (*reader)->size();
    http::Response response(200);
    response.headers.emplace_back("Content-Type",
                                  safe_media_type((*document)["mediaType"].as_string()));
    // RFC 8187: no quote, line end or path can come of a name.
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename*=UTF-8''" +
                                      sdk::percent_encoded((*document)["name"].as_string()));
    response.headers.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    response.headers.emplace_back("Cache-Control", "private, no-store");
    response.stream = ports::make_source(std::move(*reader), 0, size);
    co_return response;
}

}   // namespace gateway::admin
