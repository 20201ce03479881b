#pragma once

// Commands to the store and its answers for what comes in. An item is stored once; each system has
// its own copy of it, which is leased, settled and counted by itself.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// The adapter is to be told what becomes of the item.
struct Telling {
    std::optional<core::Time> answer_by;   // unsettled by then: overdue
    bool at_once = false;                  // that it is stored, and nothing later

    Telling() = default;
};

struct InboundCommand {
    core::TenantId tenant;
    core::InboxId id;
    core::ConnectionId connection;
    std::string dedupe_key;
    std::string type;
    core::Time at{};
    std::string sealed_content;
    std::string sealed_raw;   // as it came; may be empty
    std::string wrapped_key;
    std::vector<core::Sha256> documents;
    std::vector<core::SystemId>
        copies;   // each its own copy and acknowledgement; empty: quarantined
    std::vector<core::EventId> event_ids;   // one for each copy: event `received`
    std::string order_token;
    std::optional<Telling> telling;
    // Of a quarantined one, beside its sealed bytes:
    core::Code code;   // what is wrong with it
    core::Params params;
    std::string media_type;
    std::uint64_t content_bytes = 0;   // before sealing
    bool tenant_known = true;          // false: nobody's as far as we can tell; kept for this one

    InboundCommand() = default;
};

enum class Inbounded { stored, duplicate };

/// The order of numbers is that of the database.
enum class SettlementKind : unsigned char {
    acknowledged = 1,
    rejected = 2,
    overdue = 3,
    stored = 4
};

struct InboundAnswer {
    Inbounded result = Inbounded::stored;
    core::InboxId id;           // a duplicate's: of the first
    bool quarantined = false;   // it has no copy
    // Of a duplicate:
    std::optional<SettlementKind> settled;   // what its adapter was, or is about to be, told
    std::string sealed_answer;               // of the system that settled it
    std::string wrapped_key;                 // opens that
    core::Code code;                         // why it lies in quarantine

    InboundAnswer() = default;
};

struct InboxLease {
    core::TenantId tenant;
    core::SystemId system;
    std::vector<std::string> types;   // without version: "form"; none other is handed out
    core::Time now{};
    core::Time until{};
    std::size_t limit = 20;
    int deliveries_max = 10;                // handed out so often and not settled: dead instead
    std::vector<core::EventId> event_ids;   // one for each that may die: event `dead`

    InboxLease() = default;
};

/// One system's copy.
struct InboxItem {
    core::InboxId id;
    core::SystemId system;
    std::uint64_t number = 0;   // grows
    core::ConnectionId connection;
    std::string type;
    core::Time at{};
    core::Time changed{};
    core::InboundState state = core::InboundState::received;
    std::string sealed_content;   // empty in a list
    std::string wrapped_key;      // likewise
    core::Fence lease;
    core::Time lease_until{};
    int deliveries = 0;
    core::Code reason;
    std::string sealed_answer;   // what the system said when it settled it; empty in a list
    std::optional<core::Time> answer_by;

    InboxItem() = default;
};

struct InboxBatch {
    std::vector<InboxItem> items;
    std::vector<InboxItem> dead;   // by this very call, without content

    InboxBatch() = default;
};

struct InboxSettle {
    core::TenantId tenant;
    core::SystemId system;
    core::InboxId id;
    core::Fence lease;
    bool acknowledged = true;   // false: rejected
    core::Code reason;
    std::string sealed_answer;
    core::EventId event_id;   // event `acknowledged` or `rejected`
    core::Time at{};

    InboxSettle() = default;
};

struct InboxQuery {
    core::TenantId tenant;
    std::optional<core::SystemId> system;
    std::optional<core::InboundState> state;
    std::uint64_t before = 0;   // `number` of the last one of the page before; 0: from the newest
    std::size_t limit = 50;

    InboxQuery() = default;
};

/// A person wants it handed out anew.
struct InboxReplay {
    core::TenantId tenant;
    core::InboxId id;
    std::optional<core::SystemId> system;   // none: every system that has it
    core::Time at{};
    std::vector<core::EventId> event_ids;   // one for each copy: event `replayed`
    core::Params params;                    // of the events: who and why

    InboxReplay() = default;
};

/// Of what was received on a day, how much stands how.
struct InboxCount {
    core::SystemId system;   // empty: quarantined, in nobody's inbox
    std::string type;
    core::InboundState state = core::InboundState::received;
    std::uint64_t count = 0;

    InboxCount() = default;
    friend bool operator==(const InboxCount&, const InboxCount&) = default;
};

struct SettlementClaim {
    core::Time now{};
    core::Time again_at{};   // invisible to other claims until then
    std::size_t limit = 20;
    std::vector<core::EventId> event_ids;   // of copies that become overdue: event `overdue`

    SettlementClaim() = default;
};

/// What an adapter is to be told of an item.
struct Settlement {
    core::TenantId tenant;
    core::InboxId id;
    core::ConnectionId connection;
    std::string type;
    std::string dedupe_key;
    std::string sealed_content;
    std::string wrapped_key;
    SettlementKind kind = SettlementKind::acknowledged;
    core::Time at{};
    core::SystemId system;
    std::string sealed_answer;   // of that system
    int failures = 0;            // in a row
    bool overdue_now = false;    // by this very claim
    bool quarantined = false;    // and no person has settled it
    core::Code code;             // why it lies there

    Settlement() = default;
};

struct SettlementDone {
    core::TenantId tenant;
    core::InboxId id;
    std::optional<core::Time> again_at;   // none: the adapter knows

    SettlementDone() = default;
};

struct QuarantineQuery {
    core::TenantId tenant;
    bool resolved = false;      // those a person has settled, else those that wait
    std::uint64_t before = 0;   // `number` of the last one of the page before; 0: from the newest
    std::size_t limit = 50;

    QuarantineQuery() = default;
};

/// Something that could not be handled. Which connection and why stand openly, the rest is sealed.
struct QuarantinedItem {
    core::TenantId tenant;
    bool tenant_known = true;
    core::InboxId id;
    std::uint64_t number = 0;   // grows
    core::ConnectionId connection;
    core::Time at{};
    core::Code code;
    core::Params params;
    std::string media_type;
    std::uint64_t content_bytes = 0;
    std::optional<core::Time> resolved;
    std::string resolved_by;
    std::string sealed_reason;
    std::string type;             // "oddity", or of a message: that may be released to systems
    std::string sealed_content;   // of a single one; empty in a list
    std::string sealed_raw;       // likewise, of a message that had any
    std::string wrapped_key;      // likewise

    QuarantinedItem() = default;
};

struct ResolveCommand {
    core::TenantId tenant;
    core::InboxId id;
    core::Time at{};
    std::string who;
    std::string sealed_reason;

    ResolveCommand() = default;
};

/// A person has found who it is for.
struct ReleaseCommand {
    core::TenantId tenant;
    core::InboxId id;
    core::Time at{};
    std::string who;
    std::string sealed_reason;
    std::vector<core::SystemId> systems;
    std::vector<core::EventId> event_ids;   // one for each system: event `received`

    ReleaseCommand() = default;
};

}   // namespace gateway::ports
