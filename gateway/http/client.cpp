#include "gateway/http/client.hpp"

#include "gateway/http/client_connection.hpp"
#include "gateway/http/connect.hpp"

namespace gateway::http {

sdk::Task<Result<std::unique_ptr<ClientConnection>>>
connect(Endpoint endpoint, std::shared_ptr<TlsContext> tls, sdk::Clock& clock,
        sdk::Deadline deadline, MayConnect may_connect) {
    std::string host = host_header(endpoint);
    auto stream = co_await reach(std::move(endpoint), std::move(tls), clock, deadline,
                                 std::move(may_connect));
    if (!stream) {
        co_return stream.error();
    }
    co_return std::make_unique<Connection>(std::move(*stream), clock, std::move(host));
}

}   // namespace gateway::http
