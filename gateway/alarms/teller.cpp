#include "gateway/alarms/teller.hpp"

#include "gateway/alarms/working_days.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>
#include <array>

namespace gateway::alarms {
namespace {

using ports::NoticeState;

constexpr std::size_t round_max = 50;
// After each try; the last one repeats until it is given up.
constexpr std::array<std::chrono::seconds, 6> waits{
    std::chrono::seconds(15),  std::chrono::seconds(60),   std::chrono::seconds(300),
    std::chrono::seconds(900), std::chrono::seconds(1800), std::chrono::seconds(3600)};
constexpr std::chrono::hours tried_for{72};
// Longer than any try lasts.
constexpr std::chrono::minutes begun_for{5};

template <class Receivers>
auto named(const Receivers& receivers, const std::string& name) {
    return std::find_if(receivers.begin(), receivers.end(),
                        [&](const auto& one) { return one.name == name; });
}

}   // namespace

sdk::Task<core::Result<void>> Teller::take_over() {
    auto& alarms = ports::alarms_of(parts_.store);
    const auto now = parts_.clock.now();
    const auto all = co_await alarms.notices_due(now + begun_for, ports::alarms_open_max);
    if (!all) {
        co_return all.error();
    }
    for (auto notice : *all) {
        if (notice.state == NoticeState::begun && notice.due > now) {
            notice.due = now;
            const auto put = co_await alarms.put_notice(notice);
            if (!put) {
                co_return put.error();
            }
        }
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> Teller::tell_due() {
    auto& alarms = ports::alarms_of(parts_.store);
    const auto due = co_await alarms.notices_due(parts_.clock.now(), round_max);
    if (!due) {
        co_return due.error();
    }
    for (const auto& notice : *due) {
        const auto later = co_await is_after_another(notice);
        if (!later) {
            co_return later.error();
        }
        if (*later) {
            continue;
        }
        const auto told = co_await tell(notice);
        if (!told) {
            co_return told.error();
        }
    }
    co_return core::Result<void>();
}

/// "Over" never comes before what is over.
sdk::Task<core::Result<bool>> Teller::is_after_another(ports::AlarmNotice notice) {
    if (notice.event.starts_with(digest_event)) {
        co_return false;
    }
    const auto all = co_await ports::alarms_of(parts_.store).notices_of(notice.alarm);
    if (!all) {
        co_return all.error();
    }
    co_return std::any_of(all->begin(), all->end(), [&](const auto& other) {
        return other.target == notice.target && other.made < notice.made &&
               other.state < NoticeState::told;
    });
}

sdk::Task<core::Result<void>> Teller::tell(ports::AlarmNotice notice) {
    auto& alarms = ports::alarms_of(parts_.store);
    notice.state = NoticeState::begun;
    ++notice.attempts;
    notice.due = parts_.clock.now() + begun_for;
    const auto begun = co_await alarms.put_notice(notice);
    if (!begun) {
        co_return begun.error();
    }
    GATEWAY_CRASH_POINT("alarm.notice_begun");
    const auto told = co_await take(notice);
    GATEWAY_CRASH_POINT("alarm.notice_taken");
    const auto now = parts_.clock.now();
    notice.code = told.code;
    if (told.done) {
        notice.state = NoticeState::told;
    } else if (told.never || notice.made + tried_for <= now) {
        notice.state = NoticeState::given_up;
    } else {
        const auto tried = static_cast<std::size_t>(notice.attempts - 1);
        notice.state = NoticeState::waiting;
        notice.due = now + waits[std::min(tried, waits.size() - 1)];
    }
    const char* const outcome = told.done                               ? "told"
                                : notice.state == NoticeState::given_up ? "given_up"
                                                                        : "failed";
    parts_.metrics.count("sluse_alarm_notices_total", {{"outcome", outcome}}, 1);
    if (!told.done) {
        parts_.log.write(sdk::Severity::warning, "alarm_not_told",
                         {{"alarm", notice.alarm.to_string()},
                          {"event", notice.event},
                          {"receiver", notice.target},
                          {"outcome", outcome},
                          {"code", told.code.value}});
    }
    co_return co_await alarms.put_notice(notice);
}

sdk::Task<Told> Teller::take(ports::AlarmNotice notice) {
    const auto config = parts_.configuration.current();
    const auto& settings = config->alarms;
    const core::Code unknown("alarm.receiver_gone");
    if (notice.event.starts_with(digest_event)) {
        const auto receiver = named(settings.digests, notice.target);
        if (receiver == settings.digests.end() || !settings.mail) {
            co_return Told::no(unknown, true);
        }
        const auto digest = co_await digest_for(*receiver);
        if (!digest) {
            co_return Told::no(core::Code("alarm.mail_no_answer"));
        }
        auto letter = letter_of(*digest, notice, texts::choose_language(receiver->language),
                                settings.console_url);
        co_return co_await parts_.courier.mail(*settings.mail, receiver->mail, std::move(letter));
    }
    const auto receiver = named(settings.receivers, notice.target);
    const auto alarm = co_await ports::alarms_of(parts_.store).find_alarm(notice.alarm);
    if (!alarm) {
        co_return Told::no(core::Code("alarm.mail_no_answer"));
    }
    if (receiver == settings.receivers.end() || !alarm->has_value()) {
        co_return Told::no(unknown, true);
    }
    auto letter = letter_of(**alarm, notice, texts::choose_language(receiver->language),
                            settings.console_url);
    if (!receiver->webhook.empty()) {
        co_return co_await parts_.courier.call(*receiver, std::move(letter));
    }
    if (!settings.mail) {
        co_return Told::no(unknown, true);
    }
    co_return co_await parts_.courier.mail(*settings.mail, receiver->mail, std::move(letter));
}

sdk::Task<core::Result<Digest>> Teller::digest_for(core::DigestReceiver receiver) {
    auto& alarms = ports::alarms_of(parts_.store);
    const auto today = norwegian_time(parts_.clock.now()).day;
    const auto yesterday = (today - std::chrono::days(1)).time_since_epoch().count();
    const auto traffic = co_await alarms.traffic(receiver.tenant);
    if (!traffic) {
        co_return traffic.error();
    }
    const auto counts = co_await parts_.store.message_counts(receiver.tenant);
    if (!counts) {
        co_return counts.error();
    }
    const auto open = co_await alarms.open_alarms();
    if (!open) {
        co_return open.error();
    }
    const auto ours = [&](const core::SystemId& system) {
        return receiver.systems.empty() || receiver.systems.contains(system);
    };
    std::map<core::SystemId, DigestLine> lines;
    for (const auto& system : receiver.systems) {
        lines[system];
    }
    for (const auto& one : *traffic) {
        if (ours(one.system)) {
            lines[one.system].sent += one.day == yesterday ? one.count : 0;
        }
    }
    using State = core::DeliveryState;
    for (const auto& one : *counts) {
        if (!ours(one.system)) {
            continue;
        }
        auto& line = lines[one.system];
        const bool waits = one.state == State::queued || one.state == State::sending ||
                           one.state == State::pending;
        const bool fails = one.state == State::failed || one.state == State::expired;
        line.waiting += waits ? one.count : 0;
        line.failing += fails ? one.count : 0;
    }
    Digest digest;
    digest.tenant = receiver.tenant;
    digest.date = date_of(today);
    for (auto& [system, line] : lines) {
        line.system = system;
        digest.systems.push_back(line);
    }
    for (const auto& alarm : *open) {
        const bool of_tenant = alarm.key.tenant == receiver.tenant;
        if (of_tenant && (alarm.system.value.empty() || ours(alarm.system))) {
            digest.open.push_back(alarm);
        }
    }
    co_return digest;
}

}   // namespace gateway::alarms
