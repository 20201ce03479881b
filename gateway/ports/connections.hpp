#pragma once

// The running adapters as accept and dispatch see them: calls hop onto the connection's strand and
// back.

#include "gateway/core/delivery.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gateway::ports {

/// One connection. Kept alive by who holds it; stop() of a replaced one waits for its users.
class Connection {
public:
    virtual ~Connection() = default;
    virtual const core::ConnectionId& id() const = 0;
    virtual int in_flight_max() const = 0;
    virtual const sdk::Capability* capability(std::string_view type) const = 0;
    virtual std::vector<core::Problem> check(std::string_view type, const json::Value& message,
                                             const json::Value& with,
                                             std::span<const core::DocumentRef> documents,
                                             core::Time now) const = 0;
    virtual sdk::Task<sdk::Outcome> send(core::Delivery delivery, sdk::Progress& progress,
                                         sdk::Deadline deadline) = 0;
    virtual sdk::Task<sdk::Outcome> look_up(core::Delivery delivery, sdk::Progress& progress,
                                            sdk::Deadline deadline) = 0;
    virtual sdk::Task<core::Result<sdk::Receipts>> poll_receipts(core::Delivery delivery,
                                                                 sdk::Deadline deadline) = 0;
    virtual sdk::Task<sdk::Outcome> cancel(core::Delivery delivery, sdk::Deadline deadline) = 0;
    /// `try_later` while it does not serve; `accepted` when its adapter receives nothing any more.
    virtual sdk::Task<sdk::Outcome> settled(sdk::InboundSettled what, sdk::Deadline deadline) = 0;
    virtual sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) = 0;
};

class Connections {
public:
    virtual ~Connections() = default;
    virtual std::shared_ptr<Connection> find(const core::ConnectionId& id) const = 0;
    virtual std::vector<std::shared_ptr<Connection>> all() const = 0;
    /// The registers of all of them. Any strand may call.
    virtual sdk::Registers& registers() = 0;
};

}   // namespace gateway::ports
