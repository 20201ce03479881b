#include "gateway/app/intake.hpp"

#include "gateway/app/message_content.hpp"
#include "gateway/route/letter_rules.hpp"
#include "gateway/route/notice_lint.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <algorithm>

namespace gateway::app {
namespace {

using ports::IntakeAnswer;
using ports::IntakeRequest;
using ports::Refusal;

// A caller of a dry run waits for the contact register so long.
constexpr std::chrono::seconds contact_time_max{8};
constexpr std::chrono::seconds contact_grace{2};

/// A route's settings as JSON, until the next call. Each thread keeps those it read last: most
/// messages go the same way.
const json::Value& settings_of(const std::string& text) {
    struct Kept {
        std::string text;
        json::Value value = json::Value::object();
    };
    thread_local Kept kept;
    if (kept.text != text) {
        auto read = json::parse(text);
        kept.value = read ? std::move(*read) : json::Value::object();
        kept.text = text;
    }
    return kept.value;
}

Refusal refused_by_schema(std::vector<core::Problem> problems) {
    const auto how_many = std::to_string(problems.size());
    return Refusal("message.schema", {{"count", how_many}}, std::move(problems));
}

Refusal refused_by_schema(core::Problem problem) {
    return refused_by_schema(std::vector<core::Problem>{std::move(problem)});
}

/// A message on its way from the wire to the store.
struct Candidate {
    std::string type;
    json::Value content;   // normalised: defaults filled in, documents resolved
    std::vector<core::DocumentRef> documents;
    std::shared_ptr<const core::Configuration> configuration;   // one version for the whole way
    route::Decision decision;
};

class Intake final : public ports::Intake {
public:
    explicit Intake(IntakeParts parts) : parts_(parts) {}

    sdk::Task<IntakeAnswer> accept(IntakeRequest request) override {
        IntakeAnswer answer;
        Candidate candidate;
        answer.refusal = check_service(request);
        if (!answer.refusal) {
            answer.refusal = check_shape(request, candidate);
        }
        if (!answer.refusal) {
            answer.refusal = co_await resolve_documents(request, candidate);
        }
        if (!answer.refusal) {
            answer.refusal = co_await choose_way(request, candidate, answer);
        }
        answer.type = candidate.type;
        answer.documents = documents_of(candidate);
        if (answer.refusal || request.dry_run) {
            count(request, answer);
            co_return answer;
        }
        co_await store(request, candidate, answer);
        count(request, answer);
        co_return answer;
    }

private:
    std::optional<Refusal> check_service(const IntakeRequest& request) const {
        if (!parts_.vaults.find(request.caller.tenant)) {
            return Refusal("service.internal");
        }
        if (parts_.disk_full && !request.dry_run) {
            return Refusal("service.storage_full");
        }
        return std::nullopt;
    }

    /// Which of our types it says it is; what is wrong with that, and where.
    std::optional<Refusal> read_type(const json::Value& message, std::string& type) const {
        if (!message.is_object()) {
            return Refusal("request.not_object");
        }
        if (!message.has("type")) {
            return refused_by_schema(core::Problem("/type", "schema.required", {{"name", "type"}}));
        }
        if (!message["type"].is_string()) {
            return refused_by_schema(
                core::Problem("/type", "schema.type", {{"expected", "string"}}));
        }
        if (message.has("version") && !message["version"].is_int()) {
            return refused_by_schema(
                core::Problem("/version", "schema.type", {{"expected", "integer"}}));
        }
        const auto& name = message["type"].as_string();
        type = name + "/v" + std::to_string(message["version"].as_int(1));
        if (parts_.schemas.knows(type)) {
            return std::nullopt;
        }
        const core::Params params{{"type", printable_type(type)}};
        const char* const pointer = parts_.schemas.knows(name + "/v1") ? "/version" : "/type";
        return Refusal("message.unknown_type", params,
                       {core::Problem(pointer, "message.unknown_type", params)});
    }

