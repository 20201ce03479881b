#include "gateway/app/http_clients.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/http/client.hpp"
#include "gateway/notify/url_guard.hpp"
#include "gateway/upstream/client.hpp"
#include "gateway/upstream/streams.hpp"

namespace gateway::app {
namespace {

// Of one system at most `subscriptions_max`, of all systems more than we expect.
constexpr std::size_t webhook_endpoints_max = 1024;

upstream::ClientOptions client_options(sdk::Metrics& metrics, std::string name) {
    upstream::ClientOptions options;
    options.connection = std::move(name);
    options.user_agent = "sluse/" SLUSE_VERSION;
    options.metrics = &metrics;
    return options;
}

/// Empty for the system's.
core::Result<std::string> roots_of(const std::string& ca_file) {
    return ca_file.empty() ? core::Result<std::string>(std::string())
                           : resolve_secret("file:" + ca_file, Secrecy::open);
}

core::Result<std::unique_ptr<sdk::HttpClient>>
make_client(sdk::Clock& clock, upstream::ClientOptions options, const std::string& ca_file) {
    auto roots = roots_of(ca_file);
    if (!roots) {
        return roots.error();
    }
    options.ca_pem = std::move(*roots);
    return upstream::make_client(clock, std::move(options));
}

}   // namespace

host::Services::MakeHttp make_http_clients(sdk::Clock& clock, sdk::Metrics& metrics,
                                           std::function<void(std::chrono::seconds)> saw_skew) {
    return [&clock, &metrics, saw_skew = std::move(saw_skew)](
               const core::ConnectionConfig& connection, std::vector<sdk::RateBudget> budgets,
               boost::asio::any_io_executor) -> core::Result<std::unique_ptr<sdk::HttpClient>> {
        auto options = client_options(metrics, connection.id.value);
        options.budgets = std::move(budgets);
        options.on_clock_skew = saw_skew;
        options.connections_max = static_cast<std::size_t>(connection.in_flight_max);
        return make_client(clock, std::move(options), connection.ca_file);
    };
}

host::Services::MakeStreams make_stream_openers(sdk::Clock& clock) {
    return [&clock](const core::ConnectionConfig& connection)
               -> core::Result<std::unique_ptr<sdk::Streams>> {
        const auto roots = roots_of(connection.ca_file);
        if (!roots) {
            return roots.error();
        }
        return upstream::make_streams(clock, *roots);
    };
}

std::function<core::Result<std::unique_ptr<sdk::HttpClient>>(const core::TokenIssuerConfig&)>
make_issuer_client(sdk::Clock& clock, sdk::Metrics& metrics) {
    return [&clock, &metrics](const core::TokenIssuerConfig& issuer) {
        return make_client(clock, client_options(metrics, "maskinporten_in"), issuer.ca_file);
    };
}

decltype(notify::Parts::make_http) make_webhook_clients(sdk::Clock& clock) {
    return [&clock](const std::shared_ptr<const core::Configuration>& config)
               -> core::Result<std::shared_ptr<sdk::HttpClient>> {
        // Without metrics: hosts that systems choose would be series without end.
        upstream::ClientOptions options;
        options.connection = "webhooks";
        options.user_agent = "sluse/" SLUSE_VERSION;
        options.connections_max =
            static_cast<std::size_t>(config->webhooks.in_flight_per_endpoint_max);
        options.endpoints_max = webhook_endpoints_max;
        options.may_connect = [config](const core::IpAddress& address, std::uint16_t port) {
            return notify::may_call(address, port, config->webhooks);
        };
        auto client = make_client(clock, std::move(options), config->webhooks.ca_file);
        if (!client) {
            return client.error();
        }
        return std::shared_ptr<sdk::HttpClient>(std::move(*client));
    };
}

decltype(notify::Parts::look_up) find_addresses(sdk::Clock& clock) {
    return [&clock](std::string host, std::uint16_t port, sdk::Deadline deadline) {
        http::Endpoint endpoint;
        endpoint.host = std::move(host);
        endpoint.port = port;
        return http::find_addresses(std::move(endpoint), clock, deadline);
    };
}

}   // namespace gateway::app
