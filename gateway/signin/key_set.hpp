#pragma once

// The keys of an issuer of tokens: found by its metadata (RFC 8414), kept a day, fetched again when
// a token names a key nobody knows, and not asked for more often than the issuer can bear.

#include "gateway/core/configuration.hpp"
#include "gateway/crypto/jwk.hpp"
#include "gateway/json/value.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/sdk/http_client.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gateway::signin {

/// Keys by their ids. RSA keys for signatures alone; `malformed` when it is no key set, holds more
/// than 50 keys, or none of ours, or two of one id.
core::Result<std::map<std::string, crypto::RsaJwk>> read_key_set(std::string_view text);

/// Shared by callers and by the fetch under way, which may outlive a change of configuration. Any
/// thread.
class KeySet : public std::enable_shared_from_this<KeySet> {
public:
    /// `strand` is where `http` is called.
    KeySet(core::TokenIssuerConfig issuer, std::unique_ptr<sdk::HttpClient> http, sdk::Clock& clock,
           boost::asio::any_io_executor strand)
        : issuer_(std::move(issuer)),
          http_(std::move(http)),
          clock_(clock),
          strand_(std::move(strand)) {}

    const core::TokenIssuerConfig& issuer() const { return issuer_; }

    /// Nothing when the issuer has no such key. `unavailable` when nobody can say. Fetches run in
    /// `group`.
    sdk::Task<core::Result<std::optional<crypto::RsaJwk>>> find(std::string kid,
                                                                runtime::TaskGroup& group);

private:
    using Keys = std::map<std::string, crypto::RsaJwk>;
    sdk::Task<void> fetch(std::shared_ptr<KeySet> self);
    sdk::Task<core::Result<Keys>> ask();
    sdk::Task<core::Result<json::Value>> get(std::string url);

    const core::TokenIssuerConfig issuer_;
    std::unique_ptr<sdk::HttpClient> http_;   // on the strand
    sdk::Clock& clock_;
    boost::asio::any_io_executor strand_;
    runtime::Signal fetched_;
    std::mutex mutex_;
    std::optional<Keys> keys_;
    core::SteadyTime fresh_until_{};
    core::SteadyTime next_try_{};
    bool fetching_ = false;
};

}   // namespace gateway::signin
