#include "adapters/digital_post/dpi_settings.hpp"

namespace gateway::digital_post {
namespace {

constexpr const char* default_scope = "digitalpostinnbygger:send";

std::string text_or(const json::Value& table, std::string_view name, const std::string& otherwise) {
    const json::Value* value = table.find(name);
    return value == nullptr ? otherwise : value->as_string();
}

seal::Rule read_revocation(const std::string& word) {
    if (word == "require") {
        return seal::Rule::require;
    }
    return word == "off" ? seal::Rule::ignore : seal::Rule::warn;
}

PostalAddress read_address(const json::Value& value) {
    PostalAddress address;
    address.name = value["name"].as_string();
    for (const auto& line : value["lines"].items()) {
        address.lines.push_back(line.as_string());
    }
    address.postal_code = value["postal_code"].as_string();
    address.city = value["city"].as_string();
    return address;
}

/// `otherwise` with what the table says instead.
PrintSettings read_print(const json::Value& table, PrintSettings otherwise) {
    PrintSettings print = std::move(otherwise);
    print.mail_class = text_or(table, "mail_class", print.mail_class);
    print.colour = table["colour"].as_bool(print.colour);
    if (const json::Value* handling = table.find("return_handling")) {
        print.shred_returned = handling->as_string() == "shred";
    }
    if (const json::Value* address = table.find("return_address")) {
        print.return_address = read_address(*address);
    }
    return print;
}

}   // namespace

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    json::ParseLimits limits;
    limits.bytes_max = 4U << 20U;   // a trust file of a megabyte, escaped
    const auto parsed = json::parse_or_failure(facts.settings, limits);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "digital_post needs base_url");
    }
    Settings settings;
    settings.base_url = facts.base_url;
    settings.environment = facts.environment.empty() ? "prod" : facts.environment;
    settings.organisation = given["organisation"].as_string();
    if (!core::is_organisation_number(settings.organisation)) {
        return core::Failure(core::Errc::invalid_argument,
                             "digital_post: organisation has a wrong check digit");
    }
    settings.trust = given["trust_file"].as_string();
    settings.scope = text_or(given, "scope", default_scope);
    settings.channel = text_or(given, "channel", "sluse");
    settings.sender_identifier = given["sender_identifier"].as_string();
    settings.invoice_reference = given["invoice_reference"].as_string();
    for (const auto& day : given["notice_days"].items()) {
        settings.notice_days.push_back(static_cast<int>(day.as_int()));
    }
    if (settings.notice_days.empty()) {
        settings.notice_days = {0, 7};
    }
    settings.poll_every = std::chrono::seconds(given["poll_seconds"].as_int(10));
    for (const auto& organisation : given["operators"].items()) {
        settings.operators.push_back(organisation.as_string());
    }
    settings.revocation = read_revocation(given["revocation"].as_string());
    settings.print = read_print(given["print"], PrintSettings());
    return settings;
}

Service service_of(const json::Value& with) {
    return with["service"].as_string() == "print" ? Service::print : Service::digital;
}

RouteSettings read_route(const json::Value& with, const Settings& settings) {
    RouteSettings route;
    route.service = service_of(with);
    route.sender_identifier = text_or(with, "sender_identifier", settings.sender_identifier);
    route.invoice_reference = text_or(with, "invoice_reference", settings.invoice_reference);
    route.default_title = with["default_title"].as_string();
    route.print = read_print(with, settings.print);
    return route;
}

Parties parties_of(const Settings& settings, const core::TenantId& tenant) {
    Parties parties;
    parties.package_sender = tenant.value;
    parties.body_sender = tenant.value;
    parties.header_sender = settings.organisation;
    parties.signer = settings.organisation;
    parties.token_consumer = tenant.value;
    return parties;
}

sdk::TokenRequest sending_token(const Settings& settings, const core::TenantId& tenant) {
    sdk::TokenRequest request;
    request.scopes = {settings.scope};
    request.consumer_org = parties_of(settings, tenant).token_consumer;
    return request;
}

sdk::TokenRequest receiving_token(const Settings& settings) {
    sdk::TokenRequest request;
    request.scopes = {settings.scope};
    return request;
}

}   // namespace gateway::digital_post
