#include "gateway/app/inbound_content.hpp"
#include "gateway/app/incoming.hpp"
#include "gateway/route/inbox.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <utility>

// A message for specialist systems: looked through, routed, stored with a copy for each. Only then
// may the adapter tell the component that we have it.

namespace gateway::app {

using core::Errc;
using core::Failure;
using ports::Scanned;

namespace {

constexpr std::size_t scan_block_bytes = 64U << 10U;
constexpr std::size_t content_bytes_max = 1U << 20U;

}   // namespace

/// What the scanner says of one document, read from where it was stored.
sdk::Task<sdk::Result<ports::ScanVerdict>> Incoming::look_through(const core::TenantId& tenant,
                                                                  core::Sha256 hash) {
    auto scan = parts_.scanner.begin();
    auto reader = co_await parts_.documents.open(tenant, hash);
    if (reader.has_error()) {
        co_return reader.error();
    }
    std::vector<char> block(scan_block_bytes);
    for (std::uint64_t at = 0;;) {
        const auto count = co_await (*reader)->read_at(at, block);
        if (count.has_error()) {
            co_return count.error();
        }
        if (*count == 0) {
            break;
        }
        const std::span<const char> taken(block.data(), *count);
        co_await scan->write(taken);
        at += *count;
    }
    co_return co_await scan->finish();
}

/// `unavailable` when the scanner is down and policy is to wait.
sdk::Task<sdk::Result<Incoming::Looked>> Incoming::look_through_all(const core::TenantId& tenant,
                                                                    sdk::InboundMessage& message) {
    Looked looked;
    if (parts_.scanner.is_off()) {
        co_return looked;
    }
    for (const auto& document : message.documents) {
        const auto verdict = co_await look_through(tenant, document.sha256);
        if (verdict.has_error()) {
            co_return verdict.error();
        }
        if (verdict->scanned == Scanned::infected) {
            looked.code = core::Code("inbox.infected");
            looked.params = {{"signature", verdict->signature}};
            co_return looked;
        }
        if (verdict->scanned == Scanned::down && !parts_.scanner.pass_when_down()) {
            co_return Failure(Errc::unavailable, "files cannot be looked through now");
        }
        const bool passed =
            verdict->scanned == Scanned::down || verdict->scanned == Scanned::too_large;
        if (passed && looked.marks.empty()) {
            looked.marks.emplace_back("not_scanned");
        }
    }
    co_return looked;
}

/// Whom it is for; with a reason when it is for nobody.
std::vector<core::SystemId> Incoming::systems_for(const ports::Handover& from,
                                                  const sdk::InboundMessage& message) const {
    const auto configuration = parts_.configuration.current();
    const auto tenant = configuration->tenants.find(*message.tenant);
    if (tenant == configuration->tenants.end()) {
        return {};
    }
    const route::Arrival arrival{from.connection, from.adapter, message.type, message.facts,
                                 message.content};
    const auto* route = route::inbox_route(tenant->second, arrival);
    return route == nullptr ? std::vector<core::SystemId>() : route->to;
}

/// Who sent the delivery that this answers; nobody when no connection of ours carried it.
sdk::Task<sdk::Result<std::vector<core::SystemId>>> Incoming::system_of(const ports::Handover& from,
                                                                        core::DeliveryId delivery) {
    const std::vector<core::TenantId> tenants(from.tenants.begin(), from.tenants.end());
    const auto found = co_await parts_.store.find_delivery(tenants, delivery);
    if (found.has_error()) {
        co_return found.error();
    }
    std::vector<core::SystemId> systems;
    if (found->has_value() && (*found)->row.connection == from.connection) {
        systems.push_back((*found)->system);
    }
    co_return systems;
}

sdk::Task<sdk::Result<sdk::InboundKept>> Incoming::message(ports::Handover from,
                                                           sdk::InboundMessage message) {
    if (const auto mistake = mistake_in(message); !mistake.empty()) {
        co_return Failure(Errc::invalid_argument, "an inbound message: " + mistake);
    }
    if (message.raw.size() > oddity_bytes_max) {
        co_return Failure(Errc::too_large, "more than 1 MiB as it came");
    }
    const auto keeper = keeper_of(from, message.tenant);
    if (!keeper) {
        co_return Failure(Errc::unavailable, "no key to seal it under");
    }
    Looked looked;
    if (!keeper->is_owner) {
        looked.code = core::Code("inbox.no_tenant");
        message.documents.clear();   // they were written for a tenant; whose, nobody knows
    } else {
        message.tenant = keeper->tenant;
        auto found = co_await look_through_all(keeper->tenant, message);
        if (found.has_error()) {
            co_return found.error();
        }
        looked = std::move(*found);
    }
    const auto content = json::write(inbound_content(message, looked.marks));
    if (content.size() > content_bytes_max) {
        co_return Failure(Errc::too_large, "more than 1 MiB of content");
    }
    auto command = command_of(from, message, *keeper, content);
    if (looked.code.empty()) {
        if (message.in_reply_to) {
            auto asked = co_await system_of(from, *message.in_reply_to);
            if (asked.has_error()) {
                co_return asked.error();
            }
            command.copies = std::move(*asked);
        } else {
            command.copies = systems_for(from, message);
        }
        looked.code = core::Code(command.copies.empty() ? "inbox.unrouted" : "");
    }
    for (std::size_t i = 0; i < command.copies.size(); ++i) {
        command.event_ids.push_back(parts_.ids.next<core::EventId>());
    }
    command.code = looked.code;
    command.params = looked.params;
    const core::Params labels{{"connection", from.connection.value}, {"type", message.type}};
    const auto stored = co_await parts_.store.store_inbound(std::move(command));
    if (stored.has_error()) {
        co_return stored.error();
    }
    GATEWAY_CRASH_POINT("inbox.stored");
    sdk::InboundKept kept;
    kept.item = stored->id;
    kept.quarantined = stored->quarantined;
    if (stored->result == ports::Inbounded::duplicate) {
        co_return known_already(*stored, *keeper);
    }
    parts_.metrics.count("sluse_inbound_total", labels);
    if (kept.quarantined) {
        say_quarantined(from.connection, looked.code, kept.item.to_string());
    }
    co_return kept;
}

/// With what its adapter was told of it: the component may have lost that.
sdk::InboundKept Incoming::known_already(const ports::InboundAnswer& stored, const Keeper& keeper) {
    sdk::InboundKept kept;
    kept.kept = sdk::Kept::duplicate;
    kept.item = stored.id;
    kept.quarantined = stored.quarantined;
    kept.code = stored.code;
    if (!stored.settled) {
        return kept;
    }
    kept.settled = settlement_of(*stored.settled);
    const auto key = keeper.vault->unwrap(stored.wrapped_key, stored.id.to_bytes());
    if (key) {
        const auto answer = opened_inbound(&*key, "answer", stored.id, stored.sealed_answer);
        kept.reason = answer["reason"].as_string();
    }
    return kept;
}

ports::InboundCommand Incoming::command_of(const ports::Handover& from,
                                           const sdk::InboundMessage& message, const Keeper& keeper,
                                           const std::string& content) const {
    ports::InboundCommand command;
    command.tenant = keeper.tenant;
    command.tenant_known = keeper.is_owner;
    command.id = parts_.ids.next<core::InboxId>();
    command.connection = from.connection;
    command.dedupe_key = message.dedupe_id;
    command.type = message.type;
    command.at = parts_.clock.now();
    const auto owner = command.id.to_bytes();
    auto key = keeper.vault->new_key(parts_.ids, owner);
    command.sealed_content = key.key.seal(parts_.ids, "content", owner, content);
    if (!message.raw.empty()) {
        command.sealed_raw = key.key.seal(parts_.ids, "raw", owner, message.raw);
    }
    command.wrapped_key = std::move(key.wrapped);
    for (const auto& document : message.documents) {
        command.documents.push_back(document.sha256);
    }
    if (!message.order_key.empty()) {
        const auto order = from.connection.value + "\n" + message.order_key;
        command.order_token = keeper.vault->token(crypto::TokenKind::order_key, order);
    }
    if (message.tell_when_settled || message.receipt_owner == sdk::ReceiptOwner::system) {
        command.telling.emplace();
        command.telling->answer_by = message.answer_by;
    } else if (message.tell_when_stored) {
        command.telling.emplace();
        command.telling->at_once = true;
    }
    command.media_type = message.raw.empty() ? "application/json" : message.raw_media_type;
    command.content_bytes = message.raw.empty() ? content.size() : message.raw.size();
    return command;
}

}   // namespace gateway::app
