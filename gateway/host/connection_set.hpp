#pragma once

// The running connections of a configuration. A reload starts what is new, then drains what it
// replaced; what did not change is not touched.

#include "gateway/host/running_connection.hpp"
#include "gateway/ports/callbacks.hpp"

#include <map>
#include <memory>
#include <shared_mutex>

namespace gateway::host {

struct ConnectionFault {
    core::ConnectionId connection;
    core::Failure failure;

    ConnectionFault(core::ConnectionId which, core::Failure why)
        : connection(std::move(which)), failure(std::move(why)) {}
};

/// find() and all() from any thread; apply() and stop() one at a time. stop() is awaited before it
/// goes.
class ConnectionSet final : public ports::Connections,
                            public ports::Callbacks,
                            public ports::Acts,
                            public ports::Feeds,
                            public ports::ExaminedConnections {
public:
    explicit ConnectionSet(Services services);
    ~ConnectionSet() override;

    /// Whether each connection of the configuration runs in the form it has there.
    bool is_complete(const core::Configuration& configuration) const;
    /// Returns what could not be built or started; everything else runs. What did not start before
    /// is tried again. A connection that was
    /// running and cannot be built anew keeps its old form. Returns after the replaced ones have
    /// drained (`drain` at most). `in_force` is called once when the new ones can be found and the
    /// old ones still can: the moment to swap what refers to them.
    sdk::Task<std::vector<ConnectionFault>>
    apply(std::shared_ptr<const core::Configuration> configuration, core::Duration start_time,
          core::Duration drain, std::function<void()> in_force = {});
    /// Drains and stops all, those that need another (its tokens, its register) before it. Safe
    /// twice.
    sdk::Task<void> stop(core::Duration drain);

    std::shared_ptr<ports::Connection> find(const core::ConnectionId& id) const override;
    std::vector<std::shared_ptr<ports::Connection>> all() const override;
    std::shared_ptr<ports::Examined> examined(const core::ConnectionId& id) const override;
    sdk::Registers& registers() override { return registers_; }
    sdk::Task<sdk::Result<sdk::CallbackAnswer>>
    call_back(core::ConnectionId connection, sdk::Callback call, sdk::Deadline deadline) override;
    sdk::Task<sdk::ActAnswer> act(core::ConnectionId connection, sdk::Act act,
                                  sdk::Deadline deadline) override;

    std::vector<ports::FeedPlace> feeds() const override;
    std::vector<std::string> datasets(const core::ConnectionId& connection) const override;
    sdk::Task<sdk::ChangePage> changes(ports::FeedPlace place, std::string cursor,
                                       sdk::Deadline deadline) override;
    sdk::Task<sdk::LoadAnswer> load(ports::FeedPlace place, sdk::RegisterIntake& into) override;
    void say(const ports::FeedPlace& place, std::optional<ports::FeedTrouble> trouble) override;

private:
    /// Found through tokens of adapters whose call may end after the set is gone: shared.
    struct Members {
        mutable std::shared_mutex mutex;
        std::map<core::ConnectionId, std::shared_ptr<RunningConnection>> running;
        std::shared_ptr<RunningConnection> find(const core::ConnectionId& id) const;
        std::shared_ptr<RegisterOwner> find_register(const core::TenantId& tenant,
                                                     std::string_view dataset) const;
    };
    using Running = std::shared_ptr<RunningConnection>;
    Running find_feed(const ports::FeedPlace& place) const;
    FindRegister find_register() const;
    bool runs(const core::ConnectionConfig& config) const;
    core::Result<Running> build(const core::ConnectionConfig& config) const;
    Running put(const Running& connection);
    std::vector<Running> retire(const core::Configuration& configuration);

    Services services_;
    std::shared_ptr<Members> members_;
    AllRegisters registers_;
};

/// Equal in everything a running connection was built from.
bool same_connection(const core::ConnectionConfig& a, const core::ConnectionConfig& b);

}   // namespace gateway::host
