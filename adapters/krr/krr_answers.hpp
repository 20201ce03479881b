#pragma once

// The register on the wire: what is asked and what its answers say. Pure. Facts: docs.digdir.no,
// Kontakt- og reservasjonsregisteret, "oppslagstjenesten REST"; eFormidling's service registry.

#include "adapters/common/registers/reading.hpp"
#include "adapters/krr/krr_certificate.hpp"
#include "adapters/krr/krr_person.hpp"
#include "adapters/krr/krr_settings.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::krr {

inline constexpr std::size_t persons_max = 1000;   // of one call

sdk::HttpRequest persons_request(const Settings& settings, const std::vector<std::string>& persons);
sdk::HttpRequest print_request(const Settings& settings);

/// `asked` without repeats, at `asked_at`. An answer that names somebody else is not believed at
/// all: it may be another caller's.
registers::Reading read_persons(const Settings& settings, const sdk::HttpResponse& response,
                                const std::vector<std::string>& asked, core::Time asked_at);

struct PrintReading {
    sdk::RegisterEntry entry;
    std::optional<sdk::RegisterFailure> failure;

    PrintReading() = default;
};

PrintReading read_print(const Settings& settings, const sdk::HttpResponse& response,
                        core::Time asked_at);

}   // namespace gateway::krr
