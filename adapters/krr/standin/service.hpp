#pragma once

#include "adapters/common/standin/program.hpp"

#include <memory>

namespace gateway::krr::standin {

/// The contact and reservation register: look-ups of persons, and the print service's certificate.
std::unique_ptr<gateway::standin::Service> make_service(gateway::standin::World& world);

}   // namespace gateway::krr::standin
