#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::altinn::standin {

/// Token exchange and Correspondence v1 behind one address, as the platform has them.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::altinn::standin
