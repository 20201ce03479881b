#include "adapters/digital_post/standin/access.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>

namespace gateway::digital_post::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::string_view scope = "digitalpostinnbygger:send";

std::string agreements_path(const kit::World& world) {
    return world.options.state + "/agreements.json";
}

}   // namespace

Access::Access(kit::World& world)
    : world_(world),
      maskinporten_(world.options.text("maskinporten-url", ""),
                    world.options.text("maskinporten-ca", ""), world.clock),
      audience_(world.options.text("audience", "")) {
    const auto kept = json::parse(kit::read_file(agreements_path(world)).value_or("[]"));
    for (const Value& organisation : kept ? kept->items() : json::Array()) {
        without_agreement_.insert(organisation.as_string());
    }
}

void Access::set_agreement(const std::string& organisation, bool agreement) {
    if (agreement) {
        without_agreement_.erase(organisation);
    } else {
        without_agreement_.insert(organisation);
    }
    kit::write_file(agreements_path(world_), json::write(without_agreement()));
}

Value Access::without_agreement() const {
    Value out = Value::array();
    for (const std::string& organisation : without_agreement_) {
        out.push(organisation);
    }
    return out;
}

bool Access::is_for_us(const Value& audience) const {
    if (audience.is_array()) {
        return std::any_of(audience.items().begin(), audience.items().end(),
                           [this](const Value& one) { return is_for_us(one); });
    }
    const std::string& name = audience.as_string();
    return !name.empty() && (name == url_ || name == audience_);
}

sdk::Task<std::variant<Caller, Refusal>> Access::identify(const http::Request& request) {
    Caller caller;
    caller.token = kit::bearer_token(request);
    if (caller.token.empty()) {
        co_return Refusal(401, "Authorization: Bearer with a token from Maskinporten is missing");
    }
    const auto claims =
        co_await maskinporten_.verify(caller.token, kit::seconds(world_.clock.now()));
    if (!claims) {
        co_return Refusal(401, "The token's signature, issuer or time does not hold");
    }
    const Value* audience = claims->find("aud");
    if (audience != nullptr && !is_for_us(*audience)) {
        co_return Refusal(401, "The token is for another API");
    }
    const auto scopes = kit::scopes_of(*claims);
    if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) {
        co_return Refusal(403, "The token has no scope " + std::string(scope));
    }
    caller.consumer = kit::organisation_of((*claims)["consumer"]);
    if (caller.consumer.empty()) {
        co_return Refusal(403, "The token names no Norwegian organisation as consumer");
    }
    const std::string supplier = kit::organisation_of((*claims)["supplier"]);
    caller.databehandler = supplier.empty() ? caller.consumer : supplier;
    for (const std::string& organisation : {caller.consumer, caller.databehandler}) {
        if (without_agreement_.contains(organisation)) {
            co_return Refusal(403, organisation + " has no agreement with this access point");
        }
    }
    co_return caller;
}

}   // namespace gateway::digital_post::standin
