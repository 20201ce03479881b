#pragma once

// The register on the wire: what is asked and what its answers say. Pure. Facts: brreg/openAPI,
// enhetsregisteret.yml; data.brreg.no, dokumentasjon.

#include "adapters/common/registers/reading.hpp"
#include "adapters/enhetsregisteret/brreg_settings.hpp"
#include "adapters/enhetsregisteret/brreg_unit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::enhetsregisteret {

/// Units and sub-units have paths and feeds of their own, and numbers in common.
enum class Kind { unit, sub_unit };

sdk::HttpRequest unit_request(const Settings& settings, Kind kind, const std::string& number);
sdk::HttpRequest search_request(const Settings& settings, Kind kind,
                                const registers::Keys& numbers);
sdk::HttpRequest roles_request(const Settings& settings, const std::string& number);
/// How many there are: a page of one.
sdk::HttpRequest count_request(const Settings& settings, Kind kind);
/// The whole register, gzip.
sdk::HttpRequest dump_request(const Settings& settings, Kind kind);

/// Of any status but 200; nothing for 200.
std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response);

/// One unit's own answer, or its roles'.
struct UnitReading {
    enum class Found { yes, unknown, removed };
    Found found = Found::unknown;
    registers::Reply reply;                        // of one that was found or removed
    std::optional<sdk::RegisterFailure> failure;   // the answer as a whole says nothing

    UnitReading() = default;
};

UnitReading read_unit_answer(const Settings& settings, const sdk::HttpResponse& response, Kind kind,
                             const std::string& number, core::Time asked_at);
/// Roles: 404 is null.
UnitReading read_roles_answer(const Settings& settings, const sdk::HttpResponse& response,
                              const std::string& number, core::Time asked_at);
/// Those of `numbers` that are there. An answer that names somebody else is not believed at all.
registers::Reading read_search(const Settings& settings, const sdk::HttpResponse& response,
                               Kind kind, const registers::Keys& numbers, core::Time asked_at);
/// How many there are; 0 when it is not said.
std::uint64_t read_count(const sdk::HttpResponse& response);

/// Null: nobody has the number.
registers::Reply unknown_reply(const Settings& settings, const std::string& key,
                               core::Time asked_at);

}   // namespace gateway::enhetsregisteret
