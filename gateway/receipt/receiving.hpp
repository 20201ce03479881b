#pragma once

// News of a handed-over delivery becomes commands to the store: one for each receipt, each told
// once by its dedupe id, and one that ends the claim and says when to ask again.

#include "gateway/receipt/finishing.hpp"

#include <optional>

namespace gateway::receipt {

/// What a receipt of this kind moves the delivery to; nothing for mere news.
std::optional<core::DeliveryState> reached_by(sdk::ReceiptKind kind);
core::FailureCause cause_of(sdk::ReceiptKind kind);
/// The timeline's name of it.
std::string_view event_name(sdk::ReceiptKind kind);

/// At most 200 receipts of one answer are taken; what is left comes with the next.
inline constexpr std::size_t receipts_max = 200;

/// A receipt without a dedupe id gets one from its kind and time. Times in the future count as now.
ports::ReceiptCommand command_of(const Finishing& with, const sdk::Receipt& receipt);
/// The same outside a claim, with the news as it came.
ports::ReceiptCommand command_of(const EventMaker& events, ports::DeliveryKey key,
                                 const sdk::Receipt& receipt, std::string_view raw);
/// What the receipt says the message can be found by from now on.
void add_keys(ports::ReceiptCommand& command, const crypto::Vault& vault,
              const sdk::Receipt& receipt);

/// After the receipts were applied. `state` is where they led; `ask_again` nothing: no more will
/// come.
ports::FinishCommand finish_receipts(const Finishing& with, core::DeliveryState state,
                                     std::optional<std::chrono::seconds> ask_again);

/// The component could not be asked: later, with back-off.
ports::FinishCommand finish_unanswered(const Finishing& with,
                                       std::optional<std::chrono::seconds> retry_after);

}   // namespace gateway::receipt
