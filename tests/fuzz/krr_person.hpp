#pragma once

// Whatever the contact register says of a person: a value in our words, or the field that is not
// understood. Never "not reserved" or "may be notified" without its having been said.

#include "adapters/krr/krr_dates.hpp"
#include "adapters/krr/krr_person.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::krr_person {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace core = gateway::core;
    namespace krr = gateway::krr;
    const core::Time now = *core::parse_rfc3339("2026-01-15T12:00:00Z");
    const std::string_view text = text_of(data, size);
    if (const auto until = krr::notify_until(text, {}, now)) {
        promise(*until <= now + std::chrono::days(550), "eighteen months from now at most");
    }
    const auto entry = gateway::json::parse(text);
    if (!entry) {
        return;
    }
    const auto person = krr::read_person(*entry, now);
    if (!person.fault.empty()) {
        promise(person.fault.size() < 40 && !has_control(person.fault),
                "a fault is a field's name");
        return;
    }
    const auto& value = person.value;
    const bool active = value["status"].as_string() == "active";
    promise(value["reserved"].is_bool() && value["canNotify"].is_bool(), "both are always said");
    promise(!value["canNotify"].as_bool() || (active && !value["reserved"].as_bool()),
            "nobody is notified who is reserved, deleted or unknown");
    promise(!value["canNotify"].as_bool() || value.has("email") || value.has("mobile"),
            "there is somewhere to notify");
    promise(!person.changes_at || (value["canNotify"].as_bool() && *person.changes_at > now),
            "what ends has not ended");
    promise(!value.has("mailbox") || value["mailbox"]["operator"].as_string().size() == 9,
            "an operator is an organisation");
}

}   // namespace fuzz::krr_person
