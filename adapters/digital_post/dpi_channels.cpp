#include "adapters/digital_post/dpi_channels.hpp"

#include "adapters/digital_post/dpi_text.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>

namespace gateway::digital_post {
namespace {

constexpr const char* state_key = "channels";
constexpr std::size_t channels_max = 20'000;   // of 28 characters: well within one value's limit
constexpr int tries_max = 5;                   // against another node that writes at the same time

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

}   // namespace

std::string channel_name(std::string_view first, const core::TenantId& tenant,
                         const core::SystemId& system) {
    const std::string head = std::string(first) + "_" + tenant.value + "_";
    const std::size_t room = channel_length_max - std::min(head.size(), channel_length_max);
    if (system.value.size() <= room && is_plain(system.value) && !system.empty()) {
        return head + system.value;
    }
    return head + content_mark(system.value).substr(0, room);
}

bool Channels::knows(const std::string& channel) const {
    return std::find(known_.begin(), known_.end(), channel) != known_.end();
}

sdk::Task<core::Result<void>> Channels::load() {
    const auto entry = co_await state_.get(state_key);
    if (!entry) {
        co_return entry.error();
    }
    std::vector<std::string> known;
    if (entry->version != 0) {
        const auto list = json::parse_or_failure(entry->value);
        if (!list) {
            co_return list.error();
        }
        for (const auto& item : list->items()) {
            known.push_back(item.as_string());
        }
    }
    known_ = std::move(known);
    version_ = entry->version;
    loaded_ = true;
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> Channels::use(std::string channel) {
    for (int tries = 1;; ++tries) {
        if (!loaded_) {
            const auto read = co_await load();
            if (!read) {
                co_return read.error();
            }
        }
        if (knows(channel)) {
            co_return core::Result<void>();
        }
        if (known_.size() >= channels_max) {
            co_return core::Failure(core::Errc::too_large, "channels");
        }
        json::Value list = json::Value::array();
        for (const auto& one : known_) {
            list.push(one);
        }
        list.push(channel);
        const auto written = co_await state_.put(state_key, json::write(list), version_);
        if (written) {
            loaded_ = false;   // another call may have written while this one waited
            continue;
        }
        if (!written.error().is(core::Errc::conflict) || tries == tries_max) {
            co_return written.error();
        }
        loaded_ = false;
    }
}

sdk::Task<core::Result<std::vector<std::string>>> Channels::all() {
    const auto read = co_await load();
    if (!read) {
        co_return read.error();
    }
    co_return known_;
}

}   // namespace gateway::digital_post
