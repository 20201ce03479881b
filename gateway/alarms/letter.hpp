#pragma once

// What is written to somebody: of an alarm, or a day's digest. Words from schemas/texts. Nothing
// personal: counts, systems, codes and times.

#include "gateway/core/alarms_config.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/alarm_store.hpp"
#include "gateway/texts/texts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::alarms {

struct Letter {
    std::string id;   // the same however often it is tried
    std::string subject;
    std::string text;    // lines end in '\n'
    json::Value event;   // the same as a CloudEvent, for a webhook

    Letter() = default;
};

/// How the event of a notice begins that is a day's digest; the date follows.
inline constexpr std::string_view digest_event = "digest-";

/// "<alarm>.<event>.<target>": names the letter for ever.
std::string letter_id(const ports::AlarmNotice& notice);
Letter letter_of(const ports::Alarm& alarm, const ports::AlarmNotice& notice,
                 texts::Language language, std::string_view console);

/// What one system's owner reads of a day.
struct DigestLine {
    core::SystemId system;
    std::uint64_t sent = 0;      // accepted the day before
    std::uint64_t waiting = 0;   // now
    std::uint64_t failing = 0;   // now

    DigestLine() = default;
};
struct Digest {
    core::TenantId tenant;
    std::string date;
    std::vector<DigestLine> systems;
    std::vector<ports::Alarm> open;

    Digest() = default;
};
Letter letter_of(const Digest& digest, const ports::AlarmNotice& notice, texts::Language language,
                 std::string_view console);

/// As RFC 5322 wants it: UTF-8 in base64, subject encoded, a Message-ID of the letter's own.
std::string mail_of(const Letter& letter, std::string_view from, std::string_view to,
                    core::Time now);

}   // namespace gateway::alarms
