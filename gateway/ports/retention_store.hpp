#pragma once

// Messages and inbox items whose content is kept no longer: found in the order they came, bounded
// work each time, and erased by destroying their key. What is left of them, their bare record, goes
// later. Errors as in ports/store.hpp.

#include "gateway/core/assert.hpp"
#include "gateway/ports/record_types.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// As in the store's table of keys.
enum class KeptKind : std::uint8_t { message = 1, inbox_item = 3 };

/// How far retention has come among those of a kind and type, oldest first.
struct RetentionMark {
    core::Time at{};
    core::Uuid owner;           // of a message
    std::uint64_t number = 0;   // of an inbox item

    RetentionMark() = default;
};

struct RetentionQuery {
    core::TenantId tenant;
    KeptKind kind = KeptKind::message;
    std::string type;      // "letter/v1"
    core::Time before{};   // made before this
    core::Time now{};
    std::size_t limit = 100;
    /// For who only asks: behind this, whatever was looked at before.
    std::optional<RetentionMark> from;

    RetentionQuery() = default;
};

/// One that may be to be erased.
struct KeptContent {
    core::Uuid id;
    core::Time changed{};    // last
    bool open = false;       // something is still to be done or to come: never erased
    bool finished = false;   // it came to the end it was made for; otherwise a person may retry it
    bool held = false;       // a legal hold stands on it
    std::size_t copies = 1;
    std::string sealed_content;
    std::string wrapped_key;
    std::optional<core::Time> looked_for;   // it was left to be looked at again

    KeptContent() = default;
};

struct RetentionPage {
    std::vector<KeptContent> items;
    std::optional<RetentionMark> mark;   // behind what was looked at
    bool more = false;

    RetentionPage() = default;
};

struct ContentErasure {
    core::Uuid id;
    core::Time changed{};                   // as it was judged; otherwise it is left
    std::vector<std::string> persons;       // tokens: of whom it is, as far as is known
    std::vector<core::EventId> event_ids;   // of its timeline: one for each copy
    std::optional<core::Time> looked_for;
    NewLogEntry log;   // written once for each of those persons who is known; once if none is

    ContentErasure() = default;
};

struct ContentLater {
    core::Uuid id;
    core::Time look_at{};
    std::optional<core::Time> looked_for;

    ContentLater() = default;
};

struct RetentionStep {
    core::TenantId tenant;
    KeptKind kind = KeptKind::message;
    std::string type;
    core::Time at{};
    core::Time look_again{};   // at what could not be erased after all
    core::Code why;            // of the event
    std::vector<ContentErasure> erase;
    std::vector<ContentLater> later;
    std::optional<RetentionMark> mark;

    RetentionStep() = default;
};

/// Of what was erased before a time: the record that is left of it.
struct BareRemoval {
    core::TenantId tenant;
    KeptKind kind = KeptKind::message;
    std::string type;
    core::Time erased_before{};
    core::Time at{};
    core::Time look_again{};   // at what has to stay
    std::size_t limit = 100;
    NewLogEntry log;   // one for each that goes, with its id among the fields

    BareRemoval() = default;
};

struct BareRemoved {
    std::size_t removed = 0;
    std::size_t held = 0;     // stays: a legal hold
    std::size_t unread = 0;   // stays: a subscription of its system has not come past its events
    bool more = false;

    BareRemoved() = default;
};

/// How long a tenant's quarantine is kept: what waits for a person is told of for a while first.
struct QuarantineTerm {
    core::TenantId tenant;
    core::Time at{};
    core::Time told_before{};   // what came before is told of now, unless it was
    core::Time told_until{};    // goes when it was told of by then,
    core::Time came_before{};   // and came, or was settled by a person, before
    std::size_t limit = 100;
    NewLogEntry log;   // one for each that goes, with its id among the fields

    QuarantineTerm() = default;
};

struct QuarantineTurn {
    std::size_t told = 0;
    std::size_t erased = 0;
    std::size_t held =
        0;   // stay: somebody of the tenant is under a legal hold, maybe one of theirs
    bool more = false;

    QuarantineTurn() = default;
};

/// What waits in quarantine and was told of.
struct QuarantineEnding {
    std::uint64_t count = 0;
    core::Time told{};   // the first of them

    QuarantineEnding() = default;
};

/// Where a sweep is: it goes through all search tokens, then all idempotency keys, from anywhere.
struct SweepPlace {
    bool keys = false;
    core::TenantId tenant;
    int kind = 0;
    std::string token;   // or the system, and in `key` its key
    std::string key;
    core::Time created{};
    core::Uuid owner;

    SweepPlace() = default;
};

class RetentionStore {
public:
    virtual ~RetentionStore() = default;

    virtual sdk::Task<sdk::Result<RetentionPage>> retention_page(RetentionQuery query) = 0;
    /// All of it or nothing; gives how many were erased. What is open, was changed since or is held
    /// (it, or somebody it is of) is left for later.
    virtual sdk::Task<sdk::Result<std::size_t>> retain(RetentionStep step) = 0;
    /// The rows of what was erased: the record with its deliveries, receipts and events. What is
    /// held, or was not read by every subscription that is on, is left for later. A message is
    /// remembered by its id until it is swept and forgotten.
    virtual sdk::Task<sdk::Result<BareRemoved>> remove_bare(BareRemoval command) = 0;
    /// What remove_bare() would do of it all, at most so many looked at; changes nothing.
    virtual sdk::Task<sdk::Result<BareRemoved>> count_bare(BareRemoval command) = 0;
    /// The ids of messages removed before that time, when a sweep that began after it has ended.
    /// Gives how many.
    virtual sdk::Task<sdk::Result<std::size_t>> forget_removed(core::Time before) = 0;
    /// Tells of what will go, and erases what was told of long enough; it is settled by whoever
    /// stands in the log for it. While somebody of the tenant is held, nothing goes.
    virtual sdk::Task<sdk::Result<QuarantineTurn>> retire_quarantined(QuarantineTerm term) = 0;
    /// What retire_quarantined() would do of it all, at most so many of each looked at; changes
    /// nothing. What waits to be told of, or to have been told of long enough, is not counted as
    /// going.
    virtual sdk::Task<sdk::Result<QuarantineTurn>> count_quarantined(QuarantineTerm term) = 0;
    virtual sdk::Task<sdk::Result<QuarantineEnding>> quarantine_ending(core::TenantId tenant) = 0;
    /// Looks at so many tokens and keys, and removes what they say of erased messages. An
    /// idempotency key fits no content any more, and goes with the message's record. Gives where
    /// it came to; nothing: the end.
    virtual sdk::Task<sdk::Result<std::optional<SweepPlace>>> sweep_erased(SweepPlace from,
                                                                           std::size_t limit) = 0;
    /// `not_found`: there is no such message or item. Set or lifted; the events go on a
    /// message's timeline.
    virtual sdk::Task<sdk::Result<void>> hold_content(core::TenantId tenant, KeptKind kind,
                                                      core::Uuid id, bool held, core::Time at,
                                                      std::vector<NewLogEntry> log,
                                                      std::vector<NewEvent> events) = 0;
};

/// Only a store that keeps anything has it.
inline RetentionStore* retention_store_of(Store& store) {
    return dynamic_cast<RetentionStore*>(&store);
}

}   // namespace gateway::ports
