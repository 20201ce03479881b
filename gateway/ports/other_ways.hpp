#pragma once

// By which ways a message that failed may be sent on, if a person chooses one. app/other_ways.cpp
// is the one implementation.

#include "gateway/core/channel.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/store_types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

struct OtherWay {
    std::string id;   // "<route>/<position>"
    core::ConnectionId connection;
    core::Channel channel = core::Channel::digital;
    core::Code why;   // it may be used, or why not
    core::Params params;
    bool tried = false;                // the newest delivery went that way
    std::optional<ChosenWay> chosen;   // it may be used

    OtherWay() = default;
};

class OtherWays {
public:
    virtual ~OtherWays() = default;
    /// All of the message's route, by the configuration as it is now. What would need a register's
    /// answer may not be used. `content` as it is stored. Asks nobody; any strand may call.
    virtual std::vector<OtherWay> ways(const core::TenantId& tenant, const MessageView& message,
                                       const json::Value& content,
                                       std::optional<core::Time> expires_at) const = 0;
};

}   // namespace gateway::ports
