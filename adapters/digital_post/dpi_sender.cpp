#include "adapters/digital_post/dpi_sender.hpp"

#include "adapters/digital_post/dpi_exchange.hpp"
#include "adapters/digital_post/dpi_manifest.hpp"
#include "adapters/digital_post/dpi_message.hpp"
#include "gateway/crypto/jws.hpp"
#include "gateway/runtime/crash_point.hpp"

namespace gateway::digital_post {

using sdk::Outcome;
using sdk::Verdict;

namespace {

/// How long a message whose answer was lost may take to show at corner 2: the access point may
/// still be storing what it has read.
constexpr std::chrono::seconds settling{120};

Outcome outcome_of_look_up(const sdk::RegisterFailure& failure) {
    Outcome outcome(failure.passing ? Verdict::try_later : Verdict::rejected, failure.code,
                    failure.params);
    outcome.retry_after = failure.retry_after;
    return outcome;
}

Outcome unusable(const char* dataset) {
    return Outcome(Verdict::try_later, "digital_post.register_unusable", {{"dataset", dataset}});
}

/// An operator's certificate that does not pass: another channel may carry a digital letter, but
/// all that is to be printed waits for the print service.
Outcome certificate_outcome(bool is_print, const Doubt& doubt) {
    const bool waits = is_print || doubt.passing;
    Outcome outcome(waits ? Verdict::try_later : Verdict::rejected,
                    "digital_post.mailbox_certificate_unusable");
    if (is_print) {
        outcome.code = "digital_post.print_certificate_unusable";
    }
    outcome.params.emplace_back("reason", doubt.finding.code.value);
    return outcome;
}

/// When an attempt of this delivery last sent something; nothing when none has.
std::optional<core::Time> last_sent(const sdk::Progress& progress) {
    const auto kept = json::parse(progress.value());
    if (!kept) {
        return std::nullopt;
    }
    const auto at = core::parse_rfc3339((*kept)["sentAt"].as_string());
    return at ? std::optional(*at) : std::nullopt;
}

std::string sent_now(core::Time now) {
    json::Value made;
    made.set("sentAt", core::to_rfc3339(now));
    return json::write(made);
}

}   // namespace

sdk::Task<Outcome> LetterSender::send(const core::Delivery& delivery, sdk::Progress& progress,
                                      sdk::Deadline deadline) {
    const auto letter = read_letter(delivery, settings_);
    if (!letter) {
        // Content and settings were checked at accept: another shape now is a fault of ours.
        co_return Outcome(Verdict::rejected, "service.internal");
    }
    auto planning = co_await plan(*letter, deadline);
    if (!planning.plan) {
        co_return std::move(planning.outcome);
    }
    const auto channel = channel_name(settings_.channel, delivery.tenant, delivery.system);
    const auto noted = co_await channels_.use(channel);
    if (!noted) {
        co_return Outcome(Verdict::try_later, "service.storage_failed");
    }
    auto own = co_await own_certificate();
    if (!own.signer) {
        co_return std::move(own.outcome);
    }
    const auto parties = parties_of(settings_, delivery.tenant);
    const Plan& whom = *planning.plan;
    const PackageOrder order(*letter, manifest_xml(*letter, parties, whom.destination.mailbox),
                             own.signer->chain, whom.destination.certificate);
    Packer packer(host_, order);
    auto packing = co_await packer.pack();
    if (!packing.package) {
        co_return std::move(packing.outcome);
    }
    GATEWAY_CRASH_POINT("digital_post.packed");
    const Attempt attempt(*letter, whom, *own.signer, *packing.package, channel);
    auto outcome = co_await post(attempt, progress, deadline);
    if (outcome.verdict == Verdict::accepted) {
        for (const auto& note : whom.notes) {
            progress.note(note.code, note.params);
        }
    }
    co_return outcome;
}

sdk::Task<LetterSender::Planning> LetterSender::plan(const Letter& letter, sdk::Deadline deadline) {
    for (int look = 1;; ++look) {
        const bool fresh = look > 1;   // a certificate that was kept may have been renewed
        Planning planning;
        if (letter.is_print()) {
            planning = co_await plan_print(letter, fresh, deadline);
        } else {
            planning = co_await plan_digital(letter, fresh, deadline);
        }
        if (!planning.plan) {
            co_return planning;
        }
        const auto doubt =
            co_await trust_.judge_recipient(planning.plan->destination.certificate, deadline);
        if (!doubt) {
            co_return planning;
        }
        if (fresh || doubt->passing) {
            co_return Planning(certificate_outcome(letter.is_print(), *doubt));
        }
    }
}

sdk::Task<sdk::RegisterAnswer> LetterSender::look_in(const char* dataset, std::string key,
                                                     const core::TenantId& tenant, bool fresh,
                                                     sdk::Deadline deadline) {
    sdk::RegisterQuery query;
    query.tenant = tenant;
    query.dataset = dataset;
    query.keys.push_back(std::move(key));
    query.fresh = fresh;
    co_return co_await host_.registers.look_up(std::move(query), deadline);
}

sdk::Task<LetterSender::Planning> LetterSender::plan_digital(const Letter& letter, bool fresh,
                                                             sdk::Deadline deadline) {
    const core::TenantId& tenant = letter.delivery->tenant;
    std::string person = letter.content["recipient"]["person"].as_string();
    const auto answer = co_await look_in("contact", std::move(person), tenant, fresh, deadline);
    if (answer.failure) {
        co_return Planning(outcome_of_look_up(*answer.failure));
    }
    if (answer.entries.size() != 1) {
        co_return Planning(unusable("contact"));
    }
    const json::Value& value = answer.entries.front().value;
    if (value.is_null()) {
        co_return Planning(Outcome(Verdict::rejected, "digital_post.no_mailbox"));
    }
    const auto contact = read_contact(value);
    if (!contact) {
        co_return Planning(unusable("contact"));
    }
    if (auto refusal = refusal_of(*contact, letter.content["ignoreReservation"].as_bool())) {
        co_return Planning(std::move(*refusal));
    }
    auto notices =
        order_notices(letter.content["notify"], *contact, settings_.notice_days, host_.clock.now());
    Plan made;
    made.destination = *contact->destination;
    made.body = digital_body(letter, parties_of(settings_, tenant), made.destination.mailbox,
                             notices.order, contact->language);
    made.notes = std::move(notices.notes);
    co_return Planning(std::move(made));
}

sdk::Task<LetterSender::Planning> LetterSender::plan_print(const Letter& letter, bool fresh,
                                                           sdk::Deadline deadline) {
    if (letter.content["confidentiality"]["gradedAddress"].as_bool()) {
        co_return Planning(Outcome(Verdict::rejected, "letter.graded_address_not_printed"));
    }
    if (!letter.content["address"].is_object()) {
        co_return Planning(Outcome(Verdict::rejected, "letter.address_missing"));
    }
    if (!letter.content["sender"]["returnAddress"].is_object() &&
        !letter.route.print.return_address) {
        co_return Planning(Outcome(Verdict::rejected, "digital_post.return_address_missing"));
    }
    const core::TenantId& tenant = letter.delivery->tenant;
    std::string only_entry;
    const auto answer = co_await look_in("print", std::move(only_entry), tenant, fresh, deadline);
    if (answer.failure) {
        co_return Planning(outcome_of_look_up(*answer.failure));
    }
    const auto destination =
        answer.entries.size() == 1 ? read_print(answer.entries.front().value) : std::nullopt;
    if (!destination) {
        co_return Planning(unusable("print"));
    }
    Plan made;
    made.destination = *destination;
    made.body = print_body(letter, parties_of(settings_, tenant));
    if (!letter.content["print"]["duplex"].as_bool(true)) {
        made.notes.emplace_back("digital_post.sides_not_chosen", core::Params());
    }
    co_return Planning(std::move(made));
}

sdk::Task<LetterSender::OwnCertificate> LetterSender::own_certificate() {
    OwnCertificate own;
    const auto chain = co_await host_.keys.certificate_chain();
    if (!chain || chain->empty()) {
        own.outcome = Outcome(Verdict::try_later, "digital_post.key_unavailable");
        co_return own;
    }
    auto judged = co_await trust_.judge_own(*chain, settings_.organisation);
    if (judged) {
        own.signer = std::move(*judged);
        co_return own;
    }
    if (judged.error().code.value == "seal.organisation_other") {
        own.outcome = Outcome(Verdict::try_later, "digital_post.certificate_not_ours",
                              {{"organisation", settings_.organisation}});
        co_return own;
    }
    own.outcome = Outcome(Verdict::try_later, judged.error().code, judged.error().params);
    co_return own;
}

/// With a token, and once with a new one: the message holds the token, so it is signed anew.
sdk::Task<Outcome> LetterSender::post(const Attempt& attempt, sdk::Progress& progress,
                                      sdk::Deadline deadline) {
    const core::Delivery& delivery = *attempt.letter.delivery;
    const bool sent_before = !progress.value().empty();
    const auto wish = sending_token(settings_, delivery.tenant);
    for (int tries = 1;; ++tries) {
        const auto answer = co_await host_.tokens.token(wish, deadline);
        if (!answer.token) {
            co_return outcome_of(answer.failure);
        }
        const auto jws = co_await sign(attempt, answer.token->value);
        if (!jws) {
            co_return Outcome(Verdict::try_later, "digital_post.key_unavailable");
        }
        const auto kept = co_await progress.remember(sent_now(host_.clock.now()));
        if (!kept) {   // nothing more may be done by who no longer holds the delivery
            co_return Outcome(Verdict::try_later, "attempt_interrupted");
        }
        auto request =
            send_request(settings_.base_url, attempt.channel, "sluse-" + delivery.id.to_string(),
                         *jws, *attempt.package.envelope);
        authorise(request, answer.token->value);
        GATEWAY_CRASH_POINT("digital_post.before_post");
        auto response = co_await host_.http.send(std::move(request), deadline);
        GATEWAY_CRASH_POINT("digital_post.after_post");
        if (!response) {
            co_return sdk::outcome_of_failure(response.error(), sdk::Effect::possible);
        }
        if (response->status != 401 || tries > 1) {
            co_return co_await conclude(delivery, sent_before, std::move(*response), deadline);
        }
        host_.tokens.invalidate(wish, answer.token->value);
    }
}

sdk::Task<core::Result<std::string>> LetterSender::sign(const Attempt& attempt,
                                                        const std::string& token) {
    const Letter& letter = attempt.letter;
    MessageFacts facts;
    facts.now = host_.clock.now();
    facts.receiver = attempt.plan.destination.organisation;
    facts.package_sha256 = attempt.package.sha256;
    facts.token = token;
    const auto message = business_message(letter, parties_of(settings_, letter.delivery->tenant),
                                          attempt.plan.body, facts);
    auto input =
        crypto::jws_signing_input(jws_header(attempt.signer.chain.front()), json::write(message));
    const auto signature = co_await host_.keys.sign_rs256(input);
    if (!signature) {
        co_return signature.error();
    }
    co_return crypto::jws_compact(std::move(input), *signature);
}

/// A refusal of what may be there already is held against corner 2's own list.
sdk::Task<Outcome> LetterSender::conclude(const core::Delivery& delivery, bool sent_before,
                                          sdk::HttpResponse response, sdk::Deadline deadline) {
    auto outcome = outcome_of_sending(response);
    if (outcome.verdict == Verdict::accepted) {
        outcome.upstream_reference = message_id(delivery);
        co_return outcome;
    }
    const bool id_is_used = says_id_is_used(response);
    if (!id_is_used && !(sent_before && outcome.verdict == Verdict::rejected)) {
        co_return outcome;
    }
    auto found = co_await find(delivery, deadline);
    if (found.verdict == Verdict::accepted || found.verdict == Verdict::rejected) {
        co_return found;
    }
    if (found.verdict == Verdict::not_found && !id_is_used) {
        co_return outcome;
    }
    if (found.verdict == Verdict::not_found) {
        found.code = "digital_post.id_used_unseen";
        found.upstream_text = std::move(outcome.upstream_text);
    }
    found.verdict = Verdict::unknown;
    co_return found;
}

/// accepted, not_found, try_later; rejected only when corner 2 says that it failed for good.
sdk::Task<Outcome> LetterSender::find(const core::Delivery& delivery, sdk::Deadline deadline) {
    Client::Build build = [&] {
        return statuses_request(settings_.base_url, message_id(delivery));
    };
    auto reply = co_await client_.call(sending_token(settings_, delivery.tenant), std::move(build),
                                       deadline);
    if (!reply.response) {
        reply.outcome.verdict = Verdict::try_later;   // says nothing of the letter
        co_return std::move(reply.outcome);
    }
    const auto statuses = read_statuses(*reply.response);
    if (!statuses) {
        auto failed = outcome_without_effect(*reply.response);
        failed.verdict = Verdict::try_later;
        co_return failed;
    }
    if (statuses->empty()) {
        co_return Outcome(Verdict::not_found);
    }
    const Status& last = latest(*statuses);
    if (last.passage == Passage::failed) {
        Outcome failed(Verdict::rejected, "digital_post.not_forwarded");
        failed.upstream_reference = message_id(delivery);
        failed.upstream_text = sdk::peer_text(last.description);
        co_return failed;
    }
    Outcome outcome(Verdict::accepted, "looked_up");
    outcome.upstream_reference = message_id(delivery);
    co_return outcome;
}

sdk::Task<Outcome> LetterSender::look_up(const core::Delivery& delivery,
                                         const sdk::Progress& progress, sdk::Deadline deadline) {
    auto outcome = co_await find(delivery, deadline);
    const auto sent = last_sent(progress);
    if (outcome.verdict != Verdict::not_found || !sent) {
        co_return outcome;
    }
    const auto age = host_.clock.now() - *sent;
    if (age >= core::Duration::zero() && age < settling) {
        Outcome early(Verdict::try_later, "digital_post.unsettled");
        early.retry_after = std::chrono::ceil<std::chrono::seconds>(settling - age);
        co_return early;
    }
    co_return outcome;
}

}   // namespace gateway::digital_post
