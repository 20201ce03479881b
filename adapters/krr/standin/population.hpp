#pragma once

// Who lives in the register of the sandbox: the same synthetic people at every start. Each is a
// plain description; ages are in days, so that what is old stays old.
//
//   {"number", "about", "status": "AKTIV", "reserved": false, "language": "nb",
//    "email":   {"address", "updated_days", "verified_days"},
//    "mobile":  {"number", "updated_days", "verified_days"},
//    "mailbox": {"address", "operator"}}

#include "adapters/common/standin/operator_certificates.hpp"
#include "gateway/json/value.hpp"

#include <string>
#include <vector>

namespace gateway::krr::standin {

inline constexpr const char* digipost = gateway::standin::operators[0].organisation;
inline constexpr const char* eboks = gateway::standin::operators[1].organisation;

/// First those with a story (README.md), then one for each combination of status, reservation, age
/// of the contact details, mailbox and language.
std::vector<json::Value> make_population();

}   // namespace gateway::krr::standin
