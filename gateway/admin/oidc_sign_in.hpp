#pragma once

// Signing in at a provider of OpenID Connect, in two halves: before the browser goes there and
// after it is back. Metadata and keys are fetched at each sign-in: they are rare, and a key that
// the provider has changed is never a stale one here.

#include "gateway/admin/oidc_pending.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/ids.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace gateway::admin {

/// What reaches the provider: made anew for each half, and used on the caller's strand alone.
struct OidcReach {
    std::unique_ptr<sdk::HttpClient> http;
    std::unique_ptr<sdk::Keys> keys;   // the client's key

    OidcReach() = default;
};
using MakeOidcReach = std::function<core::Result<OidcReach>(const core::OidcConfig&)>;

struct OidcStarted {
    std::string url;       // where the browser goes
    std::string browser;   // for its cookie

    OidcStarted() = default;
};

struct OidcSignedIn {
    std::string account;
    std::vector<Grant> grants;
    std::shared_ptr<const core::OidcConfig> config;
    std::string sign_out_url;
    std::string level;   // acr

    OidcSignedIn() = default;
};

/// Any strand.
class OidcSignIn {
public:
    OidcSignIn(sdk::Clock& clock, sdk::Ids& ids, MakeOidcReach reach)
        : clock_(clock), ids_(ids), reach_(std::move(reach)) {}

    bool can() const { return static_cast<bool>(reach_); }
    sdk::Task<OidcAnswer<OidcStarted>> start(std::shared_ptr<const core::OidcConfig> config);
    /// `browser` is what its cookie held; `config` what is in force now.
    sdk::Task<OidcAnswer<OidcSignedIn>> finish(const http::Request& request, std::string browser,
                                               std::shared_ptr<const core::OidcConfig> config);

private:
    sdk::Task<OidcAnswer<std::string>> make_assertion(OidcReach& reach,
                                                      const core::OidcConfig& config);

    sdk::Clock& clock_;
    sdk::Ids& ids_;
    const MakeOidcReach reach_;
    OidcPendings pendings_;
    std::atomic<int> under_way_{0};   // beginning just now
};

}   // namespace gateway::admin
