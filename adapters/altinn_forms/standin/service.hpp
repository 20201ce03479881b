#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::altinn_forms::standin {

/// Token exchange, Events, Storage, an app's own API and requests for system users behind one
/// address.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::altinn_forms::standin
