#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::altinn_broker::standin {

/// Token exchange and Broker v1 behind one address, as the platform has them.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::altinn_broker::standin
