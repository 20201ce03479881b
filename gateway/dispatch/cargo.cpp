#include "gateway/dispatch/cargo.hpp"

namespace gateway::dispatch {
namespace {

constexpr std::size_t progress_bytes_max = 256U << 10U;

core::DeliveryTraits traits_of(const sdk::Capability* capability) {
    core::DeliveryTraits traits;
    if (capability != nullptr) {
        traits.upstream_deduplicates = capability->deduplicates != sdk::Deduplicates::none;
        traits.answers_lookup = capability->answers_lookup;
        traits.lookup_is_final = capability->lookup_is_final;
        traits.receipts_arrive_later = capability->receipts_arrive_later;
        traits.receipts_are_pushed = capability->receipts_are_pushed;
        traits.can_cancel = capability->can_cancel;
    }
    return traits;
}

std::optional<core::Time> time_at(const json::Value& content, std::string_view member) {
    const auto& text = content[member].as_string();
    if (text.empty()) {
        return std::nullopt;
    }
    const auto time = core::parse_rfc3339(text);
    return time ? std::optional<core::Time>(*time) : std::nullopt;
}

/// False when something sealed does not open or read.
bool unseal(Cargo& cargo) {
    const auto owner = cargo.claimed.row.message.to_bytes();
    auto key = cargo.vault->unwrap(cargo.claimed.wrapped_key, owner);
    if (!key) {
        return false;
    }
    cargo.key.emplace(std::move(*key));
    auto content = cargo.key->open("content", owner, cargo.claimed.sealed_content);
    if (!content) {
        return false;
    }
    json::ParseLimits limits;
    limits.bytes_max = content->size();
    auto parsed = json::parse(*content, limits);
    if (!parsed || !parsed->is_object()) {
        return false;
    }
    cargo.content = std::move(*parsed);
    cargo.delivery.content = std::move(*content);
    const auto& row = cargo.claimed.row;
    if (!row.sealed_upstream_reference.empty()) {
        auto reference = cargo.key->open("upstream", owner, row.sealed_upstream_reference);
        if (!reference) {
            return false;
        }
        cargo.delivery.upstream_reference = std::move(*reference);
    }
    if (!row.sealed_progress.empty()) {
        auto progress = cargo.key->open("progress", owner, row.sealed_progress);
        if (!progress || progress->size() > progress_bytes_max) {
            return false;
        }
        cargo.progress = std::move(*progress);
    }
    return true;
}

}   // namespace

core::DeliveryMachine Cargo::machine(core::Time now) const {
    core::Situation situation;
    situation.state = claimed.row.state;
    situation.work = claimed.row.work;
    situation.failures = claimed.row.failures;
    situation.was_interrupted = claimed.was_interrupted;
    situation.cancel_requested = claimed.row.cancel_requested;
    situation.is_expired = claimed.row.expires_at && *claimed.row.expires_at <= now;
    situation.outcome_unknown = claimed.row.code == core::Code("attempt_unknown");
    return core::DeliveryMachine(traits_of(capability), situation);
}

Cargo unpack(const Services& services, ports::ClaimedDelivery claimed) {
    return unpack(services.configuration, services.vaults, std::move(claimed));
}

Cargo unpack(const ports::ConfigurationSource& configuration, const crypto::Vaults& vaults,
             ports::ClaimedDelivery claimed) {
    Cargo cargo;
    cargo.claimed = std::move(claimed);
    cargo.configuration = configuration.current();
    cargo.vault = vaults.find(cargo.claimed.tenant);
    if (cargo.vault == nullptr) {
        cargo.fault.emplace(core::Code("delivery.key_missing"));
        return cargo;
    }
    if (!unseal(cargo)) {
        cargo.fault.emplace(core::Code("delivery.message_unreadable"));
        return cargo;
    }
    const auto& row = cargo.claimed.row;
    auto& delivery = cargo.delivery;
    delivery.tenant = cargo.claimed.tenant;
    delivery.system = cargo.claimed.system;
    delivery.message = row.message;
    delivery.id = row.id;
    delivery.type = cargo.claimed.type;
    delivery.attempt = row.attempts;
    delivery.upstream_key = row.upstream_key;
    delivery.settings = row.settings;
    delivery.accepted_at = cargo.claimed.accepted_at;
    delivery.not_before = time_at(cargo.content, "notBefore");
    delivery.expires_at = row.expires_at;
    return cargo;
}

void find_carrier(const Services& services, Cargo& cargo, const core::ConnectionId& connection,
                  const std::string& settings) {
    const auto configured = cargo.configuration->connections.find(connection);
    cargo.connection = services.connections.find(connection);
    const bool serves = configured != cargo.configuration->connections.end() &&
                        configured->second.tenants.contains(cargo.claimed.tenant);
    if (cargo.connection != nullptr && serves) {
        cargo.capability = cargo.connection->capability(cargo.claimed.type);
    }
    if (cargo.capability == nullptr) {
        core::Params params{{"connection", connection.value}};
        cargo.fault.emplace(core::Code("delivery.adapter_missing"), std::move(params));
        return;
    }
    cargo.delivery.settings = settings;
}

sdk::Task<sdk::Result<void>> find_documents(const Services& services, Cargo& cargo) {
    const auto& items = cargo.content["documents"].items();
    for (const auto& item : items) {
        const auto hash = core::parse_sha256(item["sha256"].as_string());
        if (!hash) {
            cargo.fault.emplace(core::Code("delivery.document_unreadable"));
            co_return sdk::Result<void>();
        }
        auto found = co_await services.store.find_document(cargo.claimed.tenant, *hash);
        if (found.has_error()) {
            co_return found.error();
        }
        if (!found->has_value()) {
            cargo.fault.emplace(core::Code("delivery.document_unreadable"));
            co_return sdk::Result<void>();
        }
        core::DocumentRef document;
        document.sha256 = *hash;
        document.md5_hex = (*found)->md5_hex;
        document.size = (*found)->size;
        document.name = item["name"].as_string();
        document.title = item["title"].as_string();
        document.media_type = item["mediaType"].as_string();
        cargo.delivery.documents.push_back(std::move(document));
    }
    co_return sdk::Result<void>();
}

sdk::Deadline attempt_deadline(const sdk::Clock& clock, const Cargo& cargo) {
    std::uint64_t bytes = 0;
    for (const auto& document : cargo.delivery.documents) {
        bytes += document.size;
    }
    const std::chrono::seconds upload(static_cast<std::int64_t>(bytes / upload_rate_min));
    const auto allowed = cargo.capability->attempt_time_max + upload;
    return clock.in(allowed);
}

}   // namespace gateway::dispatch
