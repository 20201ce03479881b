#pragma once

// Access tokens from Maskinporten for the other connections: one cache entry per shape of request,
// one fetch however many ask, renewed early, never written anywhere.

#include "adapters/maskinporten/maskinporten_codec.hpp"
#include "gateway/runtime/single_flight.hpp"
#include "gateway/sdk/adapter.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace gateway::maskinporten {

/// Lives on its connection's strand. stop() cancels the fetches under way; later calls answer
/// `maskinporten.unavailable`.
class MaskinportenAdapter final : public sdk::Adapter, public sdk::TokenSource {
public:
    MaskinportenAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::TokenSource* tokens() override { return this; }

    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline deadline) override;
    sdk::Task<sdk::TokenAnswer> fresh_token(sdk::TokenRequest request,
                                            sdk::Deadline deadline) override;
    void invalidate(const sdk::TokenRequest& request, const std::string& token) override;

private:
    /// What is known of one shape of request.
    struct Entry {
        std::string token;             // empty: none
        core::Time expires_at{};       // by the wall, for who asked
        core::SteadyTime renew_at{};   // from here a new one is fetched while this one serves
        core::SteadyTime wait_at{};    // from here the asker waits for the new one
        core::SteadyTime ends_at{};
        std::optional<sdk::TokenFailure> failure;   // of the last fetch
        core::SteadyTime retry_at{};                // not asked again before, after a failure
        runtime::SingleFlight<TokenReply> flight;

        explicit Entry(sdk::Clock& clock) : flight(clock) {}
        bool serves(core::SteadyTime now) const { return !token.empty() && now < ends_at; }
    };
    struct MetadataReply {
        std::optional<Metadata> metadata;
        core::Failure failure;

        MetadataReply() = default;
    };

    Entry& entry_for(const sdk::TokenRequest& request);
    sdk::TokenAnswer answer_for(const sdk::TokenRequest& request) const;
    void make_room();
    sdk::Task<TokenReply> fetch(sdk::TokenRequest request);
    sdk::Task<TokenReply> fetch_once(const sdk::TokenRequest& request, sdk::Deadline deadline);
    void keep(Entry& entry, const TokenReply& reply);
    void report(const TokenReply& reply);
    sdk::Task<MetadataReply> metadata(sdk::Deadline deadline);
    sdk::Task<MetadataReply> read_metadata_anew();
    sdk::Task<core::Result<std::string>> sign(const Metadata& metadata,
                                              const sdk::TokenRequest& request);

    Settings settings_;
    sdk::Host& host_;
    std::map<sdk::TokenRequest, std::unique_ptr<Entry>> entries_;
    runtime::SingleFlight<MetadataReply> metadata_flight_;
    std::optional<Metadata> metadata_;
    core::SteadyTime metadata_fresh_until_{};
    bool stopped_ = false;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::maskinporten
