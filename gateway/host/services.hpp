#pragma once

#include "gateway/core/configuration.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/ports/inbound.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/sdk/adapter.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gateway::host {

/// What connections are built from. Everything outlives the ConnectionSet; every service may be
/// used from any thread.
struct Services {
    /// The adapter's description by its name, nullptr when this installation has none.
    using FindAdapter = std::function<const sdk::Descriptor*(std::string_view name)>;
    /// A client of the connection's own: its roots, its pool, its rate budgets. Called once per
    /// connection, before it starts.
    using MakeHttp = std::function<core::Result<std::unique_ptr<sdk::HttpClient>>(
        const core::ConnectionConfig& connection, std::vector<sdk::RateBudget> budgets,
        boost::asio::any_io_executor strand)>;
    /// Byte streams of the connection's own, verified by its roots. Called as MakeHttp.
    using MakeStreams = std::function<core::Result<std::unique_ptr<sdk::Streams>>(
        const core::ConnectionConfig& connection)>;
    /// What a secret reference ("file:...", "env:...") stands for. Blocks: called on `blocking`.
    using ReadSecret = std::function<core::Result<std::string>(const std::string& reference)>;

    ports::Store& store;
    ports::Documents& documents;
    ports::Inbound& inbound;
    sdk::Spools& spools;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    runtime::Executor& blocking;
    boost::asio::any_io_executor executor;
    FindAdapter find_adapter;
    MakeHttp make_http;
    MakeStreams make_streams;
    ReadSecret read_secret;
};

}   // namespace gateway::host
