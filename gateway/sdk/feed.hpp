#pragma once

// What changes in a national register: the role of an adapter that can tell it from a cursor on,
// and that can load the register whole. The gateway keeps the cursor, in the transaction that keeps
// what the changes caused: nothing is skipped, and what is told twice counts once.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/sdk/register.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::sdk {

/// One entry of one dataset is no longer as it was.
struct Change {
    std::string id;   // the register's own, stable over repetitions: 1-200 bytes, never a person
    std::string dataset;               // "person", "organisation"
    std::string key;                   // personal where the dataset is of persons
    std::vector<std::string> events;   // "person.moved": what it means; empty: only refresh
    core::Time at{};                   // by the register's clock
    bool gone = false;                 // the register has deleted it
    bool renumbered = false;   // the key may be new, of who was known by another: ask for it
    std::optional<RegisterEntry> entry;   // the new state, where the feed carries it

    Change() = default;
};

struct ChangePage {
    std::vector<Change> changes;   // in the register's order
    std::string cursor;            // to go on from, opaque to the gateway: at most 1000 bytes
    bool more = false;             // ask again at once
    std::optional<RegisterFailure> failure;   // then all else is empty
    /// With a failure: nothing can be told from this cursor on, now or later. It is too old, not
    /// understood, or the register was set back.
    bool broken = false;

    ChangePage() = default;
};

/// Where a register that is loaded whole goes. Durable before put() returns.
class RegisterIntake {
public:
    virtual ~RegisterIntake() = default;
    /// Entries that nobody asked for are kept for whom the tenant's configuration wants them.
    virtual Task<Result<void>> put(std::string dataset, std::vector<RegisterEntry> entries) = 0;
    /// For people: so much is done, of so much (0: unknown). Cheap.
    virtual void progress(std::uint64_t done, std::uint64_t of) = 0;
};

/// Loaded: `cursor` is where the feed is to go on, so that nothing falls between.
struct LoadAnswer {
    std::uint64_t entries = 0;
    std::string cursor;
    std::optional<RegisterFailure> failure;

    LoadAnswer() = default;
};

/// Called on the adapter's strand, one call at a time for a tenant.
class Feed {
public:
    virtual ~Feed() = default;
    /// At most about a thousand changes after the cursor. An empty cursor: none yet, the answer is
    /// where the register stands now, without changes.
    virtual Task<ChangePage> changes(core::TenantId tenant, std::string cursor,
                                     Deadline deadline) = 0;
    /// The whole register, streamed. A register that cannot: failure `register.no_load`.
    virtual Task<LoadAnswer> load(core::TenantId tenant, RegisterIntake& into) = 0;
};

}   // namespace gateway::sdk
