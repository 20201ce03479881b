#pragma once

// What reaches one connection by its name from outside: a component's call-back, for its receiver;
// and an operator's wish, for its adapter.

#include "gateway/core/ids.hpp"
#include "gateway/sdk/adapter.hpp"

namespace gateway::ports {

class Callbacks {
public:
    virtual ~Callbacks() = default;
    /// `stranger` when there is no such connection, or it receives nothing; `not_kept` while it
    /// does not serve. No error of its own. Any strand may call.
    virtual sdk::Task<sdk::Result<sdk::CallbackAnswer>>
    call_back(core::ConnectionId connection, sdk::Callback call, sdk::Deadline deadline) = 0;
};

class Acts {
public:
    virtual ~Acts() = default;
    /// `connection.unknown` when there is no such connection. Any strand may call.
    virtual sdk::Task<sdk::ActAnswer> act(core::ConnectionId connection, sdk::Act act,
                                          sdk::Deadline deadline) = 0;
};

}   // namespace gateway::ports
