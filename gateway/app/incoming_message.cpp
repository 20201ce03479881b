#include "gateway/app/incoming.hpp"
#include "gateway/json/value.hpp"

#include <utility>

namespace gateway::app {

using core::Errc;
using core::Failure;

namespace {

constexpr std::size_t dedupe_bytes_max = 200;

std::optional<Failure> mistake_in(const sdk::InboundMessage& message) {
    if (message.type.empty() || message.dedupe_id.empty() ||
        message.dedupe_id.size() > dedupe_bytes_max) {
        return Failure(Errc::invalid_argument, "type or dedupe id of an inbound message");
    }
    return std::nullopt;
}

}   // namespace

/// No route leads on: kept whole for a person.
sdk::Task<sdk::Result<sdk::InboundKept>> Incoming::message(ports::Handover from,
                                                           sdk::InboundMessage message) {
    if (const auto mistake = mistake_in(message)) {
        co_return *mistake;
    }
    sdk::Oddity oddity;
    oddity.tenant = message.tenant;
    oddity.dedupe_id = message.dedupe_id;
    oddity.code = core::Code("inbox.unrouted");
    oddity.media_type = message.raw_media_type;
    oddity.raw = std::move(message.raw);
    if (oddity.raw.empty()) {
        oddity.raw = json::write(message.content);
        oddity.media_type = "application/json";
    }
    const auto kept = co_await quarantine(std::move(from), std::move(oddity));
    if (kept.has_error()) {
        co_return kept.error();
    }
    sdk::InboundKept answer;
    answer.kept = *kept;
    answer.quarantined = true;
    co_return answer;
}

}   // namespace gateway::app
