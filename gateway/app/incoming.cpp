#include "gateway/app/incoming.hpp"

#include "gateway/app/inbound_content.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/dispatch/cargo.hpp"
#include "gateway/receipt/receiving.hpp"

#include <utility>

namespace gateway::app {

using core::Errc;
using core::Failure;
using sdk::Kept;

namespace {

/// The delivery of the message that this connection carried under that id of the component's.
std::optional<core::DeliveryId> known_as(const ports::MessageView& message,
                                         const crypto::Vault& vault, const ports::Handover& from,
                                         const std::string& upstream_reference) {
    const auto owner = message.id.to_bytes();
    const auto key = vault.unwrap(message.wrapped_key, owner);
    if (key.has_error()) {
        return std::nullopt;
    }
    for (const auto& row : message.deliveries) {
        const auto known = key->open("upstream", owner, row.sealed_upstream_reference);
        if (row.connection == from.connection && known.has_value() &&
            *known == upstream_reference) {
            return row.id;
        }
    }
    return std::nullopt;
}

}   // namespace

sdk::Task<sdk::Result<Kept>> Incoming::receipt(ports::Handover from, sdk::ReceiptNews news) {
    const std::vector<core::TenantId> tenants(from.tenants.begin(), from.tenants.end());
    auto found = co_await parts_.store.find_delivery(tenants, news.delivery);
    if (found.has_error()) {
        co_return found.error();
    }
    if (!found->has_value() || (*found)->row.connection != from.connection) {
        count_receipt(from, "unknown");
        co_return Kept::unknown;
    }
    const auto cargo = dispatch::unpack(parts_.configuration, parts_.vaults, std::move(**found));
    if (cargo.vault == nullptr) {
        co_return Failure(Errc::unavailable, "the tenant's key is away");
    }
    // A message whose own key is gone still gets its state; there is nothing to seal words under.
    const receipt::EventMaker events(parts_.ids, cargo.claimed.row.message,
                                     cargo.key ? &*cargo.key : nullptr, parts_.clock.now());
    auto command = receipt::command_of(events, cargo.store_key(), news.receipt, news.raw);
    receipt::add_keys(command, *cargo.vault, news.receipt);
    if (policy_) {
        policy_->follow(cargo, news.receipt, command);   // what takes over, should it fail now
    }
    const auto applied = co_await parts_.store.apply_receipt(command);
    if (applied.has_error()) {
        co_return applied.error();
    }
    if (policy_) {
        policy_->count(cargo, command, *applied);
    }
    count_receipt(from, applied->duplicate ? "duplicate" : "stored");
    co_return applied->duplicate ? Kept::duplicate : Kept::stored;
}

sdk::Task<sdk::Result<std::optional<core::DeliveryId>>>
Incoming::delivery_of(ports::Handover from, std::string upstream_reference) {
    std::optional<core::DeliveryId> none;
    for (const auto& tenant : from.tenants) {
        const auto vault = parts_.vaults.find(tenant);
        if (vault == nullptr || upstream_reference.empty()) {
            continue;
        }
        const auto kind = crypto::TokenKind::upstream_id;
        ports::SearchQuery query;
        query.tenant = tenant;
        query.token = ports::SearchToken(static_cast<std::uint8_t>(kind),
                                         vault->token(kind, upstream_reference));
        const auto page = co_await parts_.store.search(std::move(query));
        if (page.has_error()) {
            co_return page.error();
        }
        for (const auto& message : page->items) {
            if (const auto found = known_as(message, *vault, from, upstream_reference)) {
                co_return found;
            }
        }
    }
    co_return none;
}

std::optional<Incoming::Keeper>
Incoming::keeper_of(const ports::Handover& from, const std::optional<core::TenantId>& owner) const {
    Keeper keeper;
    if (owner && from.tenants.contains(*owner)) {
        keeper.tenant = *owner;
        keeper.vault = parts_.vaults.find(keeper.tenant);
        keeper.is_owner = true;
        return keeper.vault ? std::optional(keeper) : std::nullopt;
    }
    for (const auto& tenant : from.tenants) {
        keeper.vault = parts_.vaults.find(tenant);
        if (keeper.vault != nullptr) {
            keeper.tenant = tenant;
            keeper.is_owner = !owner && from.tenants.size() == 1;   // it can be nobody else's
            return keeper;
        }
    }
    return std::nullopt;
}

sdk::Task<sdk::Result<Kept>> Incoming::quarantine(ports::Handover from, sdk::Oddity oddity) {
    if (oddity.raw.size() > oddity_bytes_max || oddity.memo.size() > memo_bytes_max) {
        co_return Failure(Errc::too_large, "more than 1 MiB to keep");
    }
    const auto keeper = keeper_of(from, oddity.tenant);
    if (!keeper) {
        co_return Failure(Errc::unavailable, "no key to seal it under");
    }
    ports::InboundCommand command;
    command.tenant = keeper->tenant;
    command.tenant_known = keeper->is_owner;
    command.id = parts_.ids.next<core::InboxId>();
    command.connection = from.connection;
    command.dedupe_key = oddity.dedupe_id;
    if (command.dedupe_key.empty()) {
        command.dedupe_key = "sha256 " + crypto::sha256(oddity.raw).to_hex();
    }
    command.type = "oddity";
    command.at = parts_.clock.now();
    command.code = oddity.code;
    command.params = std::move(oddity.params);
    command.media_type = std::move(oddity.media_type);
    command.content_bytes = oddity.raw.size();
    if (oddity.tell_when_stored) {
        command.telling.emplace();
        command.telling->at_once = true;
    }
    if (!keeper->is_owner) {
        oddity.documents.clear();   // they were written for a tenant; whose, nobody knows
    }
    for (const auto& document : oddity.documents) {
        command.documents.push_back(document.sha256);
        command.content_bytes += document.size;
    }
    const auto owner = command.id.to_bytes();
    auto key = keeper->vault->new_key(parts_.ids, owner);
    if (oddity.memo.empty() && oddity.documents.empty()) {
        command.sealed_content = key.key.seal(parts_.ids, "content", owner, oddity.raw);
    } else {
        const auto content = json::write(oddity_content(oddity));
        command.sealed_content = key.key.seal(parts_.ids, "content", owner, content);
        command.sealed_raw = key.key.seal(parts_.ids, "raw", owner, oddity.raw);
    }
    command.wrapped_key = std::move(key.wrapped);
    const auto item = command.id.to_string();
    const auto stored = co_await parts_.store.store_inbound(std::move(command));
    if (stored.has_error()) {
        co_return stored.error();
    }
    if (stored->result == ports::Inbounded::duplicate) {
        co_return Kept::duplicate;
    }
    say_quarantined(from.connection, oddity.code, item);
    co_return Kept::stored;
}

void Incoming::say_quarantined(const core::ConnectionId& connection, const core::Code& code,
                               const std::string& item) const {
    parts_.log.write(sdk::Severity::error, "quarantined",
                     {{"connection", connection.value}, {"code", code.value}, {"item", item}});
    parts_.metrics.count("sluse_quarantined_total",
                         {{"connection", connection.value}, {"code", code.value}});
}

void Incoming::count_receipt(const ports::Handover& from, const char* result) const {
    parts_.metrics.count("sluse_receipts_received_total",
                         {{"connection", from.connection.value}, {"result", result}});
}

}   // namespace gateway::app
