#pragma once

// Which parts of a person are asked for: no more than the wanted fields need. Pure. Facts:
// Skatteetaten/folkeregisteret-api-dokumentasjon, oppslag.md (dataminimering).

#include <string>
#include <vector>

namespace gateway::folkeregister {

/// Names of `part=`, sorted, none twice, never none: without any the register gives all that the
/// role may have. `fields` are members of the dataset, or `addresses.<one>`; empty: all of it.
/// A field that the dataset does not have asks for nothing.
std::vector<std::string> parts_of(const std::vector<std::string>& fields);

}   // namespace gateway::folkeregister
