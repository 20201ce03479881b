// What the parts of a gateway are given to work with.

#include "gateway/app/gateway.hpp"
#include "gateway/app/secrets.hpp"

namespace gateway::app {

notify::Parts Gateway::notify_parts() {
    notify::Parts parts{*store_,
                        config_,
                        vaults_,
                        *clock_,
                        *ids_,
                        *log_,
                        metrics_,
                        make_webhook_clients(*clock_),
                        find_addresses(*clock_)};
    return parts;
}

host::Services Gateway::connection_services() {
    return {
        *store_,
        *documents_,
        *incoming_,
        *spools_,
        *clock_,
        *ids_,
        *log_,
        metrics_,
        *blocking_,
        executor_,
        [this](std::string_view name) { return adapters_.find(name); },
        make_http_clients(*clock_, metrics_, [this](std::chrono::seconds by) { skew_->saw(by); }),
        make_stream_openers(*clock_),
        [](const std::string& reference) { return resolve_secret(reference, Secrecy::secret); }};
}

AlarmingParts Gateway::alarming_parts() {
    AlarmingParts parts{*store_,
                        config_,
                        *connections_,
                        *traffic_,
                        housekeeping_,
                        *skew_,
                        *scanner_,
                        disk_full_,
                        *clock_,
                        *ids_,
                        *log_,
                        metrics_,
                        *blocking_,
                        make_webhook_clients(*clock_),
                        [this] { alarm_news_.notify(); },
                        options_.library_folder};
    return parts;
}

}   // namespace gateway::app
