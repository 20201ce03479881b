#include "adapters/svarut/svarut_settings.hpp"

namespace gateway::svarut {
namespace {

constexpr const char* production = "https://svarut.ks.no";
constexpr std::chrono::minutes data_time_max{16};

Deletion deletion_in(const std::string& text) {
    if (text == "originals") {
        return Deletion::originals;
    }
    return text == "all" ? Deletion::all : Deletion::never;
}

Way way_in(const std::string& text) {
    if (text == "digital") {
        return Way::digital;
    }
    return text == "print" ? Way::print : Way::any;
}

}   // namespace

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "svarut needs base_url");
    }
    Settings settings;
    settings.access = fiks_platform::read_access(facts.base_url, given);
    for (const auto& one : given["accounts"].items()) {
        Settings::Account account;
        account.tenant = core::TenantId(one["tenant"].as_string());
        account.id = fiks_platform::uuid_in(one["account"].as_string());
        settings.accounts.push_back(std::move(account));
    }
    settings.public_key = given["public_key"].as_string();
    for (const auto& one : given["public_key_sha256"].items()) {
        settings.key_digests.push_back(one.as_string());
    }
    settings.believed_missing_after =
        std::chrono::seconds(given["believed_missing_after_seconds"].as_int(1200));
    const bool real = facts.environment == "prod" || facts.base_url == production;
    if (real && settings.believed_missing_after < data_time_max) {
        return core::Failure(core::Errc::invalid_argument,
                             "svarut: believed_missing_after_seconds is at least 960 in "
                             "production, where data is taken in for 16 minutes");
    }
    settings.poll_every = std::chrono::seconds(given["poll_seconds"].as_int(60));
    settings.follow_for = std::chrono::hours(24 * given["follow_days"].as_int(60));
    settings.deletion = deletion_in(given["delete_documents"].as_string());
    return settings;
}

RouteSettings read_route(const json::Value& with) {
    RouteSettings route;
    route.account = fiks_platform::uuid_in(with["account"].as_string());
    route.way = way_in(with["delivery"].as_string());
    route.security_level = static_cast<int>(with["security_level"].as_int(3));
    route.shipment_type = with["shipment_type"].as_string();
    route.confidential_post = with["confidential_post"].as_bool();
    route.recipient_name = with["recipient_name"].as_string();
    route.links = with["links"];
    route.reply_to = with["reply_to"];
    route.contact = with["contact"];
    route.sign = with["sign"];
    return route;
}

std::string account_of(const Settings& settings, const RouteSettings& route,
                       const core::TenantId& tenant) {
    if (!route.account.empty()) {
        return route.account;
    }
    for (const auto& account : settings.accounts) {
        if (account.tenant == tenant) {
            return account.id;
        }
    }
    return {};
}

}   // namespace gateway::svarut
