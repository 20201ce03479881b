#pragma once

#include "gateway/doctor/ports.hpp"
#include "gateway/runtime/executor.hpp"

#include <memory>

namespace gateway::doctor {

/// The network as it is. Names are looked up on `resolving`, whose threads a dead name server may
/// keep for half a minute: give it threads of its own. `reading` reads the files of roots. All
/// outlive it and its calls.
std::unique_ptr<Network> make_network(sdk::Clock& clock, runtime::Executor& resolving,
                                      runtime::Executor& reading);

}   // namespace gateway::doctor
