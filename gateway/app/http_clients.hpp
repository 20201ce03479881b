#pragma once

#include "gateway/host/services.hpp"
#include "gateway/notify/parts.hpp"

namespace gateway::app {

/// The client each connection gets: its own roots (ca_file, else the system's), pool and rate
/// budgets.
host::Services::MakeHttp make_http_clients(sdk::Clock& clock, sdk::Metrics& metrics,
                                           std::function<void(std::chrono::seconds)> saw_skew = {});
host::Services::MakeStreams make_stream_openers(sdk::Clock& clock);

/// The client that fetches the keys of an issuer of callers' tokens.
std::function<core::Result<std::unique_ptr<sdk::HttpClient>>(const core::TokenIssuerConfig&)>
make_issuer_client(sdk::Clock& clock, sdk::Metrics& metrics);

/// The client of webhooks: connects only where [webhooks] lets it.
decltype(notify::Parts::make_http) make_webhook_clients(sdk::Clock& clock);
decltype(notify::Parts::look_up) find_addresses(sdk::Clock& clock);

}   // namespace gateway::app
