#include "gateway/route/telling.hpp"

#include "gateway/texts/texts.hpp"

namespace gateway::route {

std::vector<ports::NewEvent> events_of(const Decision& decision, sdk::Ids& ids, core::Time now) {
    std::vector<ports::NewEvent> events;
    for (const auto& option : decision.options) {
        const bool chosen = option.use == Use::chosen;
        if (!chosen && option.use != Use::passed) {
            continue;
        }
        ports::NewEvent event;
        event.id = ids.next<core::EventId>();
        event.at = now;
        event.name = chosen ? "route_chosen" : "route_passed_over";
        event.code = option.why;
        event.params = option.params;
        events.push_back(std::move(event));
        if (chosen) {
            break;
        }
    }
    return events;
}

bool other_channel_may(const std::optional<bool>& said, const core::Code& code) {
    if (said) {
        return *said;
    }
    const auto owner = texts::facts(code).owner;
    return owner == "recipient" || owner == "national";
}

}   // namespace gateway::route
