#include "gateway/admin/oidc_sign_in.hpp"

#include "gateway/admin/sessions.hpp"
#include "gateway/crypto/jws.hpp"

namespace gateway::admin {
namespace {

// People who wait for a page give up soon after.
constexpr std::chrono::seconds provider_time_max{10};
constexpr int under_way_max = 16;

/// One of those who are beginning, however that ends.
class UnderWay {
public:
    explicit UnderWay(std::atomic<int>& count) : count_(count), now_(++count) {}
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;
    ~UnderWay() { --count_; }
    bool too_many() const { return now_ > under_way_max; }

private:
    std::atomic<int>& count_;
    const int now_;
};

}   // namespace

sdk::Task<OidcAnswer<std::string>> OidcSignIn::make_assertion(OidcReach& reach,
                                                              const core::OidcConfig& config) {
    std::vector<std::string> chain;
    if (config.kid.empty()) {
        auto held = co_await reach.keys->certificate_chain();
        if (!held || held->empty()) {
            co_return OidcFault("session.provider_key", "certificate");
        }
        chain = std::move(*held);
    }
    const auto header = json::write(oidc_assertion_header(config, chain));
    const auto claims = json::write(oidc_assertion_claims(config, clock_.now(), random_word(ids_)));
    auto input = crypto::jws_signing_input(header, claims);
    const auto signature = co_await reach.keys->sign_rs256(input);
    if (!signature) {
        co_return OidcFault("session.provider_key", "key");
    }
    co_return crypto::jws_compact(std::move(input), *signature);
}

sdk::Task<OidcAnswer<OidcStarted>>
OidcSignIn::start(std::shared_ptr<const core::OidcConfig> config) {
    const UnderWay under_way(under_way_);
    if (under_way.too_many()) {
        co_return OidcFault("session.provider_down", "too_many_at_once");
    }
    auto reach = reach_(*config);
    if (!reach) {
        co_return OidcFault("session.provider_key", "unusable");
    }
    const auto deadline = clock_.in(provider_time_max);
    const auto described = co_await reach->http->send(oidc_get(config->metadata_url), deadline);
    const auto metadata = read_oidc_metadata(*config, described);
    if (!metadata) {
        co_return metadata.fault;
    }
    const auto assertion = co_await make_assertion(*reach, *config);
    if (!assertion) {
        co_return assertion.fault;
    }
    OidcPending pending;
    pending.config = config;
    pending.metadata = metadata.value;
    pending.secrets.state = random_word(ids_);
    pending.secrets.nonce = random_word(ids_);
    pending.secrets.verifier = random_word(ids_);
    pending.browser = random_word(ids_);
    auto request = oidc_pushed_request(*config, metadata.value, pending.secrets, assertion.value);
    const auto pushed = co_await reach->http->send(std::move(request), deadline);
    const auto request_uri = read_oidc_pushed(pushed);
    if (!request_uri) {
        co_return request_uri.fault;
    }
    OidcStarted started;
    started.url = oidc_authorize_url(*config, metadata.value, request_uri.value);
    started.browser = pending.browser;
    pending.began = clock_.steady();
    pendings_.put(std::move(pending));
    co_return started;
}

sdk::Task<OidcAnswer<OidcSignedIn>>
OidcSignIn::finish(const http::Request& request, std::string browser,
                   std::shared_ptr<const core::OidcConfig> config) {
    const auto pending =
        pendings_.take(oidc_only_value(request, "state"), browser, clock_.steady());
    if (!pending) {
        co_return OidcFault("session.provider_state", "state");
    }
    if (*pending->config != *config) {
        co_return OidcFault("session.provider_state", "configuration_changed");
    }
    const auto code = read_oidc_return(*config, pending->metadata.names_itself_on_return, request);
    if (!code) {
        co_return code.fault;
    }
    // As many as have begun: they are bounded.
    auto reach = reach_(*config);
    if (!reach) {
        co_return OidcFault("session.provider_key", "unusable");
    }
    const auto assertion = co_await make_assertion(*reach, *config);
    if (!assertion) {
        co_return assertion.fault;
    }
    const auto deadline = clock_.in(provider_time_max);
    auto exchange = oidc_token_request(*config, pending->metadata.token_endpoint, code.value,
                                       pending->secrets.verifier, assertion.value);
    const auto exchanged = co_await reach->http->send(std::move(exchange), deadline);
    const auto token = read_oidc_token(exchanged);
    if (!token) {
        co_return token.fault;
    }
    const auto keys = co_await reach->http->send(oidc_get(pending->metadata.keys_url), deadline);
    const auto claims = verify_id_token(token.value, keys);
    if (!claims) {
        co_return claims.fault;
    }
    if (auto fault = judge_id_token(*config, claims.value, pending->secrets.nonce, clock_.now())) {
        co_return fault;
    }
    OidcSignedIn signed_in;
    signed_in.account = oidc_account_id(*config, claims.value["sub"].as_string());
    signed_in.grants = oidc_grants(*config, signed_in.account, claims.value);
    if (signed_in.grants.empty()) {
        OidcFault fault("session.provider_not_bound", "not_bound");
        fault.account = signed_in.account;
        co_return fault;
    }
    signed_in.config = pending->config;
    signed_in.sign_out_url = oidc_sign_out_url(*config, pending->metadata);
    signed_in.level = claims.value["acr"].as_string();
    co_return signed_in;
}

}   // namespace gateway::admin
