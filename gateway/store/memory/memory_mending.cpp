#include "gateway/ports/mending.hpp"
#include "gateway/store/memory/memory_engine.hpp"

namespace gateway::store {

using core::Errc;
using core::Failure;

core::Result<ports::AcceptAnswer> MemoryEngine::replace(const ports::ReplaceCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto& message = command.message;
    auto answer = judge_accept(message);
    if (answer.result != ports::Accepted::accepted) {
        return answer;
    }
    const auto found = messages_.find({message.tenant, command.old});
    if (found == messages_.end()) {
        return Failure(Errc::not_found, "no such message");
    }
    std::vector<ports::DeliveryRow> rows;
    for (const auto& id : found->second.deliveries) {
        rows.push_back(deliveries_.at({message.tenant, id}).row);
    }
    auto& old = deliveries_.at({message.tenant, found->second.deliveries.back()});
    const bool as_seen = old.row.id == command.seen && old.row.changed == command.seen_changed;
    if (!as_seen || old.lease_until || found->second.replaced_by ||
        ports::obstacle_to_replacing(rows) != ports::Obstacle::none || is_id_taken(message)) {
        return Failure(Errc::conflict, "is not as it was seen, or may not be replaced");
    }
    auto record =
        opened(message.delivery, message.tenant, message.system, message.message, message.at);
    const bool same_order = keeps_place_of(old, record);
    record.place = old.place;
    const bool kept = keeps_place(old);
    close_replaced(old, message.at, message.message);
    save(old, kept);
    append(old, command.closing);
    found->second.replaced_by = message.message;
    write_accepted(message, std::move(record), same_order);
    messages_.at({message.tenant, message.message}).replaces = command.old;
    section.changed();
    section.made_work();
    return answer;
}

}   // namespace gateway::store
