#pragma once

// One file out: the actions that Steps asks for, one attempt a call.

#include "adapters/altinn_broker/broker_answers.hpp"
#include "adapters/altinn_broker/broker_budget.hpp"
#include "adapters/altinn_broker/broker_steps.hpp"
#include "adapters/altinn_broker/broker_transfer.hpp"
#include "adapters/common/altinn/platform_client.hpp"

#include <map>
#include <memory>
#include <optional>

namespace gateway::altinn_broker {

/// Lives on its connection's strand; everything given outlives it.
class FileSender {
public:
    FileSender(const Settings& settings, altinn_platform::PlatformClient& client,
               SearchBudget& budget, sdk::Host& host)
        : settings_(settings), client_(client), budget_(budget), host_(host) {}

    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline);
    /// Only what Altinn has whole counts as there: anything less, the next attempt goes on with.
    sdk::Task<sdk::Outcome> look_up(const core::Delivery& delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline);
    sdk::Task<core::Result<sdk::Receipts>> poll(const core::Delivery& delivery,
                                                sdk::Deadline deadline);

private:
    /// What one attempt works with; lives in the frame of send().
    struct Attempt {
        const Transfer& transfer;
        Steps& steps;
        sdk::Progress& progress;
        sdk::Deadline deadline;
        bool moved = false;   // bytes have arrived in this attempt

        Attempt(const Transfer& what, Steps& done, sdk::Progress& kept, sdk::Deadline until)
            : transfer(what), steps(done), progress(kept), deadline(until) {}
    };
    /// Of one step: nothing to say means go on.
    using Said = std::optional<sdk::Outcome>;
    using Reply = altinn_platform::Reply;
    using Build = altinn_platform::PlatformClient::Build;

    sdk::Task<Said> perform(Attempt& attempt);
    sdk::Task<Said> make(Attempt& attempt);
    sdk::Task<Said> send_form(Attempt& attempt);
    sdk::Task<Said> find(Attempt& attempt, bool only_empty);
    sdk::Task<Said> upload(Attempt& attempt);
    sdk::Task<Said> begin_tus(Attempt& attempt);
    sdk::Task<Said> resume_tus(Attempt& attempt);
    sdk::Task<Said> send_pieces(Attempt& attempt, std::uint64_t offset);
    sdk::Task<Said> ask(Attempt& attempt);
    sdk::Task<Said> lost(Attempt& attempt);
    sdk::Task<Said> remember(Attempt& attempt);
    sdk::Task<Said> check_size(Attempt& attempt);

    sdk::Task<Reply> call(const Transfer& transfer, Build build, sdk::Effect effect,
                          sdk::Deadline deadline);
    sdk::Task<core::Result<sdk::HttpRequest>> whole(const Transfer& transfer,
                                                    const std::string& id);
    sdk::Task<core::Result<sdk::HttpRequest>> form(const Transfer& transfer,
                                                   const std::string& boundary);
    sdk::Task<core::Result<sdk::HttpRequest>> piece(const Transfer& transfer, std::uint64_t offset,
                                                    std::uint64_t bytes, const std::string& id);

    /// The size limit of a resource, as it was last asked for.
    struct Limit {
        std::uint64_t bytes_max = 0;   // 0: none known
        core::SteadyTime good_until{};
    };

    const Settings& settings_;
    altinn_platform::PlatformClient& client_;
    SearchBudget& budget_;
    sdk::Host& host_;
    std::map<std::string, Limit> limits_;   // by resource
};

/// A request that has no stream to open.
sdk::Task<core::Result<sdk::HttpRequest>> plain(sdk::HttpRequest request);

}   // namespace gateway::altinn_broker
