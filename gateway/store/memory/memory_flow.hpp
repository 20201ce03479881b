#pragma once

// How much has passed, by hour and day, in memory. Private to this folder; its owner locks.

#include "gateway/ports/flow_store.hpp"
#include "gateway/store/flow_rules.hpp"

#include <map>

namespace gateway::store {

class MemoryFlow {
public:
    void count(const FlowKey& key, std::int64_t by) { hours_[key] += by; }

    ports::FlowSeries series(const ports::FlowQuery& query) const;
    std::vector<ports::FlowWay> ways(const ports::FlowQuery& query) const;
    bool keep(std::int64_t apart, std::int64_t forget);

private:
    template <class Take>
    void each(const ports::FlowQuery& query, Take take) const;

    std::map<FlowKey, std::int64_t> hours_;
    std::map<FlowKey, std::int64_t> days_;   // at their first hour
};

}   // namespace gateway::store
