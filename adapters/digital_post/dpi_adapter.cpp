#include "adapters/digital_post/dpi_adapter.hpp"

#include "adapters/digital_post/dpi_exchange.hpp"
#include "adapters/digital_post/dpi_files.hpp"
#include "adapters/digital_post/dpi_message.hpp"
#include "gateway/seal/trust_expiry.hpp"

#include <array>

namespace gateway::digital_post {

DigitalPostAdapter::DigitalPostAdapter(Settings settings, Trust trust, sdk::Host& host)
    : settings_(std::move(settings)),
      trust_(std::move(trust)),
      host_(host),
      channels_(host.state),
      client_(host),
      letters_(settings_, trust_, channels_, host),
      receipts_(settings_, trust_, channels_, settled_, host) {}

sdk::Task<core::Result<void>> DigitalPostAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // a key that is away now may be there when a letter comes
}

sdk::Task<void> DigitalPostAdapter::stop(sdk::Deadline) {
    co_return;
}

/// Whether corner 2 answers us, by a question without effect; and whether we could sign.
sdk::Task<sdk::Health> DigitalPostAdapter::check_health(sdk::Deadline deadline) {
    Client::Build build = [&] { return unread_request(settings_.base_url, settings_.channel, 1); };
    const auto reply =
        co_await client_.call(receiving_token(settings_), std::move(build), deadline);
    if (!reply.response) {
        const bool no_token = reply.outcome.verdict == sdk::Verdict::rejected ||
                              !reply.outcome.code.value.starts_with("upstream.");
        co_return sdk::Health(no_token ? sdk::Condition::degraded : sdk::Condition::down,
                              reply.outcome.code, reply.outcome.params);
    }
    if (!read_unread(*reply.response)) {
        const auto outcome = outcome_without_effect(*reply.response);
        co_return sdk::Health(sdk::Condition::degraded, outcome.code, outcome.params);
    }
    const auto own = co_await letters_.own_certificate();
    if (!own.signer) {
        co_return sdk::Health(sdk::Condition::degraded, own.outcome.code, own.outcome.params);
    }
    if (const auto warning = seal::expiry_warning(own.signer->not_after, host_.clock.now())) {
        co_return sdk::Health(sdk::Condition::ready, warning->finding.code,
                              warning->finding.params);
    }
    co_return sdk::Health();
}

sdk::Task<sdk::Outcome> DigitalPostAdapter::send(const core::Delivery& delivery,
                                                 sdk::Progress& progress, sdk::Deadline deadline) {
    co_return co_await letters_.send(delivery, progress, deadline);
}

sdk::Task<sdk::Outcome> DigitalPostAdapter::look_up(const core::Delivery& delivery,
                                                    sdk::Progress& progress,
                                                    sdk::Deadline deadline) {
    co_return co_await letters_.look_up(delivery, progress, deadline);
}

/// Corner 2's own statuses, until the operators have told: a letter that never leaves corner 2 gets
/// no receipt.
sdk::Task<core::Result<sdk::Receipts>>
DigitalPostAdapter::poll_receipts(const core::Delivery& delivery, sdk::Deadline deadline) {
    if (settled_.holds(delivery.id)) {
        co_return sdk::Receipts();
    }
    Client::Build build = [&] {
        return statuses_request(settings_.base_url, message_id(delivery));
    };
    const auto reply = co_await client_.call(sending_token(settings_, delivery.tenant),
                                             std::move(build), deadline);
    if (!reply.response) {
        co_return core::Failure(core::Errc::unavailable, reply.outcome.code.value);
    }
    const auto statuses = read_statuses(*reply.response);
    if (!statuses) {
        const auto outcome = outcome_without_effect(*reply.response);
        co_return core::Failure(core::Errc::unavailable, outcome.code.value, outcome.upstream_text);
    }
    co_return receipts_of(*statuses, delivery.accepted_at, host_.clock.now());
}

sdk::Task<sdk::Outcome> DigitalPostAdapter::cancel(const core::Delivery&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::rejected, "cancel_refused");   // DPI takes nothing back
}

sdk::Task<void> DigitalPostAdapter::receive() {
    co_await receipts_.run();
}

std::span<const sdk::Capability> capabilities() {
    static const std::array<sdk::Capability, 1> all = [] {
        std::array<sdk::Capability, 1> made;
        made[0].message_type = "letter/v1";
        // Corner 2 takes an instanceIdentifier once. "Not found" is not final: a request that was
        // cut off may still be stored. Sent again under the same id, one of the two is refused.
        made[0].deduplicates = sdk::Deduplicates::upstream;
        made[0].answers_lookup = true;
        // Operators' receipts come by the receiver, but that a letter never left corner 2 is told
        // by its statuses alone: so they are not said to be pushed, and dispatch asks.
        made[0].receipts_arrive_later = true;
        made[0].attempt_time_max = std::chrono::seconds(100);
        made[0].first_receipt_after = std::chrono::seconds(10);
        made[0].limits.document_bytes_max = package_bytes_max;
        made[0].limits.documents_max = attachments_max + 1;
        return made;
    }();
    return all;
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    auto trust = Trust::make(*settings, host);
    if (!trust) {
        return trust.error();
    }
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<DigitalPostAdapter>(std::move(*settings), std::move(*trust), host));
}

}   // namespace gateway::digital_post
