#pragma once

// The stores under the suite, and commands to give them. Everything of a world runs on one loop, so
// a test is the same each time.

#include "gateway/ports/store.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tests {

namespace core = gateway::core;
namespace ports = gateway::ports;
using namespace std::chrono_literals;
using core::DeliveryState;
using core::Errc;
using core::Work;

inline const core::TenantId oslo{"958935420"};
inline const core::TenantId bergen{"964338531"};
inline const core::SystemId visma{"visma"};
inline const core::SystemId gerica{"gerica"};
inline const core::ConnectionId altinn{"altinn-prod"};
inline const core::ConnectionId svarut{"svarut-prod"};

/// A folder that goes with its owner.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string file(const std::string& name) const { return (path_ / name).string(); }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

/// Commands and their ids.
class Commands {
public:
    ManualClock clock;
    std::unique_ptr<gateway::sdk::Ids> ids = gateway::runtime::make_seeded_ids(clock, 7);

    core::Time now() const { return clock.now(); }
    ports::NewEvent event(const std::string& name);
    std::vector<ports::NewEvent> events(const std::string& name);
    /// A letter of `visma` to Altinn, due now.
    ports::AcceptCommand letter(const core::TenantId& tenant);
    ports::AcceptCommand keyed(const core::TenantId& tenant, const std::string& key,
                               const std::string& content);
    ports::AcceptCommand ordered(const core::TenantId& tenant, const std::string& order);
    ports::ClaimCommand claim(std::size_t limit = 10);
    ports::ClaimCommand claim_receipts(std::size_t limit = 10);
    ports::BeginAttempt begin(const ports::ClaimedDelivery& claimed);
    ports::FinishCommand finish(const ports::ClaimedDelivery& claimed, DeliveryState state,
                                Work work);
    ports::ReceiptCommand receipt(const ports::DeliveryKey& key, const std::string& dedupe,
                                  DeliveryState reached);
    ports::CancelCommand cancel(const ports::AcceptCommand& letter, bool component_can);
    ports::RetryCommand retry(const core::TenantId& tenant, core::DeliveryId old);
    /// A paper letter by SvarUt, due now, with an event `taken_over`.
    ports::TakeOver instead(const std::string& order = {});
    ports::DocumentRecord document(const core::TenantId& tenant, char fill);
};

ports::DeliveryKey key_of(const ports::ClaimedDelivery& claimed);
ports::DeliveryKey key_of(const ports::AcceptCommand& letter);

struct InMemory {
    static constexpr bool durable = false;
    explicit InMemory(boost::asio::io_context&, const ManualClock&) {}
    std::unique_ptr<ports::Store> open() { return gateway::store::make_memory_store(); }
};

struct InSqlite {
    static constexpr bool durable = true;
    InSqlite(boost::asio::io_context& io, const ManualClock& clock) : executor(io), clock_(clock) {}
    std::unique_ptr<ports::Store> open();
    std::string path() const { return folder.file("sluse.db"); }

    TemporaryFolder folder;
    LoopExecutor executor;

private:
    const ManualClock& clock_;
};

/// One store and what a test asks of it.
template <class Kind>
class World : public Commands {
public:
    World() : kind(io, clock), store(kind.open()) {}
    ~World() { run(store->close()); }

    template <class T>
    T run(gateway::sdk::Task<T> task) {
        return tests::run(io, std::move(task));
    }

    ports::AcceptAnswer accept(const ports::AcceptCommand& command) {
        auto answer = run(store->accept(command));
        REQUIRE(answer.has_value());
        return *answer;
    }
    std::vector<ports::ClaimedDelivery> claimed(const ports::ClaimCommand& command) {
        auto answer = run(store->claim(command));
        REQUIRE(answer.has_value());
        return *answer;
    }
    /// The only one there is to claim.
    ports::ClaimedDelivery claim_one() {
        auto answer = claimed(claim());
        REQUIRE(answer.size() == 1);
        return answer.front();
    }
    /// Accepts a letter, claims it and begins its first attempt.
    ports::ClaimedDelivery begun(const ports::AcceptCommand& letter) {
        accept(letter);
        auto item = claim_one();
        ok(store->begin_attempt(begin(item)));
        return item;
    }
    void ok(gateway::sdk::Task<core::Result<void>> task) {
        const auto result = run(std::move(task));
        INFO((result.has_error() ? result.error().to_string() : std::string()));
        REQUIRE(result.has_value());
    }
    template <class T>
    bool fails(Errc errc, gateway::sdk::Task<core::Result<T>> task) {
        const auto result = run(std::move(task));
        return result.has_error() && result.error().is(errc);
    }
    ports::MessageView get(const core::TenantId& tenant, core::MessageId message) {
        auto view = run(store->get(tenant, message));
        REQUIRE(view.has_value());
        REQUIRE(view->has_value());
        return **view;
    }
    ports::DeliveryRow newest(const ports::AcceptCommand& letter) {
        return get(letter.tenant, letter.message).deliveries.back();
    }
    std::vector<std::string> event_names(const ports::AcceptCommand& letter) {
        std::vector<std::string> names;
        const auto events = run(store->timeline(letter.tenant, letter.message, 100));
        REQUIRE(events.has_value());
        for (const auto& event : *events) {
            names.push_back(event.name);
        }
        return names;
    }
    std::optional<core::Time> next_due(ports::Lane lane = ports::Lane::attempts,
                                       const std::vector<core::ConnectionId>& excluded = {}) {
        auto answer = run(store->next_due(lane, excluded));
        REQUIRE(answer.has_value());
        return *answer;
    }
    /// The program ends without a word and starts again; a store in memory just stays.
    void restart() {
        if constexpr (Kind::durable) {
            run(store->close());
            store = kind.open();
        }
    }
    void check_sound() {
        const auto faults = run(store->verify());
        REQUIRE(faults.has_value());
        CHECK(*faults == std::vector<std::string>());
    }

    boost::asio::io_context io;
    Kind kind;
    std::unique_ptr<ports::Store> store;
};

}   // namespace tests
