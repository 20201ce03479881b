#pragma once

// Retention of messages and inbox items: the content of what has ended, and has been kept as long
// as its type's rule says, is erased by destroying its key, with its reason on the timeline and in
// the access log, in one transaction. What is open, waits for a receipt, may be retried (unless a
// rule says how long) or stands under a legal hold stays. A clock that has jumped ahead erases
// nothing for a day. What is left of it then, its bare record, goes after a second term, unless it
// is held or a subscription has not read of it.

#include "gateway/core/message_retention.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/retention_store.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/ids.hpp"

#include <map>
#include <optional>

namespace gateway::records {

struct MessageEraserParts {
    ports::Store& store;
    ports::RetentionStore& retention;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    const sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
};

/// When its content is to go; nothing: no rule says so, or not as it is now. Pure.
std::optional<core::Time> content_ends(const core::MessageRetention& rule,
                                       const ports::KeptContent& content);
/// What it says. Nothing: it cannot be opened, so nobody knows whom it is of.
std::optional<json::Value> open_kept(const crypto::Vault& vault, const ports::KeptContent& content);
/// Tokens of the persons whose national ids stand anywhere in it.
std::vector<std::string> persons_in(const crypto::Vault& vault, const json::Value& content,
                                    const core::RecordsConfig& rules);

/// What of a tenant's quarantine is told of now, and what goes: the same for who only asks.
ports::QuarantineTerm quarantine_term(const core::TenantId& tenant, std::chrono::hours kept,
                                      core::Time now);

/// Says whether the wall clock can be believed: it went no further than the time that passed, and
/// after a start no more than a week since it was last seen. One that was not believed is after a
/// day. The last sight of it is in the store.
class ClockGuard {
public:
    ClockGuard(ports::Store& store, const sdk::Clock& clock) : store_(store), clock_(clock) {}

    sdk::Task<bool> believes();

private:
    ports::Store& store_;
    const sdk::Clock& clock_;
    bool started_ = false;
    std::uint64_t version_ = 0;
    core::Time kept_{};   // as the store has it
    core::Time seen_{};
    core::SteadyTime seen_at_{};
    std::optional<core::SteadyTime> doubts_until_;
};

/// One call at a time.
class MessageEraser {
public:
    explicit MessageEraser(const MessageEraserParts& parts)
        : parts_(parts), guard_(parts.store, parts.clock) {}

    /// Of every tenant with a rule, in batches, so many at most: the rest is met by the next call.
    sdk::Task<void> erase_all(core::MessageRetentions rules);
    /// For all that is erased by the clock.
    sdk::Task<bool> believes_clock() { return guard_.believes(); }
    /// Nothing that was due failed in the last call: else somebody is to be told.
    bool well() const { return well_; }

private:
    sdk::Task<void> erase(core::TenantId tenant, std::string type, core::MessageRetention rule,
                          ports::KeptKind kind);
    /// False: there is no more to look at now.
    sdk::Task<core::Result<bool>> erase_batch(core::TenantId tenant, std::string type,
                                              core::MessageRetention rule, ports::KeptKind kind,
                                              std::size_t& erased);
    sdk::Task<void> remove_bare(core::TenantId tenant, std::string type, std::chrono::hours kept,
                                ports::KeptKind kind);
    /// What stands in quarantine: told of first.
    sdk::Task<void> retire_quarantine(core::TenantId tenant, std::chrono::hours kept);
    sdk::Task<void> sweep();
    /// Always later than it was, whatever the clock does: a sweep has seen what was removed before.
    core::Time sweep_time();

    const MessageEraserParts parts_;
    ClockGuard guard_;
    bool well_ = true;
    bool to_sweep_ = true;   // also after a start: what was erased before may not be swept
    std::optional<ports::SweepPlace> sweeping_;   // nothing: the next sweep begins
    core::Time sweep_began_{};
    core::Time newest_sweep_time_{};
};

}   // namespace gateway::records
