#include "adapters/fiks_io/receiver_intake.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <array>
#include <utility>

namespace gateway::fiks_io {

using core::Errc;

namespace {

constexpr std::chrono::seconds answer_time{30};

/// Names a message without an id of its own: the same when it is delivered again.
std::string mark_of(const amqp::MessageHead& head) {
    std::string all = std::to_string(head.body_bytes);
    for (const auto& [name, value] : head.headers) {
        all += '\n' + name + '=' + value;
    }
    return crypto::sha256(all).to_hex();
}

}   // namespace

sdk::Task<void> Intake::keep(Item& item) {
    for (;;) {
        const auto kept = co_await try_to_keep(item);
        if (kept == Kept::yes) {
            break;
        }
        co_await wait(item, "service.storage_failed");
        if (kept == Kept::again) {
            item.arrived.package.reset();
            co_await open(item);
        }
    }
    stored_.add(item.arrived.envelope.id);
    item.goes_on();
}

sdk::Task<Intake::Kept> Intake::try_to_keep(Item& item) {
    const MessageType* type = item.arrived.type;
    const bool is_answer = type != nullptr && type->means && !item.arrived.envelope.answers.empty();
    if (is_answer && (item.fault.empty() || item.answer_unreadable)) {
        co_return co_await keep_answer(item);
    }
    if (!item.fault.empty()) {
        co_return co_await quarantine(item);
    }
    co_return co_await keep_message(item);
}

sdk::Task<Intake::Kept> Intake::keep_message(Item& item) {
    auto message = message_of(item.arrived);
    GATEWAY_CRASH_POINT("fiks_io.before_store");
    const auto kept = co_await host_.inbound.message(std::move(message));
    if (!kept) {
        if (kept.error().is(Errc::not_found)) {
            co_return Kept::again;
        }
        if (kept.error().is(Errc::invalid_argument) || kept.error().is(Errc::too_large)) {
            set_aside(item, "fiks_io.not_storable");
            co_return co_await quarantine(item);
        }
        say_not_stored(kept.error());
        co_return Kept::later;
    }
    GATEWAY_CRASH_POINT("fiks_io.stored");
    host_.metrics.count("sluse_fiks_io_received_total",
                        {{"kept", kept->kept == sdk::Kept::stored ? "stored" : "duplicate"}});
    if (kept->kept == sdk::Kept::duplicate) {
        co_await answer_again(item, *kept);
    }
    co_return Kept::yes;
}

sdk::Task<Intake::Kept> Intake::keep_answer(Item& item) {
    std::optional<core::DeliveryId> delivery;
    const auto told = co_await keep_receipt(item, delivery);
    if (told != Kept::yes) {
        co_return told;
    }
    if (!delivery) {
        set_aside(item, "fiks_io.answer_to_unknown");
    }
    if (!delivery || item.answer_unreadable) {
        co_return co_await quarantine(item);
    }
    if (!is_for_inbox(item.arrived)) {
        co_return Kept::yes;
    }
    auto message = message_of(item.arrived);
    message.in_reply_to = *delivery;
    const auto kept = co_await host_.inbound.message(std::move(message));
    if (kept) {
        co_return Kept::yes;
    }
    if (kept.error().is(Errc::not_found)) {
        co_return Kept::again;
    }
    if (kept.error().is(Errc::invalid_argument) || kept.error().is(Errc::too_large)) {
        set_aside(item, "fiks_io.not_storable");
        co_return co_await quarantine(item);
    }
    say_not_stored(kept.error());
    co_return Kept::later;
}

/// An answer may be here before the outcome of what it answers is stored: that is looked for a few
/// times. Where the answer to our sending was lost, the correlation we gave tells.
sdk::Task<Intake::Kept> Intake::keep_receipt(Item& item,
                                             std::optional<core::DeliveryId>& delivery) {
    constexpr std::array<std::chrono::milliseconds, 4> pauses{
        std::chrono::milliseconds(0), std::chrono::milliseconds(300),
        std::chrono::milliseconds(700), std::chrono::milliseconds(2000)};
    const Envelope& envelope = item.arrived.envelope;
    for (const auto pause : pauses) {
        if (pause.count() > 0) {
            co_await host_.clock.sleep_until(host_.clock.steady() + pause);
        }
        const auto found = co_await host_.inbound.delivery_of(envelope.answers);
        if (!found) {
            say_not_stored(found.error());
            co_return Kept::later;
        }
        auto candidate = *found;
        if (!candidate) {
            if (const auto ours = core::parse_uuid(envelope.correlation)) {
                candidate = core::DeliveryId(*ours);
            }
        }
        if (!candidate) {
            continue;
        }
        sdk::ReceiptNews news;
        news.delivery = *candidate;
        news.receipt = receipt_of(item.arrived, item.answer_unreadable);
        GATEWAY_CRASH_POINT("fiks_io.before_receipt");
        const auto kept = co_await host_.inbound.receipt(std::move(news));
        if (!kept) {
            say_not_stored(kept.error());
            co_return Kept::later;
        }
        if (*kept != sdk::Kept::unknown) {
            host_.metrics.count("sluse_fiks_io_receipts_total", {{"type", envelope.type}});
            delivery = candidate;
            break;
        }
    }
    co_return Kept::yes;
}

/// Kept with its bytes; its sender is told where the protocol has an answer for it.
sdk::Task<Intake::Kept> Intake::quarantine(Item& item) {
    const Arrived& arrived = item.arrived;
    sdk::Oddity oddity;
    oddity.tenant = arrived.account->tenant;
    const bool named = !arrived.envelope.id.empty();
    oddity.dedupe_id =
        (named ? arrived.envelope.id : mark_of(item.message.head)) + "/" + item.fault.value;
    oddity.code = item.fault;
    oddity.params = item.params;
    oddity.media_type = "application/pkcs7-mime";
    const MessageType* type = arrived.type;
    if (type != nullptr && type->opens() && named && !arrived.envelope.sender.empty()) {
        Memo memo(arrived.account->account, arrived.envelope);
        memo.error = type->invalid.empty() ? type->not_taken : type->invalid;
        oddity.tell_when_stored = !memo.error.empty();
        oddity.memo = memo.write();
    }
    const bool attached = co_await attach(item, oddity);
    if (!attached) {
        co_return Kept::later;
    }
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    if (!kept) {
        say_not_stored(kept.error());
        co_return Kept::later;
    }
    host_.log.write(sdk::Severity::error, "fiks_io.message_set_aside",
                    {{"code", item.fault.value}, {"message", arrived.envelope.id}});
    host_.metrics.count("sluse_fiks_io_set_aside_total", {{"code", item.fault.value}});
    co_return Kept::yes;
}

/// Its bytes: with it while they are few, else as a document.
sdk::Task<bool> Intake::attach(const Item& item, sdk::Oddity& oddity) {
    constexpr std::uint64_t raw_max = 1U << 20U;
    constexpr std::size_t piece = 64U << 10U;
    if (!item.has_bytes()) {
        oddity.media_type = "application/json";
        oddity.raw = Memo(item.arrived.account->account, item.arrived.envelope).write();
        co_return true;
    }
    const auto source = item.open();
    if (item.size() <= raw_max) {
        auto bytes = co_await sdk::read_all(*source, raw_max);
        if (!bytes) {
            say_not_stored(bytes.error());
            co_return false;
        }
        oddity.raw = std::move(*bytes);
        co_return true;
    }
    auto sink = co_await host_.documents.create(item.arrived.account->tenant, item.size());
    if (!sink) {
        say_not_stored(sink.error());
        co_return false;
    }
    std::string room(piece, '\0');
    for (;;) {
        const auto count = co_await source->read(room);
        if (!count) {
            say_not_stored(count.error());
            co_return false;
        }
        if (*count == 0) {
            break;
        }
        const std::span<const char> bytes(room.data(), *count);
        const auto written = co_await (*sink)->write(bytes);
        if (!written) {
            say_not_stored(written.error());
            co_return false;
        }
    }
    auto document = co_await (*sink)->commit();
    if (!document) {
        say_not_stored(document.error());
        co_return false;
    }
    document->name = "melding.p7m";
    document->media_type = oddity.media_type;
    oddity.documents.push_back(std::move(*document));
    co_return true;
}

/// A message that was sent again: its sender may never have had the answer to the first.
sdk::Task<void> Intake::answer_again(const Item& item, const sdk::InboundKept& kept) {
    const Arrived& arrived = item.arrived;
    if (stored_.holds(arrived.envelope.id) || !kept.settled || !arrived.type->opens()) {
        co_return;   // the same delivery once more, or there is no answer yet
    }
    sdk::InboundSettled what;
    what.item = kept.item;
    what.tenant = arrived.account->tenant;
    what.memo = Memo(arrived.account->account, arrived.envelope).write();
    what.settlement = *kept.settled;
    what.reason = kept.reason;
    what.quarantined = kept.quarantined;
    what.code = kept.code;
    const auto outcome = co_await answers_.settled(std::move(what), host_.clock.in(answer_time));
    if (outcome.verdict != sdk::Verdict::accepted) {
        host_.log.write(sdk::Severity::warning, "fiks_io.not_answered_again",
                        {{"code", outcome.code.value}});
    }
}

void Intake::say_not_stored(const core::Failure& failure) {
    host_.log.write(sdk::Severity::warning, "fiks_io.message_not_stored",
                    {{"error", failure.to_string()}});
}

}   // namespace gateway::fiks_io
