#include "gateway/core/life_events.hpp"

namespace gateway::core {

std::string_view dataset_of_event(std::string_view event) {
    return event.substr(0, event.rfind('.'));
}

bool may_be_told(const PurposeConfig& purpose, const std::set<std::string>& grants,
                 std::string_view event) {
    const std::string dataset(dataset_of_event(event));
    const auto allowed = purpose.datasets.find(dataset);
    return purpose.events.contains(std::string(event)) && allowed != purpose.datasets.end() &&
           !allowed->second.empty() && grants.contains("read:" + dataset + ":" + purpose.id.value);
}

}   // namespace gateway::core
