#include "gateway/app/listener_options.hpp"

#include "gateway/app/secrets.hpp"

namespace gateway::app {
namespace {

http::ServerOptions server_options(const core::ListenConfig& listen, const core::Limits& limits) {
    http::ServerOptions options;
    options.address = listen.address;
    options.header_bytes_max = limits.header_bytes_max;
    options.body_bytes_max = limits.request_bytes_max();
    options.connections_max = limits.connections_max;
    options.header_time_max = limits.header_time_max;
    options.idle_time_max = limits.idle_time_max;
    options.body_rate_min = limits.body_rate_min;
    return options;
}

}   // namespace

core::Result<http::ServerOptions> listener_options(const core::ListenConfig& listen,
                                                   const core::Limits& limits) {
    auto options = server_options(listen, limits);
    if (listen.certificate.empty()) {
        return options;
    }
    auto certificate = resolve_secret(listen.certificate, Secrecy::open);
    if (!certificate) {
        return certificate.error();
    }
    auto key = resolve_secret(listen.key, Secrecy::secret);
    if (!key) {
        return key.error();
    }
    options.certificate_pem = std::move(*certificate);
    options.key_pem = std::move(*key);
    if (!listen.client_ca.empty()) {
        auto roots = resolve_secret(listen.client_ca, Secrecy::open);
        if (!roots) {
            return roots.error();
        }
        options.client_ca_pem = std::move(*roots);
    }
    return options;
}

}   // namespace gateway::app
