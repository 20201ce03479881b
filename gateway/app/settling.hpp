#pragma once

// Tells adapters what became of what they handed over: acknowledged by the systems that received
// it, rejected, or overdue. Durable, at least once, with back-off; one slow component holds up
// nobody else's for longer than a call may last.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/sdk/host.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>

namespace gateway::app {

/// All of it outlives it.
struct SettlingParts {
    ports::Store& store;
    ports::Connections& connections;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    runtime::Signal& news;   // told after each commit that added events
};

/// start() once, then stop(), which is awaited before it goes.
class Settling {
public:
    Settling(SettlingParts parts, boost::asio::any_io_executor executor)
        : parts_(parts), executor_(executor), group_(executor) {}
    void start();
    sdk::Task<void> stop() { return group_.stop(); }

    /// Claims what is due and tells it; whether there was any. For tests, too.
    sdk::Task<bool> tell_due();

private:
    enum class Look : std::uint8_t {
        told,
        found_nothing,
        no_place,   // as many are told already as may be at once: nobody looked
    };

    sdk::Task<void> run();
    sdk::Task<Look> look(std::size_t most);
    sdk::Task<void> tell(ports::Settlement settlement);
    sdk::Task<sdk::Outcome> call(const ports::Settlement& settlement);
    void say_overdue(const ports::Settlement& settlement) const;

    SettlingParts parts_;
    boost::asio::any_io_executor executor_;
    std::atomic<std::size_t> under_way_{0};
    runtime::TaskGroup group_;   // first to go: its tasks use all above
};

}   // namespace gateway::app
