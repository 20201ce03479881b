#pragma once

#include "gateway/ports/store.hpp"

#include <memory>

namespace gateway::store {

/// Everything in memory, with the rules of the real one: for tests. Any thread; answers at once.
/// backup() is `unsupported`: there is nothing durable to keep.
std::unique_ptr<ports::Store> make_memory_store();

}   // namespace gateway::store
