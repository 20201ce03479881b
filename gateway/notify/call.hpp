#pragma once

// One call to an endpoint: signed, bounded, never redirected; what the receiver says beside its
// status is not looked at.

#include "gateway/json/value.hpp"
#include "gateway/notify/pace.hpp"
#include "gateway/notify/settings.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/http_client.hpp"

#include <memory>

namespace gateway::notify {

/// `event` is a CloudEvent; its id is the webhook's. `http` is shared with calls that outlive a
/// change of configuration. From the client's strand.
sdk::Task<CallResult> call_endpoint(std::shared_ptr<sdk::HttpClient> http, sdk::Clock& clock,
                                    std::string url, json::Value event,
                                    std::vector<std::string> secrets, sdk::Deadline deadline);

}   // namespace gateway::notify
