#include "scripted_connection.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tests {

namespace core = gateway::core;
namespace sdk = gateway::sdk;

namespace {

/// Counts a call inside for as long as it lasts, however it ends.
class Inside {
public:
    explicit Inside(ScriptedConnection& connection) : connection_(connection) {
        connection_.inside_most = std::max(connection_.inside_most, ++connection_.inside);
    }
    ~Inside() { --connection_.inside; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

private:
    ScriptedConnection& connection_;
};

template <class T>
T next_or(std::deque<T>& queue, T standing) {
    if (queue.empty()) {
        return standing;
    }
    T first = std::move(queue.front());
    queue.pop_front();
    return first;
}

}   // namespace

sdk::Capability letter_capability() {
    sdk::Capability capability;
    capability.message_type = "letter/v1";
    capability.deduplicates = sdk::Deduplicates::upstream;
    capability.answers_lookup = true;
    capability.receipts_arrive_later = true;
    capability.can_cancel = true;
    return capability;
}

ScriptedConnection::ScriptedConnection(std::string id, sdk::Clock& clock)
    : id_(std::move(id)), clock_(clock) {
    standing_send.upstream_reference = "ref-1";
    capabilities.push_back(letter_capability());
}

std::size_t ScriptedConnection::count(const std::string& kind) const {
    return static_cast<std::size_t>(std::count_if(
        calls.begin(), calls.end(), [&](const Call& call) { return call.kind == kind; }));
}

const sdk::Capability* ScriptedConnection::capability(std::string_view type) const {
    for (const auto& capability : capabilities) {
        if (capability.message_type == type) {
            return &capability;
        }
    }
    return nullptr;
}

sdk::Task<void> ScriptedConnection::begin(std::string kind, const core::Delivery& delivery,
                                          std::string progress, sdk::Deadline deadline) {
    Call call;
    call.kind = std::move(kind);
    call.delivery = delivery;
    call.progress = std::move(progress);
    call.began = clock_.steady();
    call.deadline = deadline.at;
    calls.push_back(std::move(call));
    if (throws) {
        throw std::runtime_error("an adapter's mistake");
    }
    if (hangs) {
        co_await clock_.sleep_until(clock_.steady() + std::chrono::hours(24 * 365));
    }
    if (takes.count() > 0) {
        co_await clock_.sleep_until(clock_.steady() + takes);
    }
}

sdk::Task<sdk::Outcome> ScriptedConnection::send(core::Delivery delivery, sdk::Progress& progress,
                                                 sdk::Deadline deadline) {
    const Inside inside_now(*this);
    co_await begin("send", delivery, progress.value(), deadline);
    if (on_send) {
        co_return co_await on_send(delivery, progress);
    }
    co_return next_or(send_queue, standing_send);
}

sdk::Task<sdk::Outcome> ScriptedConnection::look_up(core::Delivery delivery,
                                                    sdk::Progress& progress,
                                                    sdk::Deadline deadline) {
    const Inside inside_now(*this);
    co_await begin("look_up", delivery, progress.value(), deadline);
    co_return next_or(look_up_queue, standing_send);
}

sdk::Task<core::Result<sdk::Receipts>> ScriptedConnection::poll_receipts(core::Delivery delivery,
                                                                         sdk::Deadline deadline) {
    const Inside inside_now(*this);
    std::string none;
    co_await begin("poll", delivery, std::move(none), deadline);
    co_return next_or(poll_queue, core::Result<sdk::Receipts>(sdk::Receipts()));
}

sdk::Task<sdk::Outcome> ScriptedConnection::cancel(core::Delivery delivery,
                                                   sdk::Deadline deadline) {
    const Inside inside_now(*this);
    std::string none;
    co_await begin("cancel", delivery, std::move(none), deadline);
    co_return next_or(cancel_queue, sdk::Outcome(sdk::Verdict::accepted));
}

sdk::Task<sdk::Outcome> ScriptedConnection::settled(sdk::InboundSettled what,
                                                    sdk::Deadline deadline) {
    const Inside inside_now(*this);
    std::string none;
    const core::Delivery delivery;
    told.push_back(std::move(what));
    co_await begin("settled", delivery, std::move(none), deadline);
    co_return next_or(settled_queue, sdk::Outcome(sdk::Verdict::accepted));
}

sdk::Task<sdk::Health> ScriptedConnection::check_health(sdk::Deadline) {
    co_return sdk::Health(sdk::Condition::ready);
}

std::shared_ptr<ScriptedConnection> ScriptedConnections::add(std::string id, sdk::Clock& clock) {
    auto connection = std::make_shared<ScriptedConnection>(std::move(id), clock);
    connections_[connection->id()] = connection;
    return connection;
}

std::shared_ptr<gateway::ports::Connection>
ScriptedConnections::find(const core::ConnectionId& id) const {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<gateway::ports::Connection>> ScriptedConnections::all() const {
    std::vector<std::shared_ptr<gateway::ports::Connection>> result;
    for (const auto& [id, connection] : connections_) {
        result.push_back(connection);
    }
    return result;
}

}   // namespace tests