    /// Type, grant, schema: whoever may not send a type learns nothing about it.
    std::optional<Refusal> check_shape(const IntakeRequest& request, Candidate& candidate) const {
        if (auto refusal = read_type(request.message, candidate.type)) {
            return refusal;
        }
        const auto& name = request.message["type"].as_string();
        const std::string grant = "send:" + name;
        if (!request.caller.may(grant)) {
            return Refusal("auth.not_granted", {{"grant", grant}});
        }
        auto problems = parts_.schemas.check(candidate.type, request.message);
        if (!problems.empty()) {
            return refused_by_schema(std::move(problems));
        }
        return std::nullopt;
    }

    sdk::Task<std::optional<Refusal>> resolve_documents(IntakeRequest& request,
                                                        Candidate& candidate) const {
        if (request.idempotency_key) {
            candidate.content = request.message;   // its fingerprint is of what the sender stated
        } else {
            candidate.content = std::move(request.message);
        }
        fill_defaults(candidate.content);
        std::vector<core::Problem> problems;
        auto documents = candidate.content.find("documents");
        for (std::size_t i = 0; documents != nullptr && i < documents->items().size(); ++i) {
            auto& document = documents->mutable_items()[i];
            const auto pointer = "/documents/" + std::to_string(i);
            std::optional<ports::StoredDocument> stored;
            if (document["part"].is_string()) {
                const auto part = request.parts.find(document["part"].as_string());
                if (part == request.parts.end()) {
                    problems.emplace_back(pointer + "/part", "request.missing_file_part",
                                          core::Params{{"part", document["part"].as_string()}});
                    continue;
                }
                stored = part->second;
            } else {
                auto known =
                    co_await known_document(request.caller, document["sha256"].as_string());
                if (!known) {
                    co_return refusal_of_store(known.error());
                }
                stored = *known;
                if (!stored) {
                    problems.emplace_back(pointer + "/sha256", "document.unknown_reference",
                                          core::Params{{"sha256", document["sha256"].as_string()}});
                    continue;
                }
            }
            resolve(document, *stored);
            candidate.documents.push_back(reference_to(document, *stored));
        }
        if (!problems.empty()) {
            const Refusal refusal(problems.front().code, problems.front().params, problems);
            co_return refusal;
        }
        co_return std::nullopt;
    }

    /// Only what the caller may read may be referred to; else a hash would be a way to other
    /// people's files.
    sdk::Task<core::Result<std::optional<ports::StoredDocument>>>
    known_document(const ports::Caller& caller, std::string hex) const {
        const auto hash = core::parse_sha256(hex);
        const auto may = co_await parts_.store.may_read_document(caller.tenant, caller.system,
                                                                 caller.sees_all(), *hash);
        if (!may) {
            co_return may.error();
        }
        if (!*may) {
            co_return std::optional<ports::StoredDocument>();
        }
        const auto record = co_await parts_.store.find_document(caller.tenant, *hash);
        if (!record) {
            co_return record.error();
        }
        if (!record->has_value()) {
            co_return std::optional<ports::StoredDocument>();
        }
        ports::StoredDocument stored;
        stored.hash = *hash;
        stored.md5_hex = (*record)->md5_hex;
        stored.size = (*record)->size;
        co_return std::optional(std::move(stored));
    }

