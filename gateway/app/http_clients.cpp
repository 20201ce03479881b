#include "gateway/app/http_clients.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/upstream/client.hpp"

namespace gateway::app {

host::Services::MakeHttp make_http_clients(sdk::Clock& clock, sdk::Metrics& metrics) {
    return [&clock, &metrics](
               const core::ConnectionConfig& connection, std::vector<sdk::RateBudget> budgets,
               boost::asio::any_io_executor) -> core::Result<std::unique_ptr<sdk::HttpClient>> {
        upstream::ClientOptions options;
        options.connection = connection.id.value;
        options.budgets = std::move(budgets);
        options.connections_max = static_cast<std::size_t>(connection.in_flight_max);
        options.user_agent = "sluse/" SLUSE_VERSION;
        options.metrics = &metrics;
        if (!connection.ca_file.empty()) {
            auto roots = resolve_secret("file:" + connection.ca_file, Secrecy::open);
            if (!roots) {
                return roots.error();
            }
            options.ca_pem = std::move(*roots);
        }
        return upstream::make_client(clock, std::move(options));
    };
}

}   // namespace gateway::app
