#pragma once

// What an adapter says of an attempt, and of what came later.

#include "gateway/core/code.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::sdk {

enum class Deduplicates { upstream, receiver_by_protocol, none };

enum class Verdict {
    accepted,    // the component has it
    pending,     // progress was made and remembered: call again, not a new attempt
    rejected,    // permanent: the same request will always be refused
    try_later,   // passing: nothing took effect
    unknown,     // it may have taken effect
    not_found,   // of look_up only: the component does not have it
};

struct Outcome {
    Verdict verdict = Verdict::unknown;
    std::string upstream_reference;   // the component's id, when known
    core::Code code;                  // why, a text code
    core::Params params;
    std::optional<std::chrono::seconds> retry_after;
    /// What the component said, for the sealed part of the timeline; at most 4 KiB are kept.
    std::string upstream_text;
    /// The fault is of the target as a whole (dead, 5xx, 429): counts for the circuit breaker.
    bool target_at_fault = false;
    /// `accepted` only: no receipt will come, hand-over is all there is to know.
    bool delivered_already = false;
    /// `rejected` only: whether another channel may carry the letter instead. Left out, the owner
    /// of `code` decides: a fault of the recipient or of the component may be got around, one of
    /// the sender or of our own set-up may not, for it would follow the letter everywhere.
    std::optional<bool> other_channel_may;
    /// `accepted` only: the first receipt is overdue after this; none: as configured.
    std::optional<std::chrono::seconds> receipt_due;

    Outcome() = default;
    explicit Outcome(Verdict what, core::Code why = {}, core::Params with = {})
        : verdict(what), code(std::move(why)), params(std::move(with)) {}
};

enum class ReceiptKind {
    sent,
    delivered,
    read,
    confirmed,
    returned,
    refused,
    failed,
    cancelled,
    notice_sent,
    notice_failed,
    other
};

struct Receipt {
    std::string dedupe_id;   // the same for the same news, however often it is told
    ReceiptKind kind = ReceiptKind::other;
    core::Time at{};   // by the component's clock
    core::Code code;   // the event's code
    core::Params params;
    std::string upstream_text;
    /// Of kinds that fail a delivery: as in Outcome.
    std::optional<bool> other_channel_may;
    /// Another is to come, and is overdue after this; not of kinds that end a delivery.
    std::optional<std::chrono::seconds> next_due;
    /// What the component made of the message: object, shown as its `result`, sealed; else null.
    json::Value result;
    /// Finds the message from now on: "journal", "case", "archive"; no others.
    std::map<std::string, std::string> keys;

    Receipt() = default;
};

struct Receipts {
    std::vector<Receipt> items;
    std::optional<std::chrono::seconds> ask_again;   // none: nothing more will come

    Receipts() = default;
};

enum class Condition { ready, degraded, down };

struct Health {
    Condition condition = Condition::ready;
    core::Code code;
    core::Params params;

    Health() = default;
    explicit Health(Condition what, core::Code why = {}, core::Params with = {})
        : condition(what), code(std::move(why)), params(std::move(with)) {}
};

}   // namespace gateway::sdk
