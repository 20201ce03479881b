#pragma once

// One life of the program: from its start to its end or the next power cut.

#include "gateway/app/delivery.hpp"
#include "gateway/app/incoming.hpp"
#include "gateway/dispatch/dispatcher.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/runtime/executor.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/fake_scanner.hpp"
#include "tests/support/run.hpp"

#include <deque>
#include <functional>
#include <optional>

namespace simulation {

/// Runs jobs in order on the loop, each some turns later, as the seed says.
class SeededExecutor final : public runtime::Executor {
public:
    SeededExecutor(boost::asio::io_context& io, std::mt19937_64& random)
        : io_(io), random_(random) {}
    void post(std::function<void()> job) override;

private:
    void later(int turns);

    boost::asio::io_context& io_;
    std::mt19937_64& random_;
    std::deque<std::function<void()>> jobs_;
};

/// The number of the form that a copy is of; -1 when it does not open.
int form_in(const crypto::Vault& vault, const ports::InboxItem& item);

class Life {
public:
    explicit Life(World& world);

    bool opened() const { return store_ != nullptr; }
    ports::Store& store() { return *store_; }
    ports::Documents& documents() { return *documents_; }
    boost::asio::io_context& io() { return io_; }
    /// Until the power goes, or every letter has come to rest, or this much time has passed. False:
    /// it does not end.
    bool live(core::Duration time);

private:
    sdk::Task<void> accept_all();
    sdk::Task<bool> upload_all(std::size_t letter);
    sdk::Task<core::Result<core::Sha256>> upload(std::string content);
    sdk::Task<void> change_minds();
    sdk::Task<void> receive();
    sdk::Task<bool> take_news();
    sdk::Task<bool> take_news_of(core::ConnectionId connection,
                                 tests::SimulatedComponent* component);
    bool rests(const ports::StoreCounts& counts) const;
    sdk::Task<void> take_oddity();
    sdk::Task<void> work_inbox();
    sdk::Task<void> hand_in(int number);
    sdk::Task<void> work(core::SystemId system);
    sdk::Task<bool> is_asking();
    sdk::Task<void> watch();
    sdk::Task<void> end();
    ports::AcceptCommand letter(std::size_t number);
    ports::NewEvent event(const char* name);

    World& world_;
    bool fatal_ = false;
    bool stopping_ = false;
    bool at_rest_ = false;
    bool told_all_ = false;             // the client has nothing more to ask
    core::SteadyTime rested_since_{};   // of two ways: nothing has been under way since
    boost::asio::io_context io_;
    SeededExecutor writer_;
    SeededExecutor flusher_;
    SeededExecutor readers_;
    SeededExecutor blocking_;
    std::unique_ptr<ports::Store> store_;
    std::unique_ptr<ports::Documents> documents_;
    tests::FakeScanner scanner_;
    std::unique_ptr<app::Incoming> incoming_;
    std::optional<dispatch::Services> services_;
    std::unique_ptr<dispatch::Traffic> traffic_;
    std::unique_ptr<app::DeliveryCarrier> carrier_;
    std::unique_ptr<dispatch::Dispatcher> dispatcher_;
};

}   // namespace simulation
