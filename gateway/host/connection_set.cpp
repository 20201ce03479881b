#include "gateway/host/connection_set.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>
#include <utility>

namespace gateway::host {
namespace {

auto facts(const core::ConnectionConfig& config) {
    return std::tie(config.id, config.adapter, config.environment, config.base_url, config.settings,
                    config.tokens, config.tenants, config.owner, config.key, config.key_password,
                    config.certificate, config.ca_file, config.in_flight_max,
                    config.receiver_silent);
}

/// 0: others borrow its tokens; 1: others ask its register; 2: nobody needs it.
int needed_by(const RunningConnection& connection) {
    if (!connection.config().tokens) {
        return 0;
    }
    return connection.has_register() ? 1 : 2;
}

}   // namespace

bool same_connection(const core::ConnectionConfig& a, const core::ConnectionConfig& b) {
    return facts(a) == facts(b);
}

std::shared_ptr<RunningConnection>
ConnectionSet::Members::find(const core::ConnectionId& id) const {
    const std::shared_lock lock(mutex);
    const auto found = running.find(id);
    return found == running.end() ? nullptr : found->second;
}

std::shared_ptr<RegisterOwner>
ConnectionSet::Members::find_register(const core::TenantId& tenant,
                                      std::string_view dataset) const {
    const std::shared_lock lock(mutex);
    for (const auto& [id, connection] : running) {
        if (connection->answers(tenant, dataset)) {
            return connection;
        }
    }
    return nullptr;
}

ConnectionSet::ConnectionSet(Services services)
    : services_(std::move(services)),
      members_(std::make_shared<Members>()),
      registers_(find_register()) {}

ConnectionSet::~ConnectionSet() = default;

FindRegister ConnectionSet::find_register() const {
    return [members = std::weak_ptr<Members>(members_)](
               const core::TenantId& tenant,
               std::string_view dataset) -> std::shared_ptr<RegisterOwner> {
        const auto alive = members.lock();
        return alive ? alive->find_register(tenant, dataset) : nullptr;
    };
}

core::Result<ConnectionSet::Running>
ConnectionSet::build(const core::ConnectionConfig& config) const {
    BorrowedTokens::FindLender lender =
        [members = std::weak_ptr<Members>(members_),
         from = config.tokens]() -> std::shared_ptr<BorrowedTokens::Lender> {
        const auto alive = members.lock();
        return alive && from ? alive->find(*from) : nullptr;
    };
    return RunningConnection::create(services_, config, std::move(lender), find_register());
}

/// Takes out those that are no longer configured.
std::vector<ConnectionSet::Running>
ConnectionSet::retire(const core::Configuration& configuration) {
    std::vector<Running> retired;
    const std::unique_lock lock(members_->mutex);
    for (auto member = members_->running.begin(); member != members_->running.end();) {
        if (configuration.connections.contains(member->first)) {
            ++member;
            continue;
        }
        retired.push_back(std::move(member->second));
        member = members_->running.erase(member);
    }
    return retired;
}

/// Gives back who was in its place.
ConnectionSet::Running ConnectionSet::put(const Running& connection) {
    const std::unique_lock lock(members_->mutex);
    auto& place = members_->running[connection->id()];
    return std::exchange(place, connection);
}

bool ConnectionSet::runs(const core::ConnectionConfig& config) const {
    const auto running = members_->find(config.id);
    return running != nullptr && running->is_serving() &&
           same_connection(running->config(), config);
}

bool ConnectionSet::is_complete(const core::Configuration& configuration) const {
    return std::all_of(configuration.connections.begin(), configuration.connections.end(),
                       [this](const auto& entry) { return runs(entry.second); });
}

sdk::Task<std::vector<ConnectionFault>>
ConnectionSet::apply(std::shared_ptr<const core::Configuration> configuration,
                     core::Duration start_time, core::Duration drain,
                     std::function<void()> in_force) {
    std::vector<ConnectionFault> faults;
    std::vector<Running> fresh;
    for (const auto& [id, config] : configuration->connections) {
        if (runs(config)) {
            continue;
        }
        auto built = build(config);
        if (built.has_error()) {
            faults.emplace_back(id, built.error());
            continue;
        }
        fresh.push_back(std::move(*built));
    }
    // Who lends tokens starts first, then the registers; each takes its place once it serves, so
    // nobody meets a cold one.
    std::stable_sort(fresh.begin(), fresh.end(), [](const Running& a, const Running& b) {
        return needed_by(*a) < needed_by(*b);
    });
    std::vector<Running> replaced;
    for (const auto& connection : fresh) {
        const auto deadline = services_.clock.in(start_time);
        const auto started = co_await connection->start(deadline);
        if (started.has_error()) {
            faults.emplace_back(connection->id(), started.error());
        }
        if (auto old = put(connection)) {
            co_await old->stop_receiving();
            replaced.push_back(std::move(old));
        }
        connection->start_receiving();
    }
    if (in_force) {
        in_force();
    }
    for (auto& gone : retire(*configuration)) {
        replaced.push_back(std::move(gone));
    }
    const auto drained_by = services_.clock.in(drain);
    for (const auto& connection : replaced) {
        co_await connection->stop(drained_by);
    }
    co_return faults;
}

sdk::Task<void> ConnectionSet::stop(core::Duration drain) {
    std::vector<Running> running;
    {
        const std::unique_lock lock(members_->mutex);
        for (const auto& [id, connection] : members_->running) {
            running.push_back(connection);
        }
    }
    std::stable_sort(running.begin(), running.end(), [](const Running& a, const Running& b) {
        return needed_by(*a) > needed_by(*b);
    });
    const auto drained_by = services_.clock.in(drain);
    for (const auto& connection : running) {
        co_await connection->stop(drained_by);
    }
    const std::unique_lock lock(members_->mutex);
    members_->running.clear();
}

std::shared_ptr<ports::Connection> ConnectionSet::find(const core::ConnectionId& id) const {
    return members_->find(id);
}

std::shared_ptr<ports::Examined> ConnectionSet::examined(const core::ConnectionId& id) const {
    return members_->find(id);
}

std::vector<std::shared_ptr<ports::Connection>> ConnectionSet::all() const {
    const std::shared_lock lock(members_->mutex);
    std::vector<std::shared_ptr<ports::Connection>> result;
    for (const auto& [id, connection] : members_->running) {
        result.push_back(connection);
    }
    return result;
}

sdk::Task<sdk::Result<sdk::CallbackAnswer>> ConnectionSet::call_back(core::ConnectionId connection,
                                                                     sdk::Callback call,
                                                                     sdk::Deadline deadline) {
    const auto running = members_->find(connection);
    if (running == nullptr) {
        co_return sdk::CallbackAnswer::stranger;
    }
    co_return co_await running->call_back(std::move(call), deadline);
}

sdk::Task<sdk::ActAnswer> ConnectionSet::act(core::ConnectionId connection, sdk::Act act,
                                             sdk::Deadline deadline) {
    const auto running = members_->find(connection);
    if (running == nullptr) {
        sdk::ActAnswer answer;
        answer.code = "connection.unknown";
        answer.params.emplace_back("connection", connection.value);
        co_return answer;
    }
    co_return co_await running->act(std::move(act), deadline);
}

std::vector<ports::FeedPlace> ConnectionSet::feeds() const {
    const std::shared_lock lock(members_->mutex);
    std::vector<ports::FeedPlace> places;
    for (const auto& [id, connection] : members_->running) {
        if (connection->has_feed()) {
            for (const auto& tenant : connection->config().tenants) {
                places.emplace_back(id, tenant);
            }
        }
    }
    return places;
}

std::vector<std::string> ConnectionSet::datasets(const core::ConnectionId& connection) const {
    const auto running = members_->find(connection);
    return running == nullptr ? std::vector<std::string>() : running->datasets();
}

/// Nothing when the connection tells the tenant of no changes.
ConnectionSet::Running ConnectionSet::find_feed(const ports::FeedPlace& place) const {
    auto running = members_->find(place.connection);
    const bool tells = running != nullptr && running->has_feed() &&
                       running->config().tenants.contains(place.tenant);
    return tells ? running : nullptr;
}

sdk::Task<sdk::ChangePage> ConnectionSet::changes(ports::FeedPlace place, std::string cursor,
                                                  sdk::Deadline deadline) {
    const auto running = find_feed(place);
    if (running == nullptr) {
        sdk::ChangePage page;
        page.failure.emplace();
        page.failure->code = "register.none";
        co_return page;
    }
    co_return co_await running->changes(std::move(place.tenant), std::move(cursor), deadline);
}

sdk::Task<sdk::LoadAnswer> ConnectionSet::load(ports::FeedPlace place, sdk::RegisterIntake& into) {
    const auto running = find_feed(place);
    if (running == nullptr) {
        sdk::LoadAnswer answer;
        answer.failure.emplace();
        answer.failure->code = "register.none";
        co_return answer;
    }
    co_return co_await running->load(std::move(place.tenant), into);
}

void ConnectionSet::say(const ports::FeedPlace& place, std::optional<ports::FeedTrouble> trouble) {
    if (const auto running = members_->find(place.connection)) {
        running->say(place.tenant, std::move(trouble));
    }
}

}   // namespace gateway::host
