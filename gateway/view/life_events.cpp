#include "gateway/view/life_events.hpp"

#include "gateway/core/life_events.hpp"
#include "gateway/core/params.hpp"

#include <algorithm>

namespace gateway::view {

bool may_see(const ports::StoredEvent& event, const EventReader& reader) {
    if (!event.subject) {
        return true;
    }
    const auto tenant = reader.configuration.tenants.find(reader.tenant);
    if (tenant == reader.configuration.tenants.end() || event.tenant != reader.tenant ||
        event.system != reader.system) {
        return false;
    }
    const auto purpose =
        tenant->second.purposes.find(core::PurposeId(core::param_of(event.params, "purpose")));
    return purpose != tenant->second.purposes.end() &&
           core::may_be_told(purpose->second, reader.grants, event.name);
}

json::Value life_event_data(const ports::StoredEvent& event) {
    auto data = json::Value::object();
    data.set("handle", event.subject->to_string());
    for (const char* name : {"organisation", "purpose", "registered", "datasets", "why"}) {
        if (auto value = core::param_of(event.params, name); !value.empty()) {
            data.set(name, std::move(value));
        }
    }
    return data;
}

}   // namespace gateway::view