    /// Times, policy and the rules of each channel that may carry it: all problems at once.
    sdk::Task<std::optional<Refusal>> choose_way(const IntakeRequest& request, Candidate& candidate,
                                                 IntakeAnswer& answer) const {
        const auto now = parts_.clock.now();
        candidate.configuration = parts_.configuration.current();
        route::Question question(*candidate.configuration, request.caller.tenant, candidate.type,
                                 candidate.content, now);
        auto problems = check_times(candidate.content, now);
        auto of_letter = route::check_letter(question);
        problems.insert(problems.end(), of_letter.begin(), of_letter.end());
        answer.warnings = route::warn_of_notice(candidate.content);
        candidate.decision = route::choose(question);
        if (candidate.decision.needs_contact && request.dry_run) {
            question.contact = co_await look_up_contact(request, candidate.content);
            candidate.decision = route::choose(question);
        }
        for (const auto& option : candidate.decision.options) {
            answer.route.push_back(shown(option));
            check_channel(option, candidate, now, problems, answer.warnings);
        }
        if (candidate.decision.refusal) {
            auto refusal = *candidate.decision.refusal;
            refusal.problems.insert(refusal.problems.end(), problems.begin(), problems.end());
            co_return refusal;
        }
        if (!problems.empty()) {
            core::Params params{{"count", std::to_string(problems.size())}};
            const Refusal refusal("message.invalid", std::move(params), std::move(problems));
            co_return refusal;
        }
        co_return std::nullopt;
    }

    /// What the letter breaks of a channel's rules is a problem where it may be sent, and a warning
    /// where it would only take over.
    void check_channel(const route::Option& option, const Candidate& candidate, core::Time now,
                       std::vector<core::Problem>& problems,
                       std::vector<core::Problem>& warnings) const {
        const auto connection = option.use == route::Use::passed
                                    ? nullptr
                                    : parts_.connections.find(option.target.connection);
        if (connection == nullptr) {
            return;
        }
        const auto found =
            connection->check(candidate.type, candidate.content, settings_of(option.target.with),
                              candidate.documents, now);
        if (option.use == route::Use::fall_back) {
            if (!found.empty()) {
                warnings.emplace_back("", "route.reserve_cannot_carry",
                                      core::Params{{"position", std::to_string(option.position)},
                                                   {"connection", option.target.connection.value},
                                                   {"problem", found.front().code.value}});
            }
            return;
        }
        for (const auto& one : found) {
            const bool said = std::any_of(problems.begin(), problems.end(), [&](const auto& other) {
                return other.pointer == one.pointer && other.code == one.code;
            });
            if (!said) {
                problems.push_back(one);
            }
        }
    }

    /// For a dry run alone: an accepted letter is chosen for by dispatch, before its first attempt.
    sdk::Task<std::optional<route::Contact>> look_up_contact(const IntakeRequest& request,
                                                             const json::Value& letter) const {
        sdk::RegisterQuery query;
        query.tenant = request.caller.tenant;
        query.dataset = route::contact_dataset;
        query.keys.push_back(letter["recipient"]["person"].as_string());
        parts_.log.write(sdk::Severity::info, "contact_asked",
                         {{"tenant", request.caller.tenant.value},
                          {"system", request.caller.system.value},
                          {"purpose", "delivery"},
                          {"dry_run", "true"}});
        auto task = ask(parts_.connections.registers(), std::move(query),
                        parts_.clock.in(contact_time_max));
        const auto deadline = parts_.clock.in(contact_time_max + contact_grace);
        const auto answer =
            co_await runtime::with_deadline(parts_.clock, deadline, std::move(task));
        if (answer.has_error() || answer->failure || answer->entries.size() != 1) {
            co_return std::nullopt;   // the answer then lists what it depends on
        }
        co_return route::read_contact(answer->entries.front().value);
    }

    static sdk::Task<core::Result<sdk::RegisterAnswer>>
    ask(sdk::Registers& registers, sdk::RegisterQuery query, sdk::Deadline deadline) {
        co_return co_await registers.look_up(std::move(query), deadline);
    }

    static ports::RouteChoice shown(const route::Option& option) {
        ports::RouteChoice choice;
        choice.connection = option.target.connection;
        choice.use = option.use == route::Use::chosen      ? "chosen"
                     : option.use == route::Use::possible  ? "possible"
                     : option.use == route::Use::fall_back ? "fall_back"
                                                           : "passed";
        choice.channel = option.target.channel;
        choice.why = option.why;
        choice.params = option.params;
        return choice;
    }

