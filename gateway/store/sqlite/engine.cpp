#include "gateway/store/sqlite/engine.hpp"

#include "gateway/core/assert.hpp"

#include <string>
#include <utility>

namespace gateway::store::sqlite {
namespace {

std::string state_counter(std::size_t state) {
    return "state " + std::to_string(state);
}

std::uint64_t read_one(Database& database, const std::string& name) {
    auto rows = database.query("SELECT value FROM counter WHERE name = ?", name);
    return rows.next() ? rows.number(0) : 0;
}

void write_one(Database& database, const std::string& name, std::uint64_t value) {
    database.run(
        "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
        "excluded.value",
        name, value);
}

}   // namespace

Counters Counters::read(Database& database) {
    Counters counters;
    counters.position = read_one(database, "position");
    counters.number = read_one(database, "number");
    counters.events = read_one(database, "events");
    for (std::size_t state = 1; state < states; ++state) {
        counters.deliveries[state] = read_one(database, state_counter(state));
    }
    return counters;
}

void Counters::write(Database& database, const Counters& before) const {
    if (position != before.position) {
        write_one(database, "position", position);
    }
    if (number != before.number) {
        write_one(database, "number", number);
    }
    if (events != before.events) {
        write_one(database, "events", events);
    }
    for (std::size_t state = 1; state < states; ++state) {
        if (deliveries[state] != before.deliveries[state]) {
            write_one(database, state_counter(state), deliveries[state]);
        }
    }
}

Engine::Engine(std::unique_ptr<Database> database)
    : database_(std::move(database)),
      counters_(Counters::read(*database_)),
      committed_(counters_) {}

Database& Engine::db() {
    if (!gathered_.empty()) {
        write_gathered();
    }
    return *database_;
}

void Engine::write_gathered() {
    const auto messages = std::exchange(gathered_, {});
    if (!insert_messages(*database_, messages)) {
        database_->fail(core::Failure(core::Errc::internal, "an id is taken"));
    }
    insert_parts(*database_, messages);
}

void Engine::begin(bool gathers) {
    gathers_ = gathers;
    added_events_ = false;
    made_work_ = false;
    destroyed_key_ = false;
    wrote_ = false;
    owes_flush_ = false;
    changes_before_ = database_->total_changes();
    database_->run("BEGIN IMMEDIATE");
}

std::optional<core::Failure> Engine::commit(bool owed) {
    if (!gathered_.empty()) {
        write_gathered();
    }
    counters_.write(*database_, committed_);
    write_moved();
    write_flow();
    write_places(*database_, places_);
    places_.clear();
    write_log_rows(*database_, log_rows_);
    const bool left = database_->commit(owed);
    if (auto failure = database_->take_failure()) {
        roll_back();
        return failure;
    }
    wrote_ = database_->total_changes() != changes_before_;
    owes_flush_ = wrote_ && left;
    added_events_ = counters_.position != committed_.position;
    committed_ = counters_;
    return std::nullopt;
}

void Engine::roll_back() {
    gathered_.clear();
    database_->roll_back();
    moved_.clear();
    flow_.clear();
    places_.clear();
    log_heads_.clear();
    log_rows_.clear();
    counters_ = committed_;
    made_work_ = false;
    destroyed_key_ = false;
}

std::uint64_t Engine::place_event(const core::TenantId& tenant, core::EventId id) {
    ++counters_.events;
    places_.emplace(tenant, id, ++counters_.position);
    return counters_.position;
}

void Engine::move_message(const Standing& before, const Standing& now) {
    if (before != now) {
        --moved_[before];
        ++moved_[now];
    }
}

/// Most of a message's moves fall within the same transaction as others': each row is written once.
void Engine::write_moved() {
    for (const auto& [standing, by] : moved_) {
        if (by != 0) {
            database_->run("INSERT INTO message_count (tenant, system, channel, state, count) "
                           "VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, system, channel, state) DO "
                           "UPDATE SET count = count + excluded.count",
                           standing.tenant, standing.system, standing.channel,
                           static_cast<int>(standing.state), by);
        }
    }
    moved_.clear();
}

/// As with what moved: all that a transaction holds of one figure is one row.
void Engine::write_flow() {
    for (const auto& [key, by] : flow_) {
        if (by != 0) {
            database_->run("INSERT INTO flow_hour (tenant, hour, system, type, connection, figure, "
                           "count) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, hour, system, "
                           "type, connection, figure) DO UPDATE SET count = count + excluded.count",
                           key.tenant, key.hour, key.system, key.type, key.connection, key.figure,
                           by);
        }
    }
    flow_.clear();
}

void Engine::count_delivery(core::DeliveryState state) {
    ++counters_.deliveries.at(static_cast<std::size_t>(state));
}

void Engine::forget_delivery(core::DeliveryState state) {
    auto& counted = counters_.deliveries.at(static_cast<std::size_t>(state));
    GATEWAY_ASSERT(counted > 0);
    --counted;
}

void Engine::count_state(core::DeliveryState before, core::DeliveryState after) {
    if (before != after) {
        forget_delivery(before);
        count_delivery(after);
    }
}

}   // namespace gateway::store::sqlite
