#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {

std::vector<ports::FailedDelivery> MemoryEngine::failing() {
    std::vector<ports::FailedDelivery> found;
    for (const auto& [key, message] : messages_) {
        const auto& record = deliveries_.at({key.first, message.deliveries.back()});
        if (!ports::is_failure(record.row.state)) {
            continue;
        }
        ports::FailedDelivery item;
        item.at = record.row.changed;
        item.delivery = record.row.id;
        item.message = key.second;
        item.system = message.system;
        item.state = record.row.state;
        item.kind.tenant = key.first;
        item.kind.code = record.row.code.value;
        item.kind.detail = ports::detail_of(record.row.params);
        item.kind.connection = record.row.connection ? record.row.connection->value : std::string();
        item.kind.type = message.type;
        found.push_back(std::move(item));
    }
    return found;
}

core::Result<std::vector<ports::FailureCount>>
MemoryEngine::failures(const std::optional<core::TenantId>& tenant) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::map<ports::FailureKind, std::vector<ports::FailedDelivery>> kinds;
    for (auto& item : failing()) {
        if (!tenant || item.kind.tenant == *tenant) {
            kinds[item.kind].push_back(std::move(item));
        }
    }
    std::vector<ports::FailureCount> counts;
    for (auto& [kind, items] : kinds) {
        std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
            return std::pair(b.at, b.delivery) < std::pair(a.at, a.delivery);
        });
        ports::FailureCount one;
        one.kind = kind;
        one.count = items.size();
        one.oldest = items.back().at;
        one.newest = items.front().at;
        for (std::size_t i = 0; i < std::min(items.size(), ports::failure_samples_max); ++i) {
            one.samples.push_back(items[i].message);
        }
        one.params = find(kind.tenant, items.front().delivery)->row.params;
        counts.push_back(std::move(one));
    }
    return counts;
}

core::Result<std::vector<ports::FailedDelivery>>
MemoryEngine::failed(const ports::FailureQuery& query) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto less = [&](const auto& a, const auto& b) {
        return query.oldest_first ? a < b : b < a;
    };
    auto found = failing();
    std::erase_if(found, [&](const auto& item) {
        const bool other =
            std::find(query.kinds.begin(), query.kinds.end(), item.kind) == query.kinds.end();
        const std::pair place(item.at, item.delivery);
        return other || (query.until && item.at > *query.until) ||
               (query.after && !less(*query.after, place));
    });
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
        return less(std::pair(a.at, a.delivery), std::pair(b.at, b.delivery));
    });
    if (found.size() > query.limit) {
        found.resize(query.limit);
    }
    return found;
}

}   // namespace gateway::store
