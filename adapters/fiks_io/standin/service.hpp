#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::fiks_io::standin {

std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::fiks_io::standin
