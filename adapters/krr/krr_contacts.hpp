#pragma once

// The dataset "contact": from the cache while fresh, else by batches. Look-ups that come within a
// short window share one call, and a person who is being asked about is not asked about again.
// What is asked belongs to nobody who waits: one that gives up takes nothing from the others.

#include "adapters/krr/krr_answers.hpp"
#include "adapters/krr/krr_cache.hpp"
#include "adapters/krr/krr_caller.hpp"
#include "adapters/krr/krr_pauses.hpp"
#include "gateway/runtime/single_flight.hpp"

#include <list>
#include <memory>
#include <set>

namespace gateway::krr {

/// Lives on its connection's strand; stop() is awaited before it goes, and so are the look-ups.
class Contacts {
public:
    Contacts(const Settings& settings, sdk::Host& host, Pauses& pauses);

    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query, sdk::Deadline deadline);
    /// Cancels what is asked; those who wait are told `connection.not_running`. Safe twice.
    sdk::Task<void> stop();

private:
    /// One call for one tenant, from the first who asks until the answer is read.
    struct Batch {
        core::TenantId tenant;
        std::set<std::string> persons;
        bool collecting = true;
        bool landed = false;
        std::map<std::string, PersonReply> replies;   // of all, once landed
        runtime::SingleFlight<bool> flight;

        Batch(core::TenantId whose, sdk::Clock& clock) : tenant(std::move(whose)), flight(clock) {}
    };
    // Shared by the list and by those who wait: who of them is last, nobody knows. The list lets go
    // of it only when nothing of it runs any more.
    using BatchPtr = std::shared_ptr<Batch>;
    using Persons = std::vector<std::string>;

    /// What one look-up works with; lives in its frame.
    struct Found {
        std::map<std::string, sdk::RegisterEntry> entries;
        std::vector<BatchPtr> batches;
        std::map<std::string, BatchPtr> asked;
        std::optional<sdk::RegisterFailure> failure;
    };

    std::optional<sdk::RegisterFailure> refuse(const sdk::RegisterQuery& query) const;
    void take_from_cache(const sdk::RegisterQuery& query, Found& found);
    void board(const sdk::RegisterQuery& query, Found& found);
    BatchPtr batch_for(const sdk::RegisterQuery& query, const std::string& person);
    sdk::Task<void> wait(Found& found, sdk::Deadline deadline);
    sdk::RegisterAnswer answer(const sdk::RegisterQuery& query, Found& found) const;

    sdk::Task<bool> fly(Batch& batch);
    sdk::Task<void> ask(Batch& batch);
    sdk::Task<PersonsReading> ask_once(const core::TenantId& tenant, const Persons& persons,
                                       sdk::Deadline deadline);
    void settle(Batch& batch, const Persons& persons, PersonsReading reading);
    void report(const core::TenantId& tenant, const PersonsReading& reading);
    std::size_t persons_waited_for() const;
    void forget_landed();

    const Settings& settings_;
    sdk::Host& host_;
    Pauses& pauses_;
    Caller caller_;
    Cache cache_;
    std::list<BatchPtr> batches_;
    bool stopped_ = false;
};

}   // namespace gateway::krr
