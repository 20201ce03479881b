#include "gateway/core/life_events.hpp"

#include <algorithm>

namespace gateway::core {

std::string_view dataset_of_event(std::string_view event) {
    return event.substr(0, event.rfind('.'));
}

bool may_be_told(const PurposeConfig& purpose, const Grants& grants, std::string_view event) {
    if (event == gap_event || event == gap_closed_event) {
        return std::any_of(purpose.events.begin(), purpose.events.end(), [&](const auto& one) {
            return dataset_of_event(one) != "feed" && may_be_told(purpose, grants, one);
        });
    }
    const std::string dataset(dataset_of_event(event));
    const auto allowed = purpose.datasets.find(dataset);
    return purpose.events.contains(std::string(event)) && allowed != purpose.datasets.end() &&
           !allowed->second.empty() && grants.contains("read:" + dataset + ":" + purpose.id.value);
}

}   // namespace gateway::core
