#pragma once

// Deliveries and events as rows. What changes together is written together here: indexes, order,
// counters, the message.

#include "gateway/store/delivery_rules.hpp"
#include "gateway/store/sqlite/engine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::store::sqlite {

/// Params as a JSON object; empty when there are none.
std::string write_params(const core::Params& params);
core::Params read_params(const std::string& text);

/// The kinds of content_key and document_use.
enum class Content {
    message = 1,
    document = 2,
    inbound = 3,
    subscription = 4,
    subject = 5,
    record = 6,
    asked_words = 7,
    asked_request = 8
};
void put_key(Database& database, const core::TenantId& tenant, Content kind, std::string_view owner,
             std::string_view wrapped);
std::string find_key(Database& database, const core::TenantId& tenant, Content kind,
                     std::string_view owner);

std::optional<DeliveryRecord> load_delivery(Database& database, const core::TenantId& tenant,
                                            core::DeliveryId id);
std::vector<DeliveryRecord> deliveries_of(Database& database, const core::TenantId& tenant,
                                          core::MessageId message);

/// A key, an event, a search token: what many are written of together.
struct KeyRow {
    const core::TenantId* tenant;
    const core::Uuid* owner;
    const std::string* wrapped;
};
struct EventRow {
    const DeliveryRecord* delivery;
    const ports::NewEvent* event;
    std::uint64_t position;
};
struct TokenRow {
    const core::TenantId* tenant;
    const core::MessageId* message;
    core::Time created;
    const ports::SearchToken* token;
};
void insert_keys(Database& database, Content kind, const std::vector<KeyRow>& keys);
void insert_events(Database& database, const std::vector<EventRow>& events);
void insert_tokens(Database& database, const std::vector<TokenRow>& tokens);
void insert_deliveries(Database& database, const std::vector<const DeliveryRecord*>& deliveries);

/// Gives a new delivery its number and its place among those of its order.
void place_delivery(Engine& engine, DeliveryRecord& record, bool keeps_place);
/// A new delivery of a message that is there; becomes its newest. `keeps_place`: record.place is
/// that of another.
void insert_delivery(Engine& engine, DeliveryRecord& record, bool keeps_place);
/// False when `old` is not its message's newest delivery, or the new id is taken.
bool may_open_instead(Database& database, const DeliveryRecord& old, core::DeliveryId id);
/// The delivery that takes over from `old`, which has been saved, and its events.
void open_instead(Engine& engine, const DeliveryRecord& old, const ports::NewDelivery& delivery,
                  core::Time at, const std::vector<ports::NewEvent>& events);
/// Writes what a rule changed, frees the next of its order when it has left it, moves the message.
void save_delivery(Engine& engine, const DeliveryRecord& before, const DeliveryRecord& after);

/// The position of the first; the others follow.
std::uint64_t place_events(Engine& engine, const core::TenantId& tenant,
                           const std::vector<ports::NewEvent>& events);
void append_events(Engine& engine, const DeliveryRecord& record,
                   const std::vector<ports::NewEvent>& events);
std::vector<EventRow> event_rows(const DeliveryRecord& record,
                                 const std::vector<ports::NewEvent>& events,
                                 std::uint64_t first_position);

}   // namespace gateway::store::sqlite
