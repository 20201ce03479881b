#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::digital_post::standin {

/// Corner 2 with mailbox and print operators behind it.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::digital_post::standin
