#pragma once

// One letter from delivery to corner 2, and what became of it there. One attempt a call.

#include "adapters/digital_post/dpi_answers.hpp"
#include "adapters/digital_post/dpi_channels.hpp"
#include "adapters/digital_post/dpi_client.hpp"
#include "adapters/digital_post/dpi_notice.hpp"
#include "adapters/digital_post/dpi_package.hpp"
#include "adapters/digital_post/dpi_trust.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::digital_post {

/// Lives on its connection's strand; everything given outlives it.
class LetterSender {
public:
    LetterSender(const Settings& settings, Trust& trust, Channels& channels, sdk::Host& host)
        : settings_(settings), trust_(trust), channels_(channels), host_(host), client_(host) {}

    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline);
    /// What corner 2 has of it. "Not found" is believed when no attempt was made shortly before.
    sdk::Task<sdk::Outcome> look_up(const core::Delivery& delivery, const sdk::Progress& progress,
                                    sdk::Deadline deadline);
    /// The certificates to sign with, or why there are none.
    struct OwnCertificate {
        std::optional<Signer> signer;
        sdk::Outcome outcome;

        OwnCertificate() = default;
    };
    sdk::Task<OwnCertificate> own_certificate();

private:
    /// Whom a letter goes to and what its message says, before it is packed.
    struct Plan {
        Destination destination;
        json::Value body;
        std::vector<Note> notes;

        Plan() = default;
    };
    struct Planning {
        std::optional<Plan> plan;
        sdk::Outcome outcome;   // without a plan

        Planning() = default;
        explicit Planning(Plan made) : plan(std::move(made)) {}
        explicit Planning(sdk::Outcome failed) : outcome(std::move(failed)) {}
    };
    /// What one attempt works with.
    struct Attempt {
        const Letter& letter;
        const Plan& plan;
        const Signer& signer;
        const Package& package;
        const std::string& channel;

        Attempt(const Letter& what, const Plan& whom, const Signer& who, const Package& with,
                const std::string& by)
            : letter(what), plan(whom), signer(who), package(with), channel(by) {}
    };

    sdk::Task<Planning> plan(const Letter& letter, sdk::Deadline deadline);
    sdk::Task<Planning> plan_digital(const Letter& letter, bool fresh, sdk::Deadline deadline);
    sdk::Task<Planning> plan_print(const Letter& letter, bool fresh, sdk::Deadline deadline);
    sdk::Task<sdk::RegisterAnswer> look_in(const char* dataset, std::string key,
                                           const core::TenantId& tenant, bool fresh,
                                           sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> post(const Attempt& attempt, sdk::Progress& progress,
                                 sdk::Deadline deadline);
    sdk::Task<core::Result<std::string>> sign(const Attempt& attempt, const std::string& token);
    sdk::Task<sdk::Outcome> conclude(const core::Delivery& delivery, bool sent_before,
                                     sdk::HttpResponse response, sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> find(const core::Delivery& delivery, sdk::Deadline deadline);

    const Settings& settings_;
    Trust& trust_;
    Channels& channels_;
    sdk::Host& host_;
    Client client_;
};

}   // namespace gateway::digital_post
