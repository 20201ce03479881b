#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::maskinporten::standin {

/// Metadata, keys, tokens; and the control calls for clients, scopes, delegations, certificates and
/// key roll-over.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::maskinporten::standin
