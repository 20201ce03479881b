#pragma once

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/http_client.hpp"

namespace gateway::exchanges {

/// One exchange as it is kept: under 8 KiB, and nothing in it but what is masked. Made of the
/// request before it is sent, for sending uses it up.
class Exchange {
public:
    Exchange(const sdk::HttpRequest& request, core::Time at);

    /// With the answer's status, or the code of why there was none.
    json::Value ended(const sdk::Result<sdk::HttpResponse>& result,
                      core::SteadyTime::duration took) &&;
    /// Our own stop or deadline closed it.
    json::Value cut_off(core::SteadyTime::duration took) &&;

    static constexpr std::size_t bytes_max = 8U << 10U;

private:
    void set_time(core::SteadyTime::duration took);

    json::Value view_;
    bool to_sink_ = false;
};

}   // namespace gateway::exchanges
