#pragma once

// An alarm as people and programs see it: on screen, in a webhook, in mail.

#include "gateway/json/value.hpp"
#include "gateway/ports/alarm_store.hpp"
#include "gateway/texts/texts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::alarms {

/// What, and what to do, in words. A group of failures is explained by its cause.
texts::Text words_of(const ports::Alarm& alarm, texts::Language language);
/// Who must act: us | sender | recipient | national.
std::string owner_of(const ports::Alarm& alarm);
/// The page of the console that mends it, below `console` (".../console"); of its own subject where
/// there is one.
std::string link_of(const ports::Alarm& alarm, std::string_view console);

json::Value view_of(const ports::Alarm& alarm, texts::Language language, std::string_view console);

/// Where a page ended that lists the newest first: when the last was made, and its id. Opaque to
/// callers.
std::string cursor_of(core::Time last, const core::Uuid& id);
std::optional<std::pair<core::Time, core::Uuid>> read_cursor(std::string_view text);

}   // namespace gateway::alarms
