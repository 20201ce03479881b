#include "gateway/notify/disabling.hpp"

namespace gateway::notify {

ports::NewEvent disabled_event(sdk::Ids& ids, core::Time at, const core::Code& why,
                               const core::Uuid& subscription, core::Params more) {
    ports::NewEvent event;
    event.id = ids.next<core::EventId>();
    event.at = at;
    event.name = "subscription_disabled";
    event.code = why;
    event.params.emplace_back("subscription", subscription.to_string());
    event.params.insert(event.params.end(), more.begin(), more.end());
    return event;
}

}   // namespace gateway::notify
