#pragma once

// The writer's side of the database: one connection, the counters, whose turn it is. Lives on the
// writer executor alone.

#include "gateway/core/channel.hpp"
#include "gateway/core/state.hpp"
#include "gateway/ports/record_types.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/store/flow_rules.hpp"
#include "gateway/store/sqlite/accepted_rows.hpp"
#include "gateway/store/sqlite/database.hpp"
#include "gateway/store/sqlite/event_places.hpp"
#include "gateway/store/sqlite/log_row.hpp"
#include "gateway/store/tenant_turns.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gateway::store::sqlite {

/// Small numbers that are kept exact without counting rows. Written once a transaction, however
/// often they move.
struct Counters {
    static constexpr std::size_t states = 11;   // core::DeliveryState has 1 to 10

    std::uint64_t position = 0;   // of the newest event
    std::uint64_t number = 0;     // of the newest delivery or inbound item
    std::uint64_t events = 0;
    std::array<std::uint64_t, states> deliveries{};

    friend bool operator==(const Counters&, const Counters&) = default;
    static Counters read(Database& database);
    void write(Database& database, const Counters& before) const;
};

/// Where a message stands: one row of message_count.
struct Standing {
    core::TenantId tenant;
    core::SystemId system;
    int channel = 0;
    core::DeliveryState state = core::DeliveryState::queued;

    Standing(const core::TenantId& whose, core::SystemId from, std::optional<core::Channel> by,
             core::DeliveryState now)
        : tenant(whose),
          system(std::move(from)),
          channel(by ? static_cast<int>(*by) : 0),
          state(now) {}
    friend auto operator<=>(const Standing&, const Standing&) = default;
};

class Engine {
public:
    explicit Engine(std::unique_ptr<Database> database);

    /// With all that was done since begin() in it: what was gathered is written first.
    Database& db();
    /// To judge messages by, and what is told of them at once, while others are gathered.
    Database& db_before_gathered() { return *database_; }
    /// Accepted messages of a transaction are written together, when something else is to be done
    /// or it is committed. That an id of theirs is taken fails the whole transaction then.
    bool gathers() const { return gathers_; }
    void gather(AcceptedMessage message) { gathered_.push_back(std::move(message)); }
    bool has_failed() const { return database_->failure().has_value(); }
    /// As Database's; from any one thread at a time.
    std::optional<core::Failure> flush_log() const { return database_->flush_log(); }

    void begin(bool gathers = false);
    /// Nothing when all that was done since begin() is on disk, or will be by db().flush_log()
    /// where owes_flush() says so. A failure has changed nothing.
    std::optional<core::Failure> commit(bool owed = false);
    void roll_back();

    /// The position of a new event.
    std::uint64_t place_event(const core::TenantId& tenant, core::EventId id);
    std::uint64_t next_number() { return ++counters_.number; }
    void count_state(core::DeliveryState before, core::DeliveryState after);
    void count_delivery(core::DeliveryState state);
    void count_message(const Standing& now) { ++moved_[now]; }
    /// What was counted and is there no more.
    void forget_events(std::uint64_t number) { counters_.events -= number; }
    void forget_delivery(core::DeliveryState state);
    void forget_message(const Standing& last) { --moved_[last]; }
    void move_message(const Standing& before, const Standing& now);
    /// In the history of the flow.
    void count_flow(const FlowKey& key, std::int64_t by) { flow_[key] += by; }
    /// Ends of access logs, where they are known: of all that was done since begin(), too.
    std::map<core::TenantId, ports::LogHead>& log_heads() { return log_heads_; }
    /// Entries of access logs since begin(), which commit() writes.
    std::vector<LogRow>& log_rows() { return log_rows_; }
    TenantTurns& turns(ports::Lane lane) { return turns_.at(static_cast<std::size_t>(lane) - 1); }

    // What hints are due after the commit.
    bool added_events() const { return added_events_; }
    void made_work() { made_work_ = true; }
    bool has_made_work() const { return made_work_; }
    /// A key was destroyed: the log, which holds its old page, is to be emptied.
    void destroyed_key() { destroyed_key_ = true; }
    bool has_destroyed_key() const { return destroyed_key_; }
    bool wrote() const { return wrote_; }
    bool owes_flush() const { return owes_flush_; }

private:
    void write_gathered();
    void write_moved();
    void write_flow();

    std::unique_ptr<Database> database_;
    Counters counters_;
    Counters committed_;
    std::map<Standing, std::int64_t> moved_;   // since begin()
    std::map<FlowKey, std::int64_t> flow_;     // since begin()
    std::set<EventPlace> places_;              // of events since begin()
    std::vector<AcceptedMessage> gathered_;    // not written yet
    bool gathers_ = false;
    std::map<core::TenantId, ports::LogHead> log_heads_;
    std::vector<LogRow> log_rows_;
    std::array<TenantTurns, ports::lanes> turns_;
    std::int64_t changes_before_ = 0;
    bool added_events_ = false;
    bool made_work_ = false;
    bool destroyed_key_ = false;
    bool wrote_ = false;
    bool owes_flush_ = false;
};

}   // namespace gateway::store::sqlite
