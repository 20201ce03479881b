#pragma once

// Where a component's call-back goes: to the receiver of the connection it names.

#include "gateway/core/ids.hpp"
#include "gateway/sdk/receiver.hpp"

namespace gateway::ports {

class Callbacks {
public:
    virtual ~Callbacks() = default;
    /// `stranger` when there is no such connection, or it receives nothing; `not_kept` while it
    /// does not serve. No error of its own. Any strand may call.
    virtual sdk::Task<sdk::Result<sdk::CallbackAnswer>>
    call_back(core::ConnectionId connection, sdk::Callback call, sdk::Deadline deadline) = 0;
};

}   // namespace gateway::ports
