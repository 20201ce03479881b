#include "gateway/receipt/receiving.hpp"

#include <algorithm>

namespace gateway::receipt {
namespace {

using core::DeliveryState;
using sdk::ReceiptKind;

ports::FinishCommand claimed_end(const Finishing& with, DeliveryState state) {
    ports::FinishCommand command = give_back(with.claimed, with.events.now, with.events.now);
    command.due.reset();
    command.state = state;
    command.work = core::Work::none;
    return command;
}

/// A receipt that does not come is said once. One that moved the delivery meanwhile has taken the
/// watch away, or set another.
void watch_overdue(ports::FinishCommand& command, const Finishing& with) {
    const auto& overdue_at = with.claimed.row.overdue_at;
    if (!overdue_at || command.state != with.claimed.row.state) {
        return;
    }
    if (*overdue_at <= with.events.now) {
        command.overdue_said = true;
        command.events.push_back(with.events.make("overdue", {}, {}));
    } else if (command.due) {
        command.due = std::min(*command.due, *overdue_at);
    }
}

}   // namespace

std::optional<DeliveryState> reached_by(ReceiptKind kind) {
    switch (kind) {
    case ReceiptKind::sent: return DeliveryState::sent;
    case ReceiptKind::delivered: return DeliveryState::delivered;
    case ReceiptKind::read:
    case ReceiptKind::confirmed: return DeliveryState::read;
    case ReceiptKind::returned:
    case ReceiptKind::refused:
    case ReceiptKind::failed: return DeliveryState::failed;
    case ReceiptKind::cancelled: return DeliveryState::cancelled;
    case ReceiptKind::notice_sent:
    case ReceiptKind::notice_failed:
    case ReceiptKind::other: break;
    }
    return std::nullopt;
}

core::FailureCause cause_of(ReceiptKind kind) {
    switch (kind) {
    case ReceiptKind::returned: return core::FailureCause::returned;
    case ReceiptKind::refused: return core::FailureCause::refused;
    default: return core::FailureCause::none;
    }
}

std::string_view event_name(ReceiptKind kind) {
    switch (kind) {
    case ReceiptKind::sent: return "sent";
    case ReceiptKind::delivered: return "delivered";
    case ReceiptKind::read: return "read";
    case ReceiptKind::confirmed: return "confirmed";
    case ReceiptKind::returned: return "returned";
    case ReceiptKind::refused:
    case ReceiptKind::failed: return "failed";
    case ReceiptKind::cancelled: return "cancelled";
    case ReceiptKind::notice_sent: return "notice_sent";
    case ReceiptKind::notice_failed: return "notice_failed";
    case ReceiptKind::other: break;
    }
    return "receipt_other";
}

ports::ReceiptCommand command_of(const Finishing& with, const sdk::Receipt& receipt) {
    ports::DeliveryKey key(with.claimed.tenant, with.claimed.row.id);
    auto command = command_of(with.events, std::move(key), receipt, {});
    command.fence = with.claimed.fence;
    return command;
}

ports::ReceiptCommand command_of(const EventMaker& events, ports::DeliveryKey key,
                                 const sdk::Receipt& receipt, std::string_view raw) {
    const auto name = event_name(receipt.kind);
    ports::ReceiptCommand command;
    command.key = std::move(key);
    command.dedupe_id = receipt.dedupe_id;
    if (command.dedupe_id.empty()) {
        command.dedupe_id = std::string(name) + "@" + core::to_rfc3339(receipt.at);
    }
    command.reached = reached_by(receipt.kind);
    command.cause = cause_of(receipt.kind);
    const bool has_time = receipt.at > core::Time{} && receipt.at < events.now;
    command.at = has_time ? receipt.at : events.now;
    command.code = receipt.code.empty() ? core::Code(std::string(name)) : receipt.code;
    command.params = receipt.params;
    auto event = events.make(name, command.code, command.params, receipt.upstream_text, raw);
    event.at = command.at;
    command.events.push_back(std::move(event));
    if (receipt.next_due) {
        command.overdue_at = events.now + *receipt.next_due;
    }
    if (receipt.result.is_object()) {
        command.sealed_result = events.seal("result", json::write(receipt.result));
    }
    return command;
}

void add_keys(ports::ReceiptCommand& command, const crypto::Vault& vault,
              const sdk::Receipt& receipt) {
    for (const auto& [name, value] : receipt.keys) {
        const auto kind = name == "journal"   ? crypto::TokenKind::journal_number
                          : name == "case"    ? crypto::TokenKind::case_id
                          : name == "archive" ? crypto::TokenKind::archive_id
                                              : crypto::TokenKind::upstream_id;
        if (!value.empty()) {
            command.tokens.emplace_back(static_cast<std::uint8_t>(kind), vault.token(kind, value));
        }
    }
}

ports::FinishCommand finish_receipts(const Finishing& with, DeliveryState state,
                                     std::optional<std::chrono::seconds> ask_again) {
    auto command = claimed_end(with, state);
    command.failures = 0;
    const bool asks_on = !core::is_terminal(state) || state == DeliveryState::read;
    if (ask_again && asks_on) {
        command.work = core::Work::receipts;
        command.due = with.events.now + at_pace(*ask_again, with.rules.receipt_pace);
    }
    watch_overdue(command, with);
    return command;
}

ports::FinishCommand finish_unanswered(const Finishing& with,
                                       std::optional<std::chrono::seconds> retry_after) {
    auto command = claimed_end(with, with.claimed.row.state);
    const core::RetryPolicy policy{with.rules.backoff_first, with.rules.backoff_max};
    command.work = core::Work::receipts;
    command.failures = with.claimed.row.failures + 1;
    command.due = with.events.now + core::backoff(policy, with.claimed.row.failures,
                                                  with.events.ids.random_number(), retry_after);
    watch_overdue(command, with);
    return command;
}

}   // namespace gateway::receipt
