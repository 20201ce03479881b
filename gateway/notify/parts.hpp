#pragma once

#include "gateway/core/ip_address.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/http_client.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::notify {

/// What notifying needs, all of it outliving it. Every one may be used from any strand.
struct Parts {
    ports::Store& store;
    ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    /// A client that connects only where may_call() says so; made anew for each configuration. Used
    /// from one strand.
    std::function<core::Result<std::shared_ptr<sdk::HttpClient>>(
        std::shared_ptr<const core::Configuration>)>
        make_http;
    /// What a name stands for at this moment.
    std::function<sdk::Task<core::Result<std::vector<core::IpAddress>>>(
        std::string host, std::uint16_t port, sdk::Deadline)>
        look_up;
};

}   // namespace gateway::notify
