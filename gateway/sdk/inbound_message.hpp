#pragma once

// A message that came in from a component, as its adapter hands it over, and what the adapter is
// told when the specialist systems have settled it.

#include "gateway/core/code.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::sdk {

/// Who may cause the protocol's answer to the component.
enum class ReceiptOwner {
    gateway,   // the adapter, as soon as the item is stored
    system,    // only what the receiving system makes of it: the adapter answers in settled()
};

/// What a tenant's routing rules look at beside adapter, connection, type and content; each may be
/// empty. Never a person.
struct InboundFacts {
    std::string account;
    std::string resource;
    std::string app;
    std::string message_type;   // the component's own name of it
    std::string sender;         // organisation number, 9 digits

    InboundFacts() = default;
};

/// Everything beside ids, type, connection and times is sealed at rest.
struct InboundMessage {
    std::optional<core::TenantId> tenant;   // whose it is; none, or one not served: quarantined
    std::string type;                       // "form/v1", "transfer/v1"
    std::string dedupe_id;   // the component's own id of it, stable: 1-200 bytes, never a person
    std::string order_key;   // items of one key reach a system one after the other; empty: no order
    InboundFacts facts;
    json::Value from;      // object: who sent it, as the receiving system is to see it
    json::Value content;   // object: the message itself; at most 1 MiB of JSON
    /// Already written through Documents::create for this tenant; the first is the main one.
    std::vector<core::DocumentRef> documents;
    std::map<std::string, std::string> keys;   // business keys: "reference", "case", ...
    std::optional<core::Time> received_at;     // by the component's clock: the legal receipt time
    std::string raw;   // as it came, at most 1 MiB: kept with it, and shown to whoever releases it
    std::string raw_media_type;

    ReceiptOwner receipt_owner = ReceiptOwner::gateway;
    std::optional<core::Time> answer_by;   // of a system's: after this it is overdue
    /// settled() is called; always so when the system owns the receipt.
    bool tell_when_settled = false;
    /// settled() is called with `stored`, soon: durable with the item itself, also when it is
    /// quarantined. For components that want to hear at once that we have it; not together with
    /// tell_when_settled.
    bool tell_when_stored = false;
    std::string memo;   // given back with settled(): at most 4 KiB
    /// An answer to that delivery: for the system that sent it, whatever the routes say.
    std::optional<core::DeliveryId> in_reply_to;

    InboundMessage() = default;
};

enum class Settlement {
    stored,         // durable here; only with tell_when_stored
    acknowledged,   // by every system that has a copy
    rejected,       // by one of them; or a person gave it up
    overdue,        // by nobody before answer_by
};

/// What became of an item. One item is settled once: what a system says after that changes nothing
/// for the component.
struct InboundSettled {
    core::InboxId item;
    core::TenantId tenant;
    std::string type;
    std::string dedupe_id;
    std::string memo;
    Settlement settlement = Settlement::acknowledged;
    core::Time at{};
    core::SystemId system;   // the last to acknowledge, or who rejected
    std::string reason;      // of a rejection: the system's words, at most 1000 bytes
    /// What the system sent along for the component: object, or null.
    json::Value answer;
    /// It lies in quarantine, and why.
    bool quarantined = false;
    core::Code code;

    InboundSettled() = default;
};

}   // namespace gateway::sdk
