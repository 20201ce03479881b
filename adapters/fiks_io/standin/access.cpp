#include "adapters/fiks_io/standin/access.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;

namespace {

constexpr std::string_view scope = "ks:fiks";

}   // namespace

Access::Access(kit::World& world, const Book& book)
    : world_(world),
      book_(book),
      maskinporten_(world.options.text("maskinporten-url", ""),
                    world.options.text("maskinporten-ca", ""), world.clock) {}

sdk::Task<std::variant<Integration, Refusal>> Access::judge(std::string id, std::string password,
                                                            std::string token) {
    const auto claims = co_await maskinporten_.verify(token, kit::seconds(world_.clock.now()));
    const auto scopes = claims ? kit::scopes_of(*claims) : std::vector<std::string>();
    if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) {
        co_return Refusal(401, "Klarte ikke å validere access_token");
    }
    const Integration* integration = book_.integration(uuid_of(id));
    // Unknown, another organisation's, wrong password: deliberately not told apart.
    if (integration == nullptr || integration->password != password ||
        integration->organisation != kit::organisation_of((*claims)["consumer"])) {
        co_return Refusal(401, "Autentisering feilet for integrasjon med id " + id);
    }
    co_return *integration;
}

sdk::Task<std::variant<Integration, Refusal>> Access::identify(const http::Request& request) {
    std::string id(request.header("IntegrasjonId"));
    std::string password(request.header("IntegrasjonPassord"));
    std::string token = kit::bearer_token(request);
    co_return co_await judge(std::move(id), std::move(password), std::move(token));
}

sdk::Task<bool> Access::may_log_in(std::string user, std::string password) {
    const std::size_t blank = password.find(' ');
    if (blank == std::string::npos) {
        co_return false;
    }
    std::string token = password.substr(blank + 1);
    password.resize(blank);
    const auto judged = co_await judge(std::move(user), std::move(password), std::move(token));
    co_return std::holds_alternative<Integration>(judged);
}

}   // namespace gateway::fiks_io::standin
