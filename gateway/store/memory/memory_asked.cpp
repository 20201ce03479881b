#include "gateway/store/memory/memory_asked.hpp"

#include <algorithm>

namespace gateway::store {
namespace {

using core::Errc;
using core::Failure;

std::pair<core::Time, core::Uuid> place_of_asked(const ports::AskedAct& act) {
    return {act.asked, act.id};
}

/// As lists have it.
ports::AskedAct without_request(ports::AskedAct act) {
    act.sealed_request.clear();
    act.request_key.clear();
    return act;
}

}   // namespace

/// Oldest first, as lists have them.
std::vector<ports::AskedAct> MemoryAsked::in_order() const {
    std::vector<ports::AskedAct> all;
    for (const auto& [id, act] : acts_) {
        all.push_back(without_request(act));
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return place_of_asked(a) < place_of_asked(b); });
    return all;
}

core::Result<void> MemoryAsked::ask(ports::AskedAct act) {
    const std::lock_guard lock(mutex_);
    std::size_t open = 0;
    for (const auto& [id, other] : acts_) {
        if (ports::is_over(other.state) || other.tenant != act.tenant) {
            continue;
        }
        ++open;
        if (!act.target.empty() && other.act == act.act && other.target == act.target) {
            return Failure(Errc::conflict, "it waits already");
        }
    }
    if (open >= ports::asked_open_max) {
        return Failure(Errc::too_large, "too many acts wait");
    }
    acts_[act.id] = std::move(act);
    return {};
}

core::Result<std::optional<ports::AskedAct>> MemoryAsked::find_asked(const core::Uuid& id) {
    const std::lock_guard lock(mutex_);
    const auto found = acts_.find(id);
    return found == acts_.end() ? std::nullopt : std::optional(found->second);
}

core::Result<std::vector<ports::AskedAct>> MemoryAsked::asked(const ports::AskedQuery& query) {
    const std::lock_guard lock(mutex_);
    auto all = in_order();
    std::reverse(all.begin(), all.end());
    std::erase_if(all, [&](const auto& act) {
        const auto& tenants = query.tenants;
        const bool seen = tenants.empty() ||
                          std::find(tenants.begin(), tenants.end(), act.tenant) != tenants.end();
        return !seen || (query.open && ports::is_over(act.state)) ||
               (query.after && !(place_of_asked(act) < *query.after));
    });
    if (all.size() > query.limit) {
        all.resize(query.limit);
    }
    return all;
}

core::Result<std::vector<ports::AskedAct>> MemoryAsked::asked_due(core::Time now,
                                                                  std::size_t limit) {
    const std::lock_guard lock(mutex_);
    auto all = in_order();
    std::erase_if(all, [&](const auto& act) {
        const bool late = act.state == ports::AskedState::asked && act.expires <= now;
        return !late && act.state != ports::AskedState::approved;
    });
    if (all.size() > limit) {
        all.resize(limit);
    }
    for (auto& act : all) {
        act.words_key.clear();
    }
    return all;
}

core::Result<void> MemoryAsked::move_asked(const ports::AskedMove& move) {
    const std::lock_guard lock(mutex_);
    const auto found = acts_.find(move.id);
    if (found == acts_.end()) {
        return Failure(Errc::not_found, "no such act");
    }
    auto& act = found->second;
    if (act.state != move.from) {
        return Failure(Errc::conflict, "it is in another state");
    }
    if (!move.by.empty()) {
        act.decided_by = move.by;
        act.decided = move.at;
        act.sealed_answer = move.sealed_answer;
    }
    act.state = move.to;
    if (ports::is_over(move.to)) {
        act.ended = move.at;
        act.code = move.code;
        act = without_request(std::move(act));
    }
    return {};
}

core::Result<void> MemoryAsked::forget_asked(core::Time before) {
    const std::lock_guard lock(mutex_);
    std::erase_if(acts_, [&](const auto& entry) {
        return entry.second.ended && *entry.second.ended < before;
    });
    return {};
}

}   // namespace gateway::store
