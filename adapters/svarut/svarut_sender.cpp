#include "adapters/svarut/svarut_sender.hpp"

#include "adapters/common/fiks/fiks_errors.hpp"
#include "adapters/svarut/svarut_sealed_source.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/seal/refusal.hpp"

#include <algorithm>

namespace gateway::svarut {

using fiks_platform::Built;
using fiks_platform::Client;
using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::chrono::seconds between_searches{30};
constexpr const char* begun_member = "begun";

/// Content and settings were checked at accept: another shape now is a fault of ours.
Outcome unreadable() {
    return Outcome(Verdict::rejected, "service.internal");
}

/// When the last attempt began that may have had an effect.
std::optional<core::Time> begun(const sdk::Progress& progress) {
    const auto kept = json::parse(progress.value());
    if (!kept || !kept->has(begun_member)) {
        return std::nullopt;
    }
    const auto at = core::parse_rfc3339((*kept)[begun_member].as_string());
    return at ? std::optional(*at) : std::nullopt;
}

std::string progress_of(std::optional<core::Time> at) {
    json::Value kept = json::Value::object();
    if (at) {
        kept.set(begun_member, core::to_rfc3339(*at));
    }
    return json::write(kept);
}

/// No connection was had: then nothing is learned, and trying again is all there is to do.
bool is_away(const Outcome& outcome) {
    return outcome.code.value == "upstream.unreachable" ||
           outcome.code.value == "upstream.timed_out" ||
           outcome.code.value.starts_with("upstream.tls_");
}

Outcome document_outcome(const core::Failure& failure) {
    const bool gone = failure.is(core::Errc::not_found) || failure.is(core::Errc::corrupted);
    return Outcome(gone ? Verdict::rejected : Verdict::try_later, "delivery.document_unreadable");
}

}   // namespace

sdk::Task<Outcome> ShipmentSender::send(const core::Delivery& delivery, sdk::Progress& progress,
                                        sdk::Deadline deadline) {
    const auto shipment = read_shipment(delivery, settings_);
    if (!shipment) {
        co_return unreadable();
    }
    if (shipment->account.empty()) {
        co_return Outcome(Verdict::rejected, "svarut.no_account");
    }
    if (begun(progress)) {
        // Whatever made it be sent again: what is there is not sent twice.
        auto found = co_await look_up(delivery, progress, deadline);
        if (found.verdict == Verdict::try_later && !is_away(found)) {
            found.verdict = Verdict::unknown;   // as it was before
        }
        if (found.verdict != Verdict::not_found) {
            co_return found;
        }
        progress.note("svarut.sent_anew", {});
    }
    std::string certificate;
    if (shipment->plan.encrypted) {
        auto key = co_await key_.get(deadline);
        if (!key.certificate) {
            co_return std::move(key.outcome);
        }
        certificate = std::move(*key.certificate);
    }
    const auto kept = co_await progress.remember(progress_of(host_.clock.now()));
    if (!kept) {
        co_return Outcome(Verdict::try_later, "attempt_interrupted");
    }
    GATEWAY_CRASH_POINT("svarut.before_send");
    auto outcome = co_await post(*shipment, certificate, deadline);
    GATEWAY_CRASH_POINT("svarut.sent");
    if (outcome.verdict == Verdict::try_later || outcome.verdict == Verdict::rejected) {
        // It did not leave or was turned away: nothing to search for.
        static_cast<void>(co_await progress.remember(progress_of(std::nullopt)));
    }
    co_return outcome;
}

sdk::Task<Outcome> ShipmentSender::post(const Shipment& shipment, const std::string& certificate,
                                        sdk::Deadline deadline) {
    const json::Value order = describe(shipment, host_.clock.now());
    Client::Build making = [&] { return build(shipment, order, certificate); };
    auto reply = co_await client_.call(std::move(making), sdk::Effect::possible, deadline);
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    if (reply.response->status >= 400) {
        co_return outcome_of_refusal(*reply.response);
    }
    const auto id = read_id(*reply.response);
    if (!id) {
        co_return sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::possible);
    }
    Outcome outcome(Verdict::accepted);
    outcome.upstream_reference = *id;
    co_return outcome;
}

sdk::Task<Built> ShipmentSender::build(const Shipment& shipment, const json::Value& order,
                                       const std::string& certificate) {
    const auto& delivery = *shipment.delivery;
    std::vector<FilePart> files;
    for (const std::size_t place : shipment.files) {
        const auto& document = delivery.documents[place];
        auto source = co_await host_.documents.open(delivery.tenant, document.sha256);
        if (!source) {
            co_return Built(document_outcome(source.error()));
        }
        FilePart part;
        part.name = document.name;
        part.media_type = document.media_type;
        part.bytes = std::move(*source);
        if (shipment.plan.encrypted) {
            auto envelope = co_await envelope_for(certificate, host_.ids, host_.work);
            if (!envelope) {
                Outcome outcome(Verdict::try_later, "svarut.no_public_key");
                co_return Built(std::move(outcome));
            }
            part.bytes = std::make_unique<SealedSource>(std::move(part.bytes), std::move(*envelope),
                                                        host_.work);
        }
        files.push_back(std::move(part));
    }
    const std::string boundary = "sluse-" + host_.ids.uuid().to_string();
    co_return Built(
        send_request(settings_.access.base_url, shipment, order, std::move(files), boundary));
}

sdk::Task<Outcome> ShipmentSender::find(const std::string& account, const std::string& reference,
                                        sdk::Deadline deadline) {
    Client::Build making = [&] {
        return plain(search_request(settings_.access.base_url, account, reference, false));
    };
    auto reply = co_await client_.call(std::move(making), sdk::Effect::none, deadline);
    if (!reply.response) {
        reply.outcome.verdict = Verdict::try_later;   // says nothing of the shipment
        co_return std::move(reply.outcome);
    }
    const auto found = read_found(*reply.response);
    if (!found) {
        auto outcome = reply.response->status == 200
                           ? sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::none)
                           : outcome_of_refusal(*reply.response);
        outcome.verdict = Verdict::try_later;
        co_return outcome;
    }
    if (found->empty()) {
        co_return Outcome(Verdict::not_found);
    }
    if (found->size() > 1) {
        host_.log.write(sdk::Severity::error, "svarut.found_more_than_once",
                        {{"count", std::to_string(found->size())}});
    }
    Outcome outcome(Verdict::accepted, "looked_up");
    outcome.upstream_reference = found->front();
    co_return outcome;
}

sdk::Task<Outcome> ShipmentSender::look_up(const core::Delivery& delivery,
                                           const sdk::Progress& progress, sdk::Deadline deadline) {
    const auto since = begun(progress);
    if (!since) {
        co_return Outcome(Verdict::not_found);   // no attempt went out
    }
    const auto with = json::parse(delivery.settings);
    const std::string account =
        with ? account_of(settings_, read_route(*with), delivery.tenant) : std::string();
    if (account.empty()) {
        co_return unreadable();
    }
    auto outcome = co_await find(account, delivery.upstream_key, deadline);
    if (outcome.verdict != Verdict::not_found) {
        co_return outcome;
    }
    const auto age = host_.clock.now() - *since;
    if (age >= core::Duration::zero() && age < settings_.believed_missing_after) {
        const auto left =
            std::chrono::ceil<std::chrono::seconds>(settings_.believed_missing_after - age);
        Outcome early(Verdict::try_later, "svarut.unsettled");
        early.retry_after = std::min(left, between_searches);
        co_return early;
    }
    co_return outcome;
}

}   // namespace gateway::svarut
