#include "gateway/alarms/letter.hpp"

#include "gateway/alarms/kinds.hpp"
#include "gateway/alarms/view.hpp"
#include "gateway/alarms/working_days.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gateway::alarms {
namespace {

std::string two_digits(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string when(core::Time at) {
    const auto clock = norwegian_time(at);
    const std::chrono::year_month_day date(clock.day);
    const auto minute_of_day = clock.minute.count();
    return two_digits(static_cast<unsigned>(date.day())) + "." +
           two_digits(static_cast<unsigned>(date.month())) + "." +
           std::to_string(static_cast<int>(date.year())) + " " + two_digits(minute_of_day / 60) +
           ":" + two_digits(minute_of_day % 60);
}

/// What an event of a notice is written as: opened | worse | resolved.
std::string form_of(const std::string& event) {
    return event.starts_with("step-") ? "worse" : event;
}

json::Value event_of(const std::string& id, std::string type, core::Time at, json::Value data) {
    json::Value event = json::Value::object();
    event.set("specversion", "1.0")
        .set("id", id)
        .set("source", "/sluse/alarms")
        .set("type", std::move(type))
        .set("time", core::to_rfc3339(at))
        .set("datacontenttype", "application/json")
        .set("data", std::move(data));
    return event;
}

std::string base64_lines(std::string_view bytes) {
    constexpr std::size_t line = 57;   // 76 characters
    std::string lines;
    for (std::size_t at = 0; at < bytes.size(); at += line) {
        lines += crypto::base64_encode(bytes.substr(at, line)) + "\r\n";
    }
    return lines;
}

/// RFC 2047, in words of at most 75 characters that never cut a letter in two.
std::string encoded_words(std::string_view text) {
    constexpr std::size_t word_bytes = 42;
    std::string words;
    while (!text.empty()) {
        auto end = std::min(word_bytes, text.size());
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") +
                 crypto::base64_encode(text.substr(0, end)) + "?=";
        text.remove_prefix(end);
    }
    return words;
}

std::string mail_date(core::Time at) {
    constexpr std::array<const char*, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const auto second = std::chrono::floor<std::chrono::seconds>(at - day).count();
    return std::string(day_names[std::chrono::weekday(day).c_encoding()]) + ", " +
           two_digits(static_cast<unsigned>(date.day())) + " " +
           month_names[static_cast<unsigned>(date.month()) - 1] + " " +
           std::to_string(static_cast<int>(date.year())) + " " + two_digits(second / 3600) + ":" +
           two_digits(second / 60 % 60) + ":" + two_digits(second % 60) + " +0000";
}

}   // namespace

std::string letter_id(const ports::AlarmNotice& notice) {
    // The receiver's name is a person's choice of letters; an id has only safe ones.
    const auto digest = crypto::sha256(notice.target);
    const auto target = crypto::base64url_encode(
        std::string_view(reinterpret_cast<const char*>(digest.bytes.data()), 9));
    return notice.alarm.to_string() + "." + notice.event + "." + target;
}

Letter letter_of(const ports::Alarm& alarm, const ports::AlarmNotice& notice,
                 texts::Language language, std::string_view console) {
    const auto words = words_of(alarm, language);
    const auto form = form_of(notice.event);
    const auto owner = texts::render(core::Code("alarm.owner_" + owner_of(alarm)), {}, language);
    const core::Params params{
        {"title", words.title},
        {"what", words.detail},
        {"since", when(alarm.opened)},
        {"until", when(alarm.resolved.value_or(alarm.last_seen))},
        {"count", std::to_string(alarm.count)},
        {"tenant", alarm.key.tenant.value.empty() ? "-" : alarm.key.tenant.value},
        {"owner", owner.title},
        {"action", words.action},
        {"link", link_of(alarm, console)}};
    const auto text = texts::render(core::Code("alarm.letter_" + form), params, language);
    Letter letter;
    letter.id = letter_id(notice);
    letter.subject = text.title;
    letter.text = text.detail + "\n\n" + text.action + "\n";
    letter.event = event_of(letter.id, "no.sluse.alarm." + form + ".v1", notice.made,
                            view_of(alarm, language, console));
    return letter;
}

Letter letter_of(const Digest& digest, const ports::AlarmNotice& notice, texts::Language language,
                 std::string_view console) {
    json::Value systems = json::Value::array();
    std::string lines;
    for (const auto& one : digest.systems) {
        const core::Params params{{"system", one.system.value},
                                  {"sent", std::to_string(one.sent)},
                                  {"waiting", std::to_string(one.waiting)},
                                  {"failing", std::to_string(one.failing)}};
        lines += texts::render(core::Code("alarm.digest_line"), params, language).detail + "\n";
        json::Value view = json::Value::object();
        view.set("system", one.system.value)
            .set("sent", one.sent)
            .set("waiting", one.waiting)
            .set("failing", one.failing);
        systems.push(std::move(view));
    }
    std::string alarms;
    for (const auto& alarm : digest.open) {
        const auto words = words_of(alarm, language);
        alarms += "- " + words.title + ": " + words.detail + " " + words.action + "\n";
    }
    const core::Params params{{"tenant", digest.tenant.value},
                              {"date", digest.date},
                              {"open", std::to_string(digest.open.size())},
                              {"link", std::string(console) + "/#/alarms"}};
    const auto text = texts::render(core::Code("alarm.letter_digest"), params, language);
    json::Value data = json::Value::object();
    data.set("tenant", digest.tenant.value).set("date", digest.date).set("systems", systems);
    Letter letter;
    letter.id = letter_id(notice);
    letter.subject = text.title;
    letter.text = text.detail + "\n\n" + lines + (alarms.empty() ? "" : "\n" + alarms) + "\n" +
                  text.action + "\n";
    letter.event = event_of(letter.id, "no.sluse.alarm.digest.v1", notice.made, std::move(data));
    return letter;
}

std::string mail_of(const Letter& letter, std::string_view from, std::string_view to,
                    core::Time now) {
    const auto at = from.find('@');
    const auto domain =
        at == std::string_view::npos ? std::string_view("sluse.invalid") : from.substr(at + 1);
    std::string mail;
    mail += "Date: " + mail_date(now) + "\r\n";
    mail += "From: Sluse <" + std::string(from) + ">\r\n";
    mail += "To: <" + std::string(to) + ">\r\n";
    mail += "Subject: " + encoded_words(letter.subject) + "\r\n";
    mail += "Message-ID: <" + letter.id + "@" + std::string(domain) + ">\r\n";
    mail += "Auto-Submitted: auto-generated\r\n";
    mail += "MIME-Version: 1.0\r\n";
    mail += "Content-Type: text/plain; charset=utf-8\r\n";
    mail += "Content-Transfer-Encoding: base64\r\n\r\n";
    return mail + base64_lines(letter.text);
}

}   // namespace gateway::alarms
