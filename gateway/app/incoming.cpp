#include "gateway/app/incoming.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/dispatch/cargo.hpp"
#include "gateway/receipt/receiving.hpp"

#include <utility>

namespace gateway::app {

using core::Errc;
using core::Failure;
using sdk::Kept;

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
    if (oddity.raw.size() > oddity_bytes_max) {
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
    const auto owner = command.id.to_bytes();
    auto key = keeper->vault->new_key(parts_.ids, owner);
    command.sealed_content = key.key.seal(parts_.ids, "content", owner, oddity.raw);
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
