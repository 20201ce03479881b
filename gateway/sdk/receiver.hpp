#pragma once

// What comes in from a component: the role of an adapter that consumes or polls, and the service it
// hands everything to. Nothing is acknowledged upstream before the call that stores it returned.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/inbound_message.hpp"
#include "gateway/sdk/outcome.hpp"
#include "gateway/sdk/task.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::sdk {

/// A component called POST /callbacks/<connection>/<secret>. Nobody vouches for it but the secret.
struct Callback {
    std::string secret;         // 20 to 128 of [A-Za-z0-9_-]; never logged
    std::string content_type;   // as sent
    std::string body;           // at most 64 KiB

    Callback() = default;
};

enum class CallbackAnswer {
    taken,      // what it told is durable, or was before: 200
    stranger,   // the secret is not one this connection gave out: 404, as for no such connection
    refused,    // the secret holds, but this is not what it was given out for: 400
    not_kept,   // could not be stored: 503, and the component calls again
};

/// The role of an adapter. The gateway runs it on the adapter's strand under a named lease, so that
/// one node at a time receives for a connection, from start to stop.
class Receiver {
public:
    virtual ~Receiver() = default;
    /// Consumes or polls until cancelled: returns only then (by the cancellation's exception). A
    /// component that is down is waited for with back-off.
    virtual Task<void> receive() = 0;
    /// What became of an item of message() that is to be told: at least once, so idempotent, and
    /// possibly before message() has returned. accepted: told; rejected: the component will never
    /// take it, an alarm; anything else: again later.
    virtual Task<Outcome> settled(InboundSettled what, Deadline deadline);
    /// A call-back, also while receive() runs or another node receives. Answers within moments: it
    /// keeps a hint and works on it in receive(). `stranger` unless the adapter says otherwise.
    virtual Task<CallbackAnswer> on_callback(Callback call, Deadline deadline);
};

/// What became of an item that was handed over.
enum class Kept {
    stored,      // durable
    duplicate,   // was durable already
    unknown,     // of receipts only: no delivery of this connection has this id; nothing was stored
};

struct InboundKept {
    Kept kept = Kept::stored;   // stored or duplicate: the component may be told that we have it
    core::InboxId item;         // a duplicate's: of the first
    bool quarantined =
        false;   // no route leads on, or something is wrong with it: a person decides
    // Of a duplicate of an item that is to be told of, so that it can be told again:
    std::optional<Settlement> settled;   // nothing: it is not settled yet
    std::string reason;                  // of a rejection: the system's words
    core::Code code;                     // why it lies in quarantine

    InboundKept() = default;
};

/// News of a delivery that this connection carried.
struct ReceiptNews {
    core::DeliveryId delivery;
    Receipt receipt;
    /// The component's own words, kept sealed with the timeline as they came (a signed receipt).
    std::string raw;

    ReceiptNews() = default;
};

/// Something that cannot be handled, kept whole until a person has looked at it.
struct Oddity {
    std::optional<core::TenantId> tenant;   // none: nobody's as far as we can tell
    std::string dedupe_id;
    core::Code code;   // what is wrong with it
    core::Params params;
    std::string media_type;
    std::string raw;   // at most 1 MiB
    /// What is too large for `raw`: already written through Documents::create, for `tenant`.
    std::vector<core::DocumentRef> documents;
    bool tell_when_stored = false;   // as of an InboundMessage
    std::string memo;                // likewise

    Oddity() = default;
};

/// Durable before it returns. Called on the adapter's strand. Errors are the store's.
class Inbound {
public:
    virtual ~Inbound() = default;
    virtual Task<Result<Kept>> receipt(ReceiptNews news) = 0;
    /// A message for specialist systems, each its own copy. Also `invalid_argument`, `too_large`
    /// and `not_found` (a document of it is not there): nothing was stored.
    virtual Task<Result<InboundKept>> message(InboundMessage message) = 0;
    /// The delivery that this connection carried and that the component knows by this id
    /// (Outcome::upstream_reference); nothing when there is none, or its outcome is not stored yet.
    virtual Task<Result<std::optional<core::DeliveryId>>>
    delivery_of(std::string upstream_reference) = 0;
    /// Quarantine: kept with its bytes, and an alarm.
    virtual Task<Result<Kept>> quarantine(Oddity oddity) = 0;
    /// The component answered, whether or not there was news: the watchdog over this receiver is
    /// content.
    virtual void alive() = 0;
};

}   // namespace gateway::sdk
