#pragma once

// The operators' API with a provider of OpenID Connect that is a script: it answers rightly, and
// wrongly where it is told to.

#include "gateway/crypto/jwk.hpp"
#include "gateway/crypto/jws.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/unit/admin/world.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tests::admin {

inline const char* const oidc_issuer = "https://vouches.example";

std::map<std::string, std::string> read_form(const std::string& body);

struct AskedOfProvider {
    std::string method;
    std::string url;
    std::map<std::string, std::string> form;
    std::size_t answer_bytes_max = 0;
};

class FakeProvider {
public:
    explicit FakeProvider(sdk::Clock& clock);

    core::Result<sdk::HttpResponse> answer(const sdk::HttpRequest& request);
    std::string id_token();

    sdk::Clock& clock;
    BusinessAuthority authority;
    BusinessIdentity client = authority.issue(BusinessWishes());
    BusinessIdentity key;                       // signs id tokens
    std::string kid = "provider-1";             // of `key`
    std::string published_kid = "provider-1";   // in the key set
    std::string header;                         // of id tokens, instead of the right one
    std::string subject = "pairwise-1";
    std::function<void(json::Value&)> change_metadata = [](json::Value&) {};
    std::function<void(json::Value&)> change_claims = [](json::Value&) {};
    /// What a path answers instead.
    std::map<std::string, std::function<core::Result<sdk::HttpResponse>()>> instead;
    std::string nonce;
    std::string state;
    std::vector<AskedOfProvider> asked;
};

class OidcWorld {
public:
    OidcWorld();

    http::Response begin(sdk::Headers headers = {});
    /// Back with a code and the state last pushed, in the browser that began.
    http::Response come_back(const http::Response& begun, const std::string& query = {});
    std::string query(const std::string& more = "&code=c1") const;
    /// Where the whole of it leads: "/console/", or with the code of a refusal.
    std::string leads_to();
    static std::string cookie(const http::Response& response, const std::string& name);

    World world;
    FakeProvider provider;
    bool key_away = false;     // signs nothing
    bool reach_away = false;   // no client, no key
    core::OidcConfig& config() { return *world.configuration->admin_oidc; }
};

}   // namespace tests::admin