    sdk::Task<void> store(const IntakeRequest& request, Candidate& candidate,
                          IntakeAnswer& answer) {
        const auto vault = parts_.vaults.find(request.caller.tenant);
        const auto lifetime = candidate.configuration->dispatch.message_lifetime;
        const MessageFacts facts{request, candidate.type, candidate.content, candidate.documents,
                                 candidate.decision};
        auto command = accept_command(facts, *vault, parts_.ids, parts_.clock.now(), lifetime);
        const auto id = command.message;
        GATEWAY_CRASH_POINT("intake.before_store");
        core::Result<ports::AcceptAnswer> stored = ports::AcceptAnswer();
        if (request.correction) {
            auto replace = replace_command(*request.correction, std::move(command));
            stored = co_await parts_.store.replace(std::move(replace));
        } else {
            stored = co_await parts_.store.accept(std::move(command));
        }
        GATEWAY_CRASH_POINT("intake.after_store");
        if (!stored) {
            const bool raced = request.correction && (stored.error().is(core::Errc::conflict) ||
                                                      stored.error().is(core::Errc::not_found));
            answer.refusal =
                raced ? Refusal("message.changed_meanwhile") : refusal_of_store(stored.error());
            co_return;
        }
        switch (stored->result) {
        case ports::Accepted::accepted: answer.id = id; break;
        case ports::Accepted::same:
            answer.id = stored->message;
            answer.replayed = true;
            break;
        case ports::Accepted::conflict: answer.refusal = Refusal("idempotency.conflict"); break;
        case ports::Accepted::unknown_document:
            answer.refusal = Refusal("document.unknown_reference",
                                     {{"sha256", stored->unknown_document.to_hex()}});
            break;
        }
    }

    /// Each of the two says on its timeline which the other is.
    ports::ReplaceCommand replace_command(const ports::Correction& correction,
                                          ports::AcceptCommand message) const {
        ports::ReplaceCommand command;
        command.old = correction.old;
        command.seen = correction.seen;
        command.seen_changed = correction.seen_changed;
        command.closing.push_back(correction.closing);
        command.closing.back().params.emplace_back("replacedBy", message.message.to_string());
        ports::NewEvent replaces;
        replaces.id = parts_.ids.next<core::EventId>();
        replaces.at = message.at;
        replaces.name = "replaces";
        replaces.code = "replaces";
        replaces.params = {{"who", correction.who}, {"replaces", correction.old.to_string()}};
        message.events.push_back(std::move(replaces));
        command.message = std::move(message);
        return command;
    }

    static std::vector<ports::IntakeDocument> documents_of(const Candidate& candidate) {
        std::vector<ports::IntakeDocument> documents;
        for (const auto& document : candidate.documents) {
            ports::IntakeDocument one;
            one.name = document.name;
            one.hash = document.sha256;
            one.size = document.size;
            documents.push_back(std::move(one));
        }
        return documents;
    }

    static Refusal refusal_of_store(const core::Failure& failure) {
        if (failure.is(core::Errc::storage_full)) {
            return Refusal("service.storage_full");
        }
        if (failure.is(core::Errc::unavailable)) {
            return Refusal("service.draining");
        }
        return Refusal("service.storage_failed");
    }

    void count(const IntakeRequest& request, const IntakeAnswer& answer) const {
        const char* result = answer.refusal    ? "refused"
                             : request.dry_run ? "dry_run"
                             : answer.replayed ? "replayed"
                                               : "accepted";
        parts_.metrics.count("sluse_messages_total",
                             {{"tenant", request.caller.tenant.value}, {"result", result}}, 1);
    }

    IntakeParts parts_;
};

}   // namespace

std::unique_ptr<ports::Intake> make_intake(IntakeParts parts) {
    return std::make_unique<Intake>(parts);
}

}   // namespace gateway::app
