#pragma once

// [alarms] of sluse.toml: what is an alarm, and who is told. With nothing set alarms are on screen.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gateway::core {

/// The mail server that takes our mail.
struct MailConfig {
    enum class Safety { starttls, tls, none };

    std::string server;
    std::uint16_t port = 587;
    Safety safety = Safety::starttls;   // none: on loopback alone
    std::string from;
    std::string user;       // empty: no sign-in
    std::string password;   // reference
    std::string ca_file;    // empty: the system's roots

    friend bool operator==(const MailConfig&, const MailConfig&) = default;
};

/// Who is told: by mail or by a signed call.
struct AlarmReceiver {
    std::string name;
    std::string mail;
    std::string webhook;
    std::string secret;   // of the webhook: reference to "whsec_..."
    std::string language = "nb";
    std::set<TenantId> tenants;    // empty: all, and the installation's
    std::set<std::string> kinds;   // empty: all
    int severity_min = 2;          // ports::AlarmSeverity

    friend bool operator==(const AlarmReceiver&, const AlarmReceiver&) = default;
};

/// A system that is to send at least so many of a type within so many working days.
struct TrafficRule {
    TenantId tenant;
    SystemId system;
    std::string type;   // "letter/v1"; empty: of any
    std::uint64_t at_least = 1;
    int working_days = 3;

    friend bool operator==(const TrafficRule&, const TrafficRule&) = default;
};

/// When something expires that cannot be read from itself: a client secret, an agreement.
struct ExpiryDate {
    std::string name;
    Time at{};

    friend bool operator==(const ExpiryDate&, const ExpiryDate&) = default;
};

/// Whom a system's daily digest goes to.
struct DigestReceiver {
    std::string name;
    TenantId tenant;
    std::set<SystemId> systems;   // empty: all of the tenant's
    std::string mail;
    std::string language = "nb";

    friend bool operator==(const DigestReceiver&, const DigestReceiver&) = default;
};

struct AlarmsConfig {
    std::string
        console_url;   // "https://sluse.kommune.no/console": where links lead; empty: a path
    std::chrono::seconds look_every{15};
    std::chrono::seconds resolve_after{600};   // gone for so long: it is over
    std::chrono::minutes stuck_after{15};
    std::chrono::hours backlog_age_max{4};
    std::chrono::seconds clock_skew_max{30};
    std::uint64_t disk_free_min = 2ULL << 30U;
    bool learn_traffic = true;
    int learn_weeks = 4;                      // of history, before anything is learned from it
    std::chrono::minutes digest_at{7 * 60};   // after midnight, Norwegian time
    std::optional<MailConfig> mail;
    std::vector<AlarmReceiver> receivers;
    std::vector<TrafficRule> traffic;
    std::vector<ExpiryDate> expiry;
    std::vector<DigestReceiver> digests;

    friend bool operator==(const AlarmsConfig&, const AlarmsConfig&) = default;
};

}   // namespace gateway::core
