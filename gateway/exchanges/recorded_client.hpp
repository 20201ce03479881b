#pragma once

#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/http_client.hpp"

#include <memory>

namespace gateway::exchanges {

/// The client of a connection, whose exchanges are told to the Recorder of the call they are made
/// in. A call without one costs nothing more. Of a connection's strand, as any client; the clock
/// outlives it.
class RecordedClient final : public sdk::HttpClient {
public:
    RecordedClient(std::unique_ptr<sdk::HttpClient> client, sdk::Clock& clock)
        : client_(std::move(client)), clock_(clock) {}

    sdk::Task<sdk::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                   sdk::Deadline deadline) override;

private:
    std::unique_ptr<sdk::HttpClient> client_;
    sdk::Clock& clock_;
};

}   // namespace gateway::exchanges
