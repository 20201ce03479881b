#include "gateway/admin/api.hpp"
#include "gateway/evidence/package_stream.hpp"
#include "gateway/failures/reopening.hpp"
#include "gateway/view/message_view.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <array>

// The evidence package of one message: what it is for and why stands in the audit, where the
// municipality sees it, before a byte leaves. With documents only for a role that sees content.

namespace gateway::admin {
namespace {

constexpr std::array<std::string_view, 6> purposes{"complaint", "access",  "supervision",
                                                   "court",     "archive", "other"};
// What the timeline may come to, as compact JSON: half of what a verifier reads.
constexpr std::size_t timeline_bytes_max = evidence::text_bytes_max / 2;

bool is_purpose(const json::Value& said) {
    return std::find(purposes.begin(), purposes.end(), said.as_string()) != purposes.end();
}

/// The role that lets this person have it; nothing: none does.
std::optional<std::string> role_that_may(const AdminCall& call, const core::TenantId& tenant,
                                         bool with_documents) {
    if (!call.session) {
        return call.who.starts_with("key ") ? "admin_key" : "machine";
    }
    const auto& matrix = AccessMatrix::instance();
    const auto* rule = matrix.find("POST", "messages/any/evidence");
    for (const auto& grant : call.session->grants) {
        const bool here = grant.tenant == "*" || grant.tenant == tenant.value;
        const bool named = rule != nullptr && std::find(rule->roles.begin(), rule->roles.end(),
                                                        grant.role) != rule->roles.end();
        if (here && named && (!with_documents || matrix.sees_content(grant.role))) {
            return grant.role;
        }
    }
    return std::nullopt;
}

/// As they were accepted; nothing when the content cannot be opened (any more).
std::optional<std::vector<evidence::AcceptedDocument>> accepted_documents(const Found& found) {
    const auto content = failures::opened_content(found.message, *found.vault);
    if (!content.is_object()) {
        return std::nullopt;
    }
    std::vector<evidence::AcceptedDocument> documents;
    for (const auto& line : content["documents"].items()) {
        const auto hash = core::parse_sha256(line["sha256"].as_string());
        if (!hash) {
            return std::nullopt;
        }
        evidence::AcceptedDocument document;
        document.name = line["name"].as_string();
        document.media_type = line["mediaType"].as_string();
        if (document.media_type.empty()) {
            document.media_type = "application/octet-stream";
        }
        document.sha256 = *hash;
        document.size = static_cast<std::uint64_t>(line["size"].as_int());
        documents.push_back(std::move(document));
    }
    return documents;
}

/// Journal and case numbers alone: a year and a sequence.
json::Value numbers_of(const json::Value& said) {
    json::Value kept;
    for (const auto& [name, value] : said.members()) {
        const bool is_number = (name == "year" || name == "sequence") && value.is_int();
        auto found = is_number ? value : numbers_of(value);
        if (!found.is_null()) {
            kept.set(name, std::move(found));
        }
    }
    return kept;
}

/// What came of it: times and ways as they are, of the component's own words numbers alone.
json::Value without_words(json::Value result, const Found& found) {
    const auto said = view::component_result(found.message, *found.vault);
    for (const auto& [name, value] : said.members()) {
        auto* there = result.find(name);
        if (there == nullptr || *there != value) {
            continue;   // of ours by the same name
        }
        if (auto numbers = numbers_of(value); numbers.is_null()) {
            result.remove(name);
        } else {
            *there = std::move(numbers);
        }
    }
    return result;
}

/// The whole timeline, or as much of it as a package holds.
void add_timeline(evidence::PackageFacts& facts, const std::vector<ports::StoredEvent>& events,
                  const Found& found, texts::Language language) {
    std::size_t bytes = 0;
    for (const auto& event : events) {
        auto line = operator_timeline_item(event, *found.vault, language);
        if (!facts.with_documents) {
            hide_content(line);
            line.remove("why");   // in somebody's own words
        }
        line.set("position", event.position);
        bytes += json::write(line).size();
        if (facts.events.size() == evidence::events_max || bytes > timeline_bytes_max) {
            facts.timeline_whole = false;
            return;
        }
        facts.events.push_back(std::move(line));
    }
}

}   // namespace

sdk::Task<http::Response> AdminApi::make_evidence(AdminCall& call, core::MessageId id) {
    for (const auto& [name, value] : call.body.members()) {
        const bool known = (name == "why" && value.is_string()) ||
                           (name == "purpose" && is_purpose(value)) ||
                           (name == "withDocuments" && value.is_bool());
        if (!known) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    if (!call.body.has("purpose")) {
        co_return problem(view::bad_member("purpose"), call.context);
    }
    if (names_a_person(call.author.why)) {
        co_return problem(view::bad_member("why"), call.context);
    }
    auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    auto& message = **found;
    evidence::PackageFacts facts;
    facts.with_documents = call.body["withDocuments"].as_bool(true);
    const auto role = role_that_may(call, message.tenant, facts.with_documents);
    if (!role) {
        co_return problem(ports::Refusal("session.not_allowed"), call.context);
    }
    AskedTarget target("evidence", message.tenant, id.to_string(), {});
    auto waits = co_await ask_second(call, std::move(target));
    if (waits) {
        co_return std::move(*waits);
    }
    const auto events =
        co_await parts_.store.timeline(message.tenant, id, evidence::events_max + 1);
    if (!events) {
        co_return problem(view::refusal_of(events.error()), call.context);
    }
    facts.gateway = parts_.version;
    facts.tenant = message.tenant;
    facts.message = id;
    facts.made_at = parts_.clock.now();
    facts.made_by = *role;
    facts.purpose = call.body["purpose"].as_string();
    facts.trace = call.context.trace;
    facts.view = operator_view(call, message, *events, true);
    if (const auto* result = facts.view.find("result")) {
        facts.result = facts.with_documents ? *result : without_words(*result, message);
    }
    if (!facts.with_documents) {
        hide_content(facts.view);
    }
    facts.view.remove("result");
    add_timeline(facts, *events, message, call.context.language);
    auto documents = accepted_documents(message);
    facts.content_readable = documents.has_value();
    if (documents) {
        facts.documents = std::move(*documents);
    }

    std::vector<std::unique_ptr<sdk::ByteSource>> bytes;
    if (facts.with_documents) {
        for (const auto& document : facts.documents) {
            auto reader = co_await parts_.documents.open(message.tenant, document.sha256);
            if (!reader && reader.error().is(core::Errc::not_found)) {
                co_return problem(ports::Refusal("evidence.document_gone"), call.context);
            }
            if (!reader) {
                co_return problem(view::refusal_of(reader.error()), call.context);
            }
            const auto size = (*reader)->size();
            bytes.push_back(ports::make_source(std::move(*reader), 0, size));
        }
    }
    log_act(call, "evidence_made",
            {{"message", id.to_string()},
             {"purpose", facts.purpose},
             {"documents", std::to_string(bytes.size())},
             {"why", call.author.why}});
    // Kept before the first byte leaves, or none does.
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    http::Response response(200);
    response.headers.emplace_back("Content-Type", "application/zip");
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"sluse-" + id.to_string() + ".zip\"");
    response.headers.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    response.headers.emplace_back("Cache-Control", "private, no-store");
    response.stream =
        evidence::stream_package(evidence::make_package(facts, *message.vault), std::move(bytes));
    co_return response;
}

}   // namespace gateway::admin
