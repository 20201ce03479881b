#pragma once

// Tokens of the Maskinporten stand-in, judged as an API behind it would: signature by its key set,
// issuer, time.

#include "adapters/common/standin/jose.hpp"
#include "gateway/http/client.hpp"
#include "gateway/sdk/clock.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::standin {

/// The words of `scope`.
std::vector<std::string> scopes_of(const json::Value& claims);
/// The number in {"ID": "0192:<number>"}: of `consumer`, `supplier`; empty for any other authority.
std::string organisation_of(const json::Value& actor);

/// The Maskinporten that tokens come from, as its relying party sees it. One thread.
class MaskinportenTokens {
public:
    /// `url` may be empty: no token holds then. Throws std::runtime_error for a CA file that cannot
    /// be read.
    MaskinportenTokens(std::string url, const std::string& ca_file, sdk::Clock& clock);

    /// The claims when the signature, the issuer and the time hold, with 10 s for clocks that
    /// differ.
    sdk::Task<std::optional<json::Value>> verify(std::string token, std::int64_t now);

private:
    sdk::Task<std::optional<json::Value>> fetch(std::string url);
    sdk::Task<void> refresh();
    sdk::Task<void> load();

    std::string url_;
    std::shared_ptr<http::TlsContext> tls_;
    sdk::Clock& clock_;
    std::string issuer_;
    std::map<std::string, Key> keys_;
    core::SteadyTime window_ends_{};
    int refreshes_ = 0;
    bool refreshing_ = false;
};

}   // namespace gateway::standin
