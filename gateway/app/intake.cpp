#include "gateway/app/intake.hpp"

#include "gateway/app/message_content.hpp"
#include "gateway/route/choose.hpp"
#include "gateway/runtime/crash_point.hpp"

namespace gateway::app {
namespace {

using ports::IntakeAnswer;
using ports::IntakeRequest;
using ports::Refusal;

/// A message on its way from the wire to the store.
struct Candidate {
    std::string type;
    json::Value content;   // normalised: defaults filled in, documents resolved
    std::vector<core::DocumentRef> documents;
    route::Choice choice;
    std::string fingerprint;
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
            answer.refusal = check_channel(request, candidate, answer);
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

    /// Type, grant, schema: whoever may not send a type learns nothing about it.
    std::optional<Refusal> check_shape(const IntakeRequest& request, Candidate& candidate) const {
        const auto& name = request.message["type"].as_string();
        const auto version = request.message["version"].as_int(1);
        candidate.type = name + "/v" + std::to_string(version);
        if (!parts_.schemas.knows(candidate.type)) {
            return Refusal("message.unknown_type", {{"type", printable_type(candidate.type)}});
        }
        const std::string grant = "send:" + name;
        if (!request.caller.may(grant)) {
            return Refusal("auth.not_granted", {{"grant", grant}});
        }
        auto problems = parts_.schemas.check(candidate.type, request.message);
        if (!problems.empty()) {
            const auto how_many = std::to_string(problems.size());
            return Refusal("message.schema", {{"count", how_many}}, std::move(problems));
        }
        return std::nullopt;
    }

    sdk::Task<std::optional<Refusal>> resolve_documents(const IntakeRequest& request,
                                                        Candidate& candidate) const {
        candidate.content = request.message;
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

    /// Times, route and the rules of the channel that will carry it: all problems at once.
    std::optional<Refusal> check_channel(const IntakeRequest& request, Candidate& candidate,
                                         IntakeAnswer& answer) const {
        auto problems = check_times(candidate.content, parts_.clock.now());
        const auto configuration = parts_.configuration.current();
        candidate.choice =
            route::choose(*configuration, request.caller.tenant, candidate.content, candidate.type);
        answer.route = candidate.choice.why;
        if (candidate.choice.refusal) {
            auto refusal = *candidate.choice.refusal;
            refusal.problems.insert(refusal.problems.end(), problems.begin(), problems.end());
            return refusal;
        }
        const auto& target = candidate.choice.targets.front();
        if (const auto connection = parts_.connections.find(target.connection)) {
            const auto with = json::parse(target.with);
            auto found = connection->check(candidate.type, candidate.content,
                                           with ? *with : json::Value::object(),
                                           candidate.documents, parts_.clock.now());
            problems.insert(problems.end(), found.begin(), found.end());
        }
        if (!problems.empty()) {
            const auto how_many = std::to_string(problems.size());
            return Refusal("message.invalid", {{"count", how_many}}, std::move(problems));
        }
        return std::nullopt;
    }

    sdk::Task<void> store(const IntakeRequest& request, const Candidate& candidate,
                          IntakeAnswer& answer) {
        const auto vault = parts_.vaults.find(request.caller.tenant);
        const auto configuration = parts_.configuration.current();
        const auto lifetime = configuration->dispatch.message_lifetime;
        const MessageFacts facts{request, candidate.type, candidate.content, candidate.documents,
                                 candidate.choice.targets.front()};
        auto command = accept_command(facts, *vault, parts_.ids, parts_.clock.now(), lifetime);
        const auto id = command.message;
        GATEWAY_CRASH_POINT("intake.before_store");
        const auto stored = co_await parts_.store.accept(std::move(command));
        GATEWAY_CRASH_POINT("intake.after_store");
        if (!stored) {
            answer.refusal = refusal_of_store(stored.error());
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
