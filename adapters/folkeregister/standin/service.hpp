#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::folkeregister::standin {

/// Folkeregisteret through Fiks: persons by roles, and the list of events.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::folkeregister::standin
