#include "gateway/app/config/sources.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/crypto/base64url.hpp"

namespace gateway::app {
namespace {

std::string text_or(const json::Value& table, std::string_view name, std::string otherwise) {
    const auto* value = table.find(name);
    return value == nullptr ? otherwise : value->as_string();
}

template <class Unit>
void take_time(const json::Value& table, std::string_view name, Unit& target) {
    if (const auto* value = table.find(name)) {
        target = Unit(value->as_int());
    }
}

core::MailConfig mail_of_table(const json::Value& table, const std::string& folder) {
    using Safety = core::MailConfig::Safety;
    core::MailConfig mail;
    mail.server = table["server"].as_string();
    const auto safety = text_or(table, "security", "starttls");
    mail.safety = safety == "tls"    ? Safety::tls
                  : safety == "none" ? Safety::none
                                     : Safety::starttls;
    mail.port = static_cast<std::uint16_t>(table["port"].as_int(safety == "tls" ? 465 : 587));
    mail.from = table["from"].as_string();
    mail.user = table["user"].as_string();
    mail.password = anchored(table["password"].as_string(), folder);
    if (const auto& roots = table["ca_file"].as_string(); !roots.empty()) {
        mail.ca_file = anchored("file:" + roots, folder).substr(5);
    }
    return mail;
}

core::AlarmReceiver receiver_of(const json::Value& table, const std::string& folder) {
    core::AlarmReceiver receiver;
    receiver.name = table["name"].as_string();
    receiver.mail = table["mail"].as_string();
    receiver.webhook = table["webhook"].as_string();
    receiver.secret = anchored(table["secret"].as_string(), folder);
    receiver.language = text_or(table, "language", "nb");
    for (const auto& tenant : table["tenants"].items()) {
        receiver.tenants.insert(core::TenantId(tenant.as_string()));
    }
    for (const auto& kind : table["kinds"].items()) {
        receiver.kinds.insert(kind.as_string());
    }
    const auto severity = text_or(table, "from_severity", "warning");
    receiver.severity_min = severity == "critical" ? 3 : severity == "notice" ? 1 : 2;
    return receiver;
}

}   // namespace

std::optional<core::Time> date_of_expiry(const std::string& date) {
    const auto at = core::parse_rfc3339(date + "T00:00:00Z");
    return at ? std::optional(*at) : std::nullopt;
}

bool is_webhook_secret(std::string_view text) {
    constexpr std::string_view prefix = "whsec_";
    const auto key =
        text.starts_with(prefix) ? crypto::base64_decode(text.substr(prefix.size())) : std::nullopt;
    return key && key->size() >= 24;
}

core::AlarmsConfig alarms_of_table(const json::Value& table, const std::string& folder) {
    core::AlarmsConfig alarms;
    alarms.console_url = table["console_url"].as_string();
    while (alarms.console_url.ends_with('/')) {
        alarms.console_url.pop_back();
    }
    take_time(table, "look_seconds", alarms.look_every);
    take_time(table, "resolve_after_seconds", alarms.resolve_after);
    take_time(table, "stuck_after_minutes", alarms.stuck_after);
    take_time(table, "backlog_hours_max", alarms.backlog_age_max);
    take_time(table, "clock_skew_seconds_max", alarms.clock_skew_max);
    alarms.disk_free_min = static_cast<std::uint64_t>(
        table["disk_free_bytes_min"].as_int(static_cast<std::int64_t>(alarms.disk_free_min)));
    alarms.learn_traffic = table["learn_traffic"].as_bool(alarms.learn_traffic);
    alarms.learn_weeks = static_cast<int>(table["learn_weeks"].as_int(alarms.learn_weeks));
    if (const auto& at = table["digest_at"].as_string(); at.size() == 5) {
        alarms.digest_at = std::chrono::hours(std::stoi(at.substr(0, 2))) +
                           std::chrono::minutes(std::stoi(at.substr(3)));
    }
    if (table.has("mail")) {
        alarms.mail = mail_of_table(table["mail"], folder);
    }
    for (const auto& one : table["to"].items()) {
        alarms.receivers.push_back(receiver_of(one, folder));
    }
    for (const auto& one : table["traffic"].items()) {
        core::TrafficRule rule;
        rule.tenant = core::TenantId(one["tenant"].as_string());
        rule.system = core::SystemId(one["system"].as_string());
        rule.type = one["type"].as_string();
        rule.at_least = static_cast<std::uint64_t>(one["at_least"].as_int(1));
        rule.working_days = static_cast<int>(one["working_days"].as_int(rule.working_days));
        alarms.traffic.push_back(std::move(rule));
    }
    for (const auto& one : table["expiry"].items()) {
        core::ExpiryDate expiry;
        expiry.name = one["name"].as_string();
        expiry.at = date_of_expiry(one["date"].as_string()).value_or(core::Time{});
        alarms.expiry.push_back(std::move(expiry));
    }
    for (const auto& one : table["digest"].items()) {
        core::DigestReceiver digest;
        digest.name = one["name"].as_string();
        digest.tenant = core::TenantId(one["tenant"].as_string());
        for (const auto& system : one["systems"].items()) {
            digest.systems.insert(core::SystemId(system.as_string()));
        }
        digest.mail = one["mail"].as_string();
        digest.language = text_or(one, "language", "nb");
        alarms.digests.push_back(std::move(digest));
    }
    return alarms;
}

}   // namespace gateway::app
