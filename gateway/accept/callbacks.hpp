#pragma once

// POST /callbacks/<connection>/<secret>: components tell that something waits. Without a credential
// but the path, so it says nothing about what exists: whatever does not fit is the same 404. No
// path of it is logged, shown or counted.

#include "gateway/http/message.hpp"
#include "gateway/ports/callbacks.hpp"

#include <atomic>

namespace gateway::accept {

inline constexpr std::string_view callbacks_path = "/callbacks/";
inline constexpr std::size_t callback_bytes_max = 64U << 10U;

/// Any strand; keeps no state of a call.
class CallbackDoor {
public:
    /// Without `callbacks` everything is 404.
    CallbackDoor(ports::Callbacks* callbacks, sdk::Clock& clock, sdk::Metrics& metrics)
        : callbacks_(callbacks), clock_(clock), metrics_(metrics) {}

    /// 200, 400, 404, 405, 413 or 503, all without a body.
    sdk::Task<http::Response> handle(http::Request& request);

private:
    sdk::Task<int> status_of(http::Request& request);
    sdk::Task<int> pass_on(core::ConnectionId connection, sdk::Callback call);

    ports::Callbacks* callbacks_;
    sdk::Clock& clock_;
    sdk::Metrics& metrics_;
    std::atomic<int> inside_{0};
};

}   // namespace gateway::accept
