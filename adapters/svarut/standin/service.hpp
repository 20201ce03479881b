#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::svarut::standin {

/// SvarUt v2 and v3 and SvarInn v1 and v2 behind one address, as KS has them.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::svarut::standin
