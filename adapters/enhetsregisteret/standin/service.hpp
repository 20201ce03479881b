#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::enhetsregisteret::standin {

/// The register of entities: units and sub-units, roles, updates, the dump.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::enhetsregisteret::standin
