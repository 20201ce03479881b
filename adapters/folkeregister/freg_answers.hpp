#pragma once

// The register on the wire: what is asked through a role and what its answers say. Pure. Facts:
// ks-no.github.io, Tjenester/register/folkeregister.md; Skatteetaten's oppslag.md.

#include "adapters/common/registers/reading.hpp"
#include "adapters/folkeregister/freg_settings.hpp"

#include <string>
#include <vector>

namespace gateway::folkeregister {

/// A role and the parts that are asked for with it, as the question of a lane.
struct Question {
    std::string role;
    std::vector<std::string> parts;

    Question() = default;
    std::string text() const;
    static Question parse(const std::string& text);
};

/// By POST, for one person too: no number stands in an address.
sdk::HttpRequest persons_request(const Settings& settings, const Question& question,
                                 const registers::Keys& numbers);

/// A refusal that the register itself explains; nothing for 200.
///   400 freg.refused {status, error}: a part outside the role, a number that cannot be used
///   404 freg.role_unknown {error}
std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response);
/// What Fiks' refusals for all alike mean here: 403 is the role's.
sdk::RegisterFailure failure_of(const sdk::Outcome& outcome);

/// Those of `numbers` that are there. An answer that names somebody who was not asked about is not
/// believed at all: it may be another caller's.
registers::Reading read_persons(const Settings& settings, const sdk::HttpResponse& response,
                                const registers::Keys& numbers, core::Time asked_at);

}   // namespace gateway::folkeregister
