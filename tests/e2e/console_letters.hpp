#pragma once

// Letters of the console's world (console_world.cpp): accepted, failed, held.

#include "tests/unit/admin/world.hpp"

#include <string>
#include <vector>

namespace tests::console {

/// With `text` wherever a system may write, and each of `said` as one more document and line.
gateway::core::MessageId accept(admin::World& world, const std::string& text,
                                const std::vector<std::string>& said);
/// Failed, with `said` as the component's own code.
void fail(admin::World& world, const std::string& reference, const std::string& said);
/// A letter whose last attempt ended so; held: nobody knows whether it arrived. What passed in the
/// attempt is kept as if nothing of it had been masked, each of `said` where a component may write.
gateway::core::MessageId end_attempt(admin::World& world, const std::string& reference,
                                     gateway::core::DeliveryState state, const std::string& code,
                                     const std::vector<std::string>& said);

}   // namespace tests::console
