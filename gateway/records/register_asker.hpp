#pragma once

// Asks registers, once however many want the same at the same moment, and keeps what came before
// anybody is told. A flight belongs to nobody who waits: one who gives up takes nothing from the
// others, and what was fetched is kept all the same.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/records/held_record.hpp"
#include "gateway/records/touches.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/ids.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gateway::records {

struct AskerParts {
    ports::RecordStore& store;
    ports::Connections& connections;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    const Touches& touches;
};

/// What is fetched, and why.
struct Fetch {
    core::TenantId tenant;
    core::PurposeId purpose;
    Dataset dataset;
    Fields fields;
    std::chrono::hours retention{0};
    std::chrono::seconds time_max{20};

    Fetch() = default;
};

struct Wanted {
    core::Uuid handle;
    std::string key;

    Wanted() = default;
    Wanted(core::Uuid who, std::string by) : handle(who), key(std::move(by)) {}
};

struct Fetched {
    std::optional<HeldRecord> record;
    std::optional<ports::Refusal> failure;   // without a record
    bool shared = false;                     // somebody else had asked already

    Fetched() = default;
};

struct FetchAnswer {
    std::vector<Fetched> records;   // in the order of what was wanted
    std::optional<std::chrono::seconds> retry_after;

    FetchAnswer() = default;
};

/// Any thread. stop() is awaited before it goes.
class RegisterAsker {
public:
    RegisterAsker(AskerParts parts, boost::asio::any_io_executor executor);
    ~RegisterAsker();

    /// One call of the register for all that nobody is fetching yet. While the register is left
    /// alone after a failure, that failure at once.
    sdk::Task<FetchAnswer> fetch(Fetch how, std::vector<Wanted> wanted);
    sdk::Task<void> stop();

private:
    struct Flight;
    class Landing;
    struct Pause {
        core::SteadyTime until{};
        ports::Refusal failure;
    };

    std::vector<std::shared_ptr<Flight>> board(const Fetch& how, const std::vector<Wanted>& wanted,
                                               FetchAnswer& answer);
    bool is_paused(const Fetch& how, FetchAnswer& answer);
    sdk::Task<void> fly(std::shared_ptr<Flight> flight);
    sdk::Task<core::Result<void>> read(Flight& flight);
    sdk::Task<void> ask(Flight& flight, std::vector<Wanted> missing);
    sdk::Task<core::Result<void>> link(const Flight& flight, const std::vector<Wanted>& asked,
                                       const sdk::RegisterAnswer& answer);
    sdk::Task<void> keep(Flight& flight, const std::vector<Wanted>& asked,
                         const sdk::RegisterAnswer& answer);
    std::vector<ports::RecordWrite> writes_of(Flight& flight, const std::vector<Wanted>& asked,
                                              const sdk::RegisterAnswer& answer);
    void note_failure(Flight& flight, const std::vector<Wanted>& asked,
                      const ports::Refusal& failure, std::optional<std::chrono::seconds> pause);
    void count_call(const Fetch& how, std::size_t keys, const char* result);

    AskerParts parts_;
    boost::asio::any_io_executor executor_;
    runtime::TaskGroup group_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Flight>> flights_;   // by what is fetched for whom
    std::map<std::string, Pause> pauses_;                      // by tenant, dataset and purpose
};

}   // namespace gateway::records
