#pragma once

// Acts that wait for a second person, in memory. Private to this folder; any thread.

#include "gateway/ports/asked_store.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace gateway::store {

class MemoryAsked {
public:
    core::Result<void> ask(ports::AskedAct act);
    core::Result<std::optional<ports::AskedAct>> find_asked(const core::Uuid& id);
    core::Result<std::vector<ports::AskedAct>> asked(const ports::AskedQuery& query);
    core::Result<std::vector<ports::AskedAct>> asked_due(core::Time now, std::size_t limit);
    core::Result<void> move_asked(const ports::AskedMove& move);
    core::Result<void> forget_asked(core::Time before);

private:
    std::vector<ports::AskedAct> in_order() const;

    std::mutex mutex_;
    std::map<core::Uuid, ports::AskedAct> acts_;
};

}   // namespace gateway::store
