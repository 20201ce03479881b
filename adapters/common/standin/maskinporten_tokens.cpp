#include "adapters/common/standin/maskinporten_tokens.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <sstream>
#include <stdexcept>

namespace gateway::standin {

using json::Value;

namespace {
constexpr std::int64_t skew_max = 10;
constexpr std::chrono::seconds fetch_time_max{5};
constexpr std::chrono::milliseconds wait_step{10};
// An unknown kid is no way to load Maskinporten: so many fetches in so long.
constexpr int refreshes_max = 5;
constexpr std::chrono::milliseconds refresh_window{200};

/// Given back also when whoever had it is cut off while it asks.
class Turn {
public:
    explicit Turn(bool& taken) : taken_(taken) { taken_ = true; }
    ~Turn() { taken_ = false; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    bool& taken_;
};
}   // namespace

std::vector<std::string> scopes_of(const Value& claims) {
    std::istringstream stream(claims["scope"].as_string());
    std::vector<std::string> out;
    std::string word;
    while (stream >> word) {
        out.push_back(word);
    }
    return out;
}

std::string organisation_of(const Value& actor) {
    const std::string& id = actor["ID"].as_string();
    return id.starts_with("0192:") ? id.substr(5) : std::string();
}

MaskinportenTokens::MaskinportenTokens(std::string url, const std::string& ca_file,
                                       sdk::Clock& clock)
    : url_(std::move(url)), clock_(clock) {
    while (url_.ends_with("/")) {
        url_.pop_back();
    }
    if (!url_.starts_with("https:")) {
        return;
    }
    const auto ca = read_file(ca_file);
    if (!ca_file.empty() && !ca) {
        throw std::runtime_error("cannot read " + ca_file);
    }
    auto tls = http::TlsContext::create(ca.value_or(""), "", "");
    if (!tls) {
        throw std::runtime_error("bad TLS roots: " + tls.error().to_string());
    }
    tls_ = *tls;
}

sdk::Task<std::optional<Value>> MaskinportenTokens::fetch(std::string url) {
    const auto address = http::parse_url(url);
    if (!address) {
        co_return std::nullopt;
    }
    const sdk::Deadline deadline = clock_.in(fetch_time_max);
    auto connection = co_await http::connect(address->endpoint, tls_, clock_, deadline);
    if (!connection) {
        co_return std::nullopt;
    }
    sdk::HttpRequest request("GET", url);
    auto answer = co_await (*connection)->exchange(request, address->target, deadline);
    if (!answer || answer->status != 200) {
        co_return std::nullopt;
    }
    auto body = json::parse(answer->body);
    if (!body) {
        co_return std::nullopt;
    }
    co_return std::move(*body);
}

sdk::Task<void> MaskinportenTokens::refresh() {
    while (refreshing_) {
        // Another request is asking already: its answer is ours too.
        co_await clock_.sleep_until(clock_.steady() + wait_step);
    }
    if (clock_.steady() >= window_ends_) {
        window_ends_ = clock_.steady() + refresh_window;
        refreshes_ = 0;
    }
    if (url_.empty() || refreshes_ >= refreshes_max) {
        co_return;
    }
    ++refreshes_;
    const Turn turn(refreshing_);
    co_await load();
}

sdk::Task<void> MaskinportenTokens::load() {
    const auto metadata = co_await fetch(url_ + "/.well-known/oauth-authorization-server");
    if (!metadata) {
        co_return;
    }
    const auto jwks = co_await fetch((*metadata)["jwks_uri"].as_string());
    if (!jwks) {
        co_return;
    }
    issuer_ = (*metadata)["issuer"].as_string();
    keys_.clear();
    for (const Value& jwk : (*jwks)["keys"].items()) {
        auto key = Key::from_jwk(jwk);
        if (key) {
            keys_.emplace(jwk["kid"].as_string(), *key);
        }
    }
}

sdk::Task<std::optional<Value>> MaskinportenTokens::verify(std::string token, std::int64_t now) {
    const auto jws = split_jws(token);
    if (!jws) {
        co_return std::nullopt;
    }
    const std::string kid = jws->header["kid"].as_string();
    if (!keys_.contains(kid)) {
        co_await refresh();
        if (!keys_.contains(kid)) {
            co_return std::nullopt;
        }
    }
    const Value& claims = jws->payload;
    const bool holds =
        keys_.at(kid).verify(jws->header["alg"].as_string(), jws->signed_text, jws->signature) &&
        claims["iss"].as_string() == issuer_ && claims["exp"].as_int() + skew_max > now &&
        claims["iat"].as_int() - skew_max <= now;
    if (!holds) {
        co_return std::nullopt;
    }
    co_return claims;
}

}   // namespace gateway::standin
