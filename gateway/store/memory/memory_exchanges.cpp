#include "gateway/store/memory/memory_engine.hpp"

// What passed during the calls for a delivery.

namespace gateway::store {

void MemoryEngine::keep_exchanges(const DeliveryRecord& record, const ports::NewExchanges& passed,
                                  core::Time at) {
    const auto place_of = [&](int place) {
        return std::tuple(record.tenant, record.row.message, passed.attempt, record.row.id,
                          passed.work, place);
    };
    const auto first = exchanges_.find(place_of(0));
    const auto newest = exchanges_.find(place_of(1));
    ports::StoredExchanges one;
    one.delivery = record.row.id;
    one.attempt = passed.attempt;
    one.work = passed.work;
    one.at = at;
    one.sealed = passed.sealed;
    one.call = newest != exchanges_.end()  ? newest->second.call + 1
               : first != exchanges_.end() ? 2
                                           : 1;
    exchanges_[place_of(first == exchanges_.end() ? 0 : 1)] = std::move(one);
}

void MemoryEngine::remove_exchanges(const core::TenantId& tenant, core::MessageId message) {
    std::erase_if(exchanges_, [&](const auto& one) {
        return std::get<0>(one.first) == tenant && std::get<1>(one.first) == message;
    });
}

core::Result<std::vector<ports::StoredExchanges>>
MemoryEngine::exchanges(const core::TenantId& tenant, core::MessageId message, int attempt) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::StoredExchanges> found;
    for (const auto& [place, one] : exchanges_) {
        if (std::get<0>(place) == tenant && std::get<1>(place) == message &&
            std::get<2>(place) == attempt) {
            found.push_back(one);
        }
    }
    return found;
}

}   // namespace gateway::store
