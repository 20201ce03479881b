#include "adapters/svarut/standin/access.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "adapters/svarut/standin/refusal.hpp"

#include <algorithm>

namespace gateway::svarut::standin {

namespace kit = gateway::standin;
using json::Value;

Access::Access(kit::World& world, const Book& book)
    : world_(world),
      book_(book),
      tokens_(world.options.text("maskinporten-url", ""), world.options.text("maskinporten-ca", ""),
              world.clock) {}

sdk::Task<Access::Caller> Access::identify(const http::Request& request) {
    Caller caller;
    std::string token = kit::bearer_token(request);
    std::optional<Value> claims;
    if (!token.empty()) {
        claims = co_await tokens_.verify(std::move(token), kit::seconds(world_.clock.now()));
    }
    const auto scopes = claims ? kit::scopes_of(*claims) : std::vector<std::string>();
    if (std::find(scopes.begin(), scopes.end(), "ks:fiks") == scopes.end()) {
        caller.refusal = refusal(book_.now(), request, 401, "Klarte ikke å validere access_token");
        co_return caller;
    }
    const std::string id(request.header("IntegrasjonId"));
    const Value* known = book_.entry("integrations", "id", id);
    // One answer for all three: unknown, another organisation's, wrong password.
    const bool holds =
        known != nullptr &&
        (*known)["organisation"].as_string() == kit::organisation_of((*claims)["consumer"]) &&
        (*known)["password"].as_string() == request.header("IntegrasjonPassord");
    if (!holds) {
        caller.refusal =
            refusal(book_.now(), request, 401, "Autentisering feilet for integrasjon med id " + id);
        co_return caller;
    }
    caller.integration = known;
    co_return caller;
}

bool Access::may(const Value& integration, const std::string& account) {
    const auto& accounts = integration["accounts"].items();
    return std::any_of(accounts.begin(), accounts.end(),
                       [&](const Value& one) { return one.as_string() == account; });
}

const Value* Access::mailbox(const http::Request& request) const {
    const std::string_view given = request.header("Authorization");
    if (!kit::lower(given.substr(0, 6)).starts_with("basic ")) {
        return nullptr;
    }
    const auto text = kit::from_base64(given.substr(6));
    const auto colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos) {
        return nullptr;
    }
    const Value* known = book_.entry("mailboxes", "user", text->substr(0, colon));
    const bool holds =
        known != nullptr && (*known)["password"].as_string() == text->substr(colon + 1);
    return holds ? known : nullptr;
}

}   // namespace gateway::svarut::standin
