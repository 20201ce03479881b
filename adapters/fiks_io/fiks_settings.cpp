#include "adapters/fiks_io/fiks_settings.hpp"

#include <algorithm>
#include <set>

namespace gateway::fiks_io {

using core::Errc;
using core::Failure;
using fiks_platform::uuid_in;

namespace {

constexpr std::string_view rest_host = "https://api.";

Failure wrong(const std::string& what) {
    return Failure(Errc::invalid_argument, "fiks_io: " + what);
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// KS' REST is at api.<domain>, the broker at io.<domain>.
std::string amqp_host_of(const std::string& base_url) {
    if (!base_url.starts_with(rest_host)) {
        return {};
    }
    std::string host = base_url.substr(rest_host.size());
    host.resize(std::min(host.find_first_of("/:"), host.size()));
    return "io." + host;
}

Account read_account(const json::Value& given) {
    Account account;
    account.account = uuid_in(given["account"].as_string());
    account.tenant = core::TenantId(given["tenant"].as_string());
    for (const auto& protocol : given["protocols"].items()) {
        account.protocols.push_back(protocol.as_string());
    }
    for (const auto& [type, owner] : given["receipt_owner"].members()) {
        account.owners.emplace(type, owner.as_string() == "system" ? AnswerOwner::system
                                                                   : AnswerOwner::transport);
    }
    return account;
}

/// An answer that the protocol does not have can be given by nobody.
core::Result<void> check_owners(const Account& account) {
    for (const auto& [name, owner] : account.owners) {
        const MessageType* type = find(name);
        if (type == nullptr) {
            return wrong("receipt_owner names " + name + ", which no protocol has");
        }
        if (type->received.empty()) {
            return wrong("receipt_owner names " + name + ", which is not answered as received");
        }
    }
    return {};
}

core::Result<void> read_accounts(const json::Value& given, Settings& settings) {
    std::set<std::string> seen;
    for (const auto& one : given["accounts"].items()) {
        auto account = read_account(one);
        if (!seen.insert(account.account).second) {
            return wrong("account " + account.account + " stands twice");
        }
        const auto checked = check_owners(account);
        if (!checked) {
            return checked.error();
        }
        settings.accounts.push_back(std::move(account));
    }
    return {};
}

void read_pinned(const json::Value& given, Settings& settings) {
    for (const auto& one : given["pinned"].items()) {
        auto& pinned = settings.pinned[uuid_in(one["account"].as_string())];
        for (const auto& print : one["sha256"].items()) {
            std::string hex = print.as_string();
            std::transform(hex.begin(), hex.end(), hex.begin(), [](char c) {
                return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
            });
            pinned.push_back(std::move(hex));
        }
    }
}

std::optional<std::chrono::hours> hours_in(const json::Value& value) {
    return value.is_int() ? std::optional(std::chrono::hours(value.as_int())) : std::nullopt;
}

std::string text_or(const json::Value& value, const std::string& otherwise) {
    return value.is_string() ? value.as_string() : otherwise;
}

}   // namespace

const Account* Settings::find(std::string_view account) const {
    const auto found = std::find_if(accounts.begin(), accounts.end(),
                                    [&](const Account& one) { return one.account == account; });
    return found == accounts.end() ? nullptr : &*found;
}

const Account* Settings::only_account_of(const core::TenantId& tenant) const {
    const Account* only = nullptr;
    for (const auto& one : accounts) {
        if (one.tenant == tenant) {
            if (only != nullptr) {
                return nullptr;
            }
            only = &one;
        }
    }
    return only;
}

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    json::ParseLimits limits;
    limits.bytes_max = 4U << 20U;   // a trust file of a megabyte, escaped
    const auto parsed = json::parse_or_failure(facts.settings, limits);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    if (facts.base_url.empty()) {
        return wrong("base_url or a known environment is needed");
    }
    Settings settings;
    settings.access = fiks_platform::read_access(facts.base_url, given);
    settings.environment = facts.environment.empty() ? "prod" : facts.environment;
    settings.amqp_host = text_or(given["amqp_host"], amqp_host_of(facts.base_url));
    if (settings.amqp_host.empty()) {
        return wrong("amqp_host is needed where base_url is not KS' own");
    }
    settings.amqp_port = static_cast<std::uint16_t>(given["amqp_port"].as_int(5671));
    settings.amqp_tls = given["amqp_tls"].as_bool(true);
    if (!settings.amqp_tls && !is_loopback(settings.amqp_host)) {
        return wrong("amqp_tls may be false to this machine alone");
    }
    settings.vhost = text_or(given["amqp_vhost"], "/");
    settings.connection_name = text_or(given["connection_name"], "sluse");
    settings.prefetch = static_cast<int>(given["prefetch"].as_int(10));
    settings.signature =
        given["signature"].as_string() == "require" ? seal::Rule::require : seal::Rule::warn;
    settings.trust = given["trust_file"].as_string();
    if (settings.signature == seal::Rule::require && settings.trust.empty()) {
        return wrong("signature is require, so trust_file is needed");
    }
    const auto accounts = read_accounts(given, settings);
    if (!accounts) {
        return accounts.error();
    }
    read_pinned(given, settings);
    return settings;
}

AnswerOwner owner_of(const Account& account, const MessageType& type) {
    const auto found = account.owners.find(type.name);
    return found == account.owners.end() ? type.owner : found->second;
}

RouteSettings read_route(const json::Value& with) {
    RouteSettings route;
    route.account = uuid_in(with["account"].as_string());
    route.to = uuid_in(with["to"].as_string());
    route.ttl = hours_in(with["ttl_hours"]);
    route.answer_within = hours_in(with["answer_hours"]);
    return route;
}

}   // namespace gateway::fiks_io
