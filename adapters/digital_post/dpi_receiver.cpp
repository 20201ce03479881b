#include "adapters/digital_post/dpi_receiver.hpp"

#include "adapters/digital_post/dpi_exchange.hpp"
#include "adapters/digital_post/dpi_text.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/sdk/poll_pace.hpp"

#include <algorithm>

namespace gateway::digital_post {

namespace {

constexpr int page_size = 100;
constexpr int pages_max = 100;   // of one channel in one round: the others have their turn too
constexpr std::chrono::seconds call_time_max{30};
constexpr std::size_t settled_max = 100'000;

/// After which a letter's fate is known: what comes later is more, not instead.
bool settles(sdk::ReceiptKind kind) {
    switch (kind) {
    case sdk::ReceiptKind::delivered:
    case sdk::ReceiptKind::read:
    case sdk::ReceiptKind::returned:
    case sdk::ReceiptKind::failed: return true;
    default: return false;
    }
}

}   // namespace

void Settled::add(const core::DeliveryId& delivery) {
    if (!all_.insert(delivery).second) {
        return;
    }
    order_.push_back(delivery);
    if (order_.size() > settled_max) {
        all_.erase(order_.front());
        order_.pop_front();
    }
}

sdk::Task<void> ReceiptPoller::run() {
    sdk::PollPace pace(settings_.poll_every);
    for (;;) {
        const bool good = co_await round();
        co_await host_.clock.sleep_until(host_.clock.steady() + pace.after(good));
    }
}

sdk::Task<bool> ReceiptPoller::round() {
    auto channels = co_await channels_.all();
    if (!channels) {
        host_.log.write(sdk::Severity::warning, "digital_post.channels_unreadable",
                        {{"error", channels.error().to_string()}});
        co_return false;
    }
    if (channels->empty()) {
        // Nothing was ever sent: nobody's channel tells at least that corner 2 answers us.
        channels->push_back(settings_.channel);
    }
    bool answered = true;
    bool kept_all = true;
    for (auto& channel : *channels) {
        const auto drained = co_await drain(std::move(channel));
        answered = answered && drained.answered;
        kept_all = kept_all && drained.kept_all;
    }
    if (answered) {
        host_.inbound.alive();
    }
    co_return answered&& kept_all;
}

sdk::Task<ReceiptPoller::Drained> ReceiptPoller::drain(std::string channel) {
    for (int page = 0; page < pages_max; ++page) {
        const auto items = co_await fetch(channel);
        if (!items) {
            co_return Drained(false, false);
        }
        bool failed = false;
        bool made_room = false;
        for (const auto& item : *items) {
            const auto taken = co_await take(item);
            failed = failed || taken == Taken::failed;
            made_room = made_room || taken == Taken::done;
        }
        if (failed) {
            co_return Drained(true, false);   // what is left stands first again: later
        }
        // What was read has left the list: behind a full page there is more.
        if (!made_room || items->size() < static_cast<std::size_t>(page_size)) {
            break;
        }
    }
    co_return Drained(true, true);
}

sdk::Task<std::optional<std::vector<Unread>>> ReceiptPoller::fetch(const std::string& channel) {
    Client::Build build = [&] { return unread_request(settings_.base_url, channel, page_size); };
    const auto reply = co_await client_.call(receiving_token(settings_), std::move(build),
                                             host_.clock.in(call_time_max));
    if (reply.response) {
        auto items = read_unread(*reply.response);
        if (items) {
            co_return items;
        }
    }
    const auto outcome = reply.response ? outcome_without_effect(*reply.response) : reply.outcome;
    host_.log.write(sdk::Severity::warning, "digital_post.poll_failed",
                    {{"code", outcome.code.value}});
    host_.metrics.count("sluse_digital_post_polls_failed_total", {});
    co_return std::nullopt;
}

sdk::Task<ReceiptPoller::Taken> ReceiptPoller::take(const Unread& item) {
    const auto message = read_signed(item.jws);
    if (!message) {
        co_return co_await set_aside(item, item.id_in_url, message.error());
    }
    const auto facts = co_await read(*message);
    if (facts) {
        co_return co_await keep(item, *facts);
    }
    if (facts.error().passing) {
        // It stays where it is until somebody can say whether its signer is revoked.
        host_.log.write(sdk::Severity::warning, "digital_post.receipt_waits", {});
        co_return Taken::failed;
    }
    std::string id = id_in_payload(message->payload);
    if (id.empty()) {
        id = item.id_in_url;
    }
    co_return co_await set_aside(item, id, facts.error().finding);
}

/// Signature and signer first: nothing else of it is believed before.
sdk::Task<boost::system::result<ReceiptFacts, Doubt>>
ReceiptPoller::read(const SignedMessage& message) {
    const auto signer = co_await trust_.judge_signer(message, host_.clock.in(call_time_max));
    if (!signer) {
        const auto& doubt = signer.error();
        seal::Finding finding("digital_post.receipt_not_trusted",
                              {{"reason", doubt.finding.code.value}});
        co_return Doubt(std::move(finding), doubt.passing);
    }
    const auto& known = settings_.operators;
    if (!known.empty() && std::find(known.begin(), known.end(), *signer) == known.end()) {
        seal::Finding finding("digital_post.receipt_unknown_operator", {{"organisation", *signer}});
        co_return Doubt(std::move(finding));
    }
    auto facts = read_receipt(message.payload);
    if (!facts) {
        co_return Doubt(facts.error());
    }
    if (facts->sender_organisation != *signer) {
        seal::Finding finding("digital_post.receipt_not_trusted",
                              {{"reason", "seal.organisation_other"}});
        co_return Doubt(std::move(finding));
    }
    co_return std::move(*facts);
}

sdk::Task<ReceiptPoller::Taken> ReceiptPoller::keep(const Unread& item, const ReceiptFacts& facts) {
    sdk::ReceiptNews news;
    news.delivery = facts.conversation;
    news.receipt = facts.receipt;
    news.raw = item.jws;
    GATEWAY_CRASH_POINT("digital_post.before_receipt");
    const auto kept = co_await host_.inbound.receipt(std::move(news));
    if (!kept) {
        host_.log.write(sdk::Severity::warning, "digital_post.receipt_not_stored",
                        {{"error", kept.error().to_string()}});
        co_return Taken::failed;
    }
    if (*kept == sdk::Kept::unknown) {
        const seal::Finding stranger("digital_post.receipt_unknown_conversation");
        co_return co_await set_aside(item, facts.id, stranger);
    }
    GATEWAY_CRASH_POINT("digital_post.after_receipt");
    if (settles(facts.receipt.kind)) {
        settled_.add(facts.conversation);
    }
    host_.metrics.count("sluse_digital_post_receipts_total", {{"type", facts.type}});
    co_return co_await mark_read(facts.id);
}

sdk::Task<ReceiptPoller::Taken> ReceiptPoller::set_aside(const Unread& item, const std::string& id,
                                                         const seal::Finding& finding) {
    sdk::Oddity oddity;
    oddity.dedupe_id = "receipt/" + id + "/" + content_mark(item.jws);
    oddity.code = finding.code;
    oddity.params = finding.params;
    oddity.media_type = "application/jwt";
    oddity.raw = item.jws.substr(0, receipt_bytes_max);
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    if (!kept) {
        host_.log.write(sdk::Severity::warning, "digital_post.receipt_not_stored",
                        {{"error", kept.error().to_string()}});
        co_return Taken::failed;
    }
    host_.metrics.count("sluse_digital_post_receipts_set_aside_total",
                        {{"code", finding.code.value}});
    if (id.empty()) {
        co_return Taken::stays;   // no name to call it by
    }
    co_return co_await mark_read(id);
}

sdk::Task<ReceiptPoller::Taken> ReceiptPoller::mark_read(const std::string& id) {
    Client::Build build = [&] { return mark_read_request(settings_.base_url, id); };
    const auto reply = co_await client_.call(receiving_token(settings_), std::move(build),
                                             host_.clock.in(call_time_max));
    const int status = reply.response ? reply.response->status : 0;
    if ((status >= 200 && status < 300) || status == 404) {   // 404: read before
        co_return Taken::done;
    }
    const auto outcome = reply.response ? outcome_without_effect(*reply.response) : reply.outcome;
    host_.log.write(sdk::Severity::warning, "digital_post.not_marked_read",
                    {{"code", outcome.code.value}});
    const bool for_good =
        outcome.verdict == sdk::Verdict::rejected && status != 0 && status != 401 && status != 403;
    co_return for_good ? Taken::stays : Taken::failed;
}

}   // namespace gateway::digital_post
