#pragma once

// Look-ups of one dataset: from what is kept while fresh, else by batches. Look-ups that come
// within a short window share one call, and a key that is being asked for is not asked for again.
// What is asked belongs to nobody who waits: one that gives up takes nothing from the others.

#include "adapters/common/registers/lane.hpp"
#include "adapters/common/registers/reading.hpp"
#include "adapters/common/registers/register_cache.hpp"
#include "adapters/common/registers/register_pauses.hpp"
#include "gateway/runtime/single_flight.hpp"
#include "gateway/sdk/host.hpp"

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gateway::registers {

/// The register itself. Lives on its connection's strand.
class Source {
public:
    virtual ~Source() = default;
    /// Once, for all of them: `keys` without repeats, at most a batch.
    virtual sdk::Task<Reading> ask(Lane lane, Keys keys, sdk::Deadline deadline) = 0;
};

struct Manner {
    std::string connection;
    std::string dataset;
    std::chrono::milliseconds window{20};   // 0: each look-up goes alone
    std::size_t batch_max = 1000;           // keys of one call
    std::size_t kept_max = 0;               // entries kept in memory; 0: none
    std::chrono::seconds batch_time{60};    // of all calls of one batch, whoever waits for them

    Manner() = default;
};

/// Lives on its connection's strand; stop() is awaited before it goes, and so are the look-ups.
class LookUps {
public:
    LookUps(Manner manner, Source& source, sdk::Host& host, Pauses& pauses)
        : manner_(std::move(manner)),
          source_(source),
          host_(host),
          pauses_(pauses),
          cache_(manner_.kept_max) {}

    /// `query.keys` are such that the register may be asked for them: one that is not would have
    /// the whole batch refused, and others share it.
    sdk::Task<sdk::RegisterAnswer> look_up(Lane lane, sdk::RegisterQuery query,
                                           sdk::Deadline deadline);
    /// Cancels what is asked; those who wait are told `connection.not_running`. Safe twice.
    sdk::Task<void> stop();

private:
    /// One call for one lane, from the first who asks until the answer is read.
    struct Batch {
        Lane lane;
        std::set<std::string> keys;
        bool collecting = true;
        bool landed = false;
        std::map<std::string, Reply> replies;   // of all, once landed
        runtime::SingleFlight<bool> flight;

        Batch(Lane whose, sdk::Clock& clock) : lane(std::move(whose)), flight(clock) {}
    };
    // Shared by the list and by those who wait: who of them is last, nobody knows. The list lets go
    // of it only when nothing of it runs any more.
    using BatchPtr = std::shared_ptr<Batch>;

    /// What one look-up works with; lives in its frame.
    struct Found {
        std::map<std::string, sdk::RegisterEntry> entries;
        std::vector<BatchPtr> batches;
        std::map<std::string, BatchPtr> asked;
        std::optional<sdk::RegisterFailure> failure;
    };

    sdk::RegisterFailure not_running() const;
    void take_from_cache(const Lane& lane, const sdk::RegisterQuery& query, Found& found);
    void board(const Lane& lane, const sdk::RegisterQuery& query, Found& found);
    BatchPtr batch_for(const Lane& lane, bool fresh, const std::string& key);
    sdk::Task<void> wait(Found& found, sdk::Deadline deadline);
    sdk::RegisterAnswer answer(const sdk::RegisterQuery& query, Found& found) const;

    sdk::Task<bool> fly(Batch& batch);
    sdk::Task<void> ask(Batch& batch);
    void settle(Batch& batch, const Keys& keys, Reading reading);
    void report(const Lane& lane, const Reading& reading);
    std::size_t keys_waited_for() const;
    void forget_landed();

    Manner manner_;
    Source& source_;
    sdk::Host& host_;
    Pauses& pauses_;
    Cache cache_;
    std::list<BatchPtr> batches_;
    bool stopped_ = false;
};

}   // namespace gateway::registers
