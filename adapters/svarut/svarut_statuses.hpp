#pragma once

// Statuses of many shipments by one call. The first who asks is answered at once; whoever asks for
// shipments of the same account while that call is under way shares the next one.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/svarut/svarut_answers.hpp"
#include "gateway/runtime/single_flight.hpp"

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::svarut {

/// Lives on its connection's strand; everything given outlives it; stop() before it goes.
class StatusBatches {
public:
    StatusBatches(const Settings& settings, fiks_platform::Client& client, sdk::Host& host)
        : settings_(settings), client_(client), host_(host) {}

    /// A shipment's status, or why it is not known; no status: SvarUt does not know it.
    struct Answer {
        std::optional<Told> told;
        std::optional<sdk::Outcome> failed;

        Answer() = default;
    };
    sdk::Task<Answer> ask(std::string account, std::string id, sdk::Deadline deadline);
    sdk::Task<void> stop();

private:
    struct Fetched {
        Statuses statuses;
        std::optional<sdk::Outcome> failed;

        Fetched() = default;
    };
    /// Open until its call begins.
    struct Batch {
        std::string account;
        std::vector<std::string> ids;
        bool open = true;
        Batch* before = nullptr;   // under way when this one was begun; waited for
        runtime::SingleFlight<Fetched> flight;

        Batch(std::string whose, sdk::Clock& clock) : account(std::move(whose)), flight(clock) {}
    };
    Batch& board(const std::string& account);
    /// Once the one before has landed, if there is one.
    sdk::Task<Fetched> fetch(Batch& batch);
    sdk::Task<Fetched> call(Batch& batch);
    static sdk::Task<Fetched> nothing();

    const Settings& settings_;
    fiks_platform::Client& client_;
    sdk::Host& host_;
    std::list<Batch> batches_;
};

}   // namespace gateway::svarut
