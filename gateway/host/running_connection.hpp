#pragma once

// One connection: an adapter, the strand it lives on and the world it sees. Every call hops onto
// the strand and back.

#include "gateway/host/adapter_services.hpp"
#include "gateway/host/business_key.hpp"
#include "gateway/host/incoming.hpp"
#include "gateway/host/registers.hpp"
#include "gateway/ports/examination.hpp"
#include "gateway/ports/feeds.hpp"

#include <boost/asio/strand.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace gateway::host {

/// Shared by the set and by who makes a call through it; destroyed after stop() and the last call.
/// Any thread.
class RunningConnection final : public ports::Connection,
                                public ports::Examined,
                                public BorrowedTokens::Lender,
                                public RegisterOwner,
                                public std::enable_shared_from_this<RunningConnection> {
public:
    /// No I/O. `unsupported` without such an adapter, or what the adapter says of its settings.
    static core::Result<std::shared_ptr<RunningConnection>>
    create(const Services& services, const core::ConnectionConfig& config,
           BorrowedTokens::FindLender lender, FindRegister find_register);
    ~RunningConnection() override;

    /// An upstream that is down is not a failure. After any other its calls answer `try_later` with
    /// the reason.
    sdk::Task<sdk::Result<void>> start(sdk::Deadline deadline);
    /// Once, after start(). Nothing when its adapter receives nothing, or did not start.
    void start_receiving();
    /// Before the adapter that takes over receives. Safe twice.
    sdk::Task<void> stop_receiving();
    /// Ends the receiver, waits for the calls inside until `deadline`, then stops the adapter. Safe
    /// twice.
    sdk::Task<void> stop(sdk::Deadline deadline);
    const core::ConnectionConfig& config() const { return config_; }
    /// Serves the tenant, and its adapter has the dataset.
    bool answers(const core::TenantId& tenant, std::string_view dataset) const;
    bool has_register() const;
    bool has_feed() const;
    /// What its register has.
    std::vector<std::string> datasets() const;
    sdk::Task<sdk::ChangePage> changes(core::TenantId tenant, std::string cursor,
                                       sdk::Deadline deadline);
    sdk::Task<sdk::LoadAnswer> load(core::TenantId tenant, sdk::RegisterIntake& into);
    /// Part of its health until it is taken back.
    void say(const core::TenantId& tenant, std::optional<ports::FeedTrouble> trouble);
    /// Started, and not stopped.
    bool is_serving() const { return serving_; }

    const core::ConnectionId& id() const override { return config_.id; }
    int in_flight_max() const override { return config_.in_flight_max; }
    const sdk::Capability* capability(std::string_view type) const override;
    std::vector<core::Problem> check(std::string_view type, const json::Value& message,
                                     const json::Value& with,
                                     std::span<const core::DocumentRef> documents,
                                     core::Time now) const override;
    sdk::Task<sdk::Outcome> send(core::Delivery delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> look_up(core::Delivery delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline) override;
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(core::Delivery delivery,
                                                         sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> cancel(core::Delivery delivery, sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled what, sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<sdk::TokenAnswer> lend(sdk::TokenRequest request, Fetch fetch,
                                     sdk::Deadline deadline) override;
    void invalidate(sdk::TokenRequest request, std::string token) override;
    const core::ConnectionConfig& configured() const override { return config_; }
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::TokenAnswer> fresh_token(sdk::TokenRequest request,
                                            sdk::Deadline deadline) override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Task<sdk::ActAnswer> act(sdk::Act act, sdk::Deadline deadline);
    /// `stranger` without a receiver, `not_kept` while it does not serve.
    sdk::Task<sdk::Result<sdk::CallbackAnswer>> call_back(sdk::Callback call,
                                                          sdk::Deadline deadline);
    sdk::Task<sdk::RegisterAnswer> ask_register(sdk::RegisterQuery query,
                                                sdk::Deadline deadline) override;

private:
    class Call;
    using Strand = boost::asio::strand<boost::asio::any_io_executor>;

    RunningConnection(const Services& services, core::ConnectionConfig config,
                      const sdk::Descriptor& descriptor, Strand strand,
                      std::unique_ptr<sdk::HttpClient> http, std::unique_ptr<sdk::Streams> streams,
                      BorrowedTokens::FindLender lender, FindRegister find_register);
    template <class T>
    sdk::Task<T> on_strand(sdk::Task<T> task);
    sdk::Outcome not_serving() const;
    std::optional<ports::FeedTrouble> feed_trouble() const;

    Services services_;
    core::ConnectionConfig config_;
    const sdk::Descriptor& descriptor_;
    Strand strand_;
    std::unique_ptr<sdk::HttpClient> http_;
    std::unique_ptr<sdk::Streams> streams_;
    BorrowedTokens tokens_;
    ServedDocuments documents_;
    BusinessKey keys_;
    StoredState state_;
    std::unique_ptr<sdk::Log> log_;
    LabelledMetrics metrics_;
    ServedRegisters registers_;
    Receiving receiving_;
    ReceivedItems inbound_;
    BlockingWork work_;
    sdk::Host host_;
    std::unique_ptr<sdk::Adapter> adapter_;   // first to go: it uses all above
    mutable std::mutex feed_mutex_;
    std::map<core::TenantId, ports::FeedTrouble> feed_troubles_;
    std::atomic<int> inside_{0};
    std::atomic<bool> serving_{false};
    std::atomic<bool> stopped_{false};
};

}   // namespace gateway::host
