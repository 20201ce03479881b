#pragma once

// HTTP over real sockets, as a contract test needs it.

#include "gateway/http/client.hpp"

namespace gateway::tests::standins {

/// One connection a call.
class PlainClient final : public sdk::HttpClient {
public:
    explicit PlainClient(sdk::Clock& clock) : clock_(clock) {}

    sdk::Task<core::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                    sdk::Deadline deadline) override {
        const auto address = http::parse_url(request.url);
        if (!address) {
            co_return address.error();
        }
        auto connection = co_await http::connect(address->endpoint, nullptr, clock_, deadline);
        if (!connection) {
            co_return connection.error();
        }
        ++calls;
        co_return co_await (*connection)->exchange(request, address->target, deadline);
    }

    int calls = 0;

private:
    sdk::Clock& clock_;
};

}   // namespace gateway::tests::standins
