#include "gateway/app/http_clients.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/upstream/client.hpp"

namespace gateway::app {
namespace {

upstream::ClientOptions client_options(sdk::Metrics& metrics, std::string name) {
    upstream::ClientOptions options;
    options.connection = std::move(name);
    options.user_agent = "sluse/" SLUSE_VERSION;
    options.metrics = &metrics;
    return options;
}

core::Result<std::unique_ptr<sdk::HttpClient>>
make_client(sdk::Clock& clock, upstream::ClientOptions options, const std::string& ca_file) {
    if (!ca_file.empty()) {
        auto roots = resolve_secret("file:" + ca_file, Secrecy::open);
        if (!roots) {
            return roots.error();
        }
        options.ca_pem = std::move(*roots);
    }
    return upstream::make_client(clock, std::move(options));
}

}   // namespace

host::Services::MakeHttp make_http_clients(sdk::Clock& clock, sdk::Metrics& metrics) {
    return [&clock, &metrics](
               const core::ConnectionConfig& connection, std::vector<sdk::RateBudget> budgets,
               boost::asio::any_io_executor) -> core::Result<std::unique_ptr<sdk::HttpClient>> {
        auto options = client_options(metrics, connection.id.value);
        options.budgets = std::move(budgets);
        options.connections_max = static_cast<std::size_t>(connection.in_flight_max);
        return make_client(clock, std::move(options), connection.ca_file);
    };
}

std::function<core::Result<std::unique_ptr<sdk::HttpClient>>(const core::TokenIssuerConfig&)>
make_issuer_client(sdk::Clock& clock, sdk::Metrics& metrics) {
    return [&clock, &metrics](const core::TokenIssuerConfig& issuer) {
        return make_client(clock, client_options(metrics, "maskinporten_in"), issuer.ca_file);
    };
}

}   // namespace gateway::app
