#include "gateway/view/inbox_view.hpp"

#include "gateway/core/time.hpp"

#include <array>
#include <charconv>

namespace gateway::view {
namespace {

/// Members of what is sealed that are shown as they stand.
constexpr std::array<std::string_view, 10> shown{
    "from",  "facts",        "keys",       "orderKey",  "receivedAt",
    "marks", "receiptOwner", "upstreamId", "documents", "content"};

json::Value opened(const ports::InboxItem& item, const crypto::Vault& vault, const char* purpose,
                   const std::string& sealed) {
    const auto owner = item.id.to_bytes();
    const auto key = vault.unwrap(item.wrapped_key, owner);
    if (!key || sealed.empty()) {
        return {};
    }
    const auto text = key->open(purpose, owner, sealed);
    if (!text) {
        return {};
    }
    json::ParseLimits limits;
    limits.bytes_max = 8U << 20U;
    auto value = json::parse_or_failure(*text, limits);
    return value ? std::move(*value) : json::Value();
}

}   // namespace

json::Value inbox_line(const ports::InboxItem& item) {
    json::Value view = json::Value::object();
    view.set("id", item.id.to_string())
        .set("type", item.type)
        .set("state", core::to_string(item.state))
        .set("connection", item.connection.value)
        .set("storedAt", core::to_rfc3339(item.at))
        .set("changedAt", core::to_rfc3339(item.changed))
        .set("deliveries", item.deliveries);
    if (item.answer_by) {
        view.set("answerBy", core::to_rfc3339(*item.answer_by));
    }
    return view;
}

json::Value inbox_item(const ports::InboxItem& item, const crypto::Vault& vault) {
    auto view = inbox_line(item);
    const auto content = opened(item, vault, "content", item.sealed_content);
    for (const auto& name : shown) {
        if (content.has(name) || name == "content") {
            view.set(name, content[name]);
        }
    }
    const auto answer = opened(item, vault, "answer", item.sealed_answer);
    if (answer.has("reason")) {
        view.set("reason", answer["reason"]);
    }
    return view;
}

std::string write_lease(core::Fence lease) {
    return std::to_string(lease.value);
}

std::optional<core::Fence> read_lease(std::string_view text) {
    core::Fence lease;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), lease.value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && !text.empty() ? std::optional(lease) : std::nullopt;
}

json::Value inbox_counts(std::string_view date, const std::vector<ports::InboxCount>& counts) {
    json::Value items = json::Value::array();
    json::Value states = json::Value::object();
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto& one = counts[i];
        states.set(core::to_string(one.state), one.count);
        total += one.count;
        const bool last = i + 1 == counts.size() || counts[i + 1].system != one.system ||
                          counts[i + 1].type != one.type;
        if (!last) {
            continue;
        }
        json::Value item = json::Value::object();
        item.set("system", one.system.empty() ? json::Value() : json::Value(one.system.value))
            .set("type", one.type)
            .set("total", total)
            .set("states", std::move(states));
        items.push(std::move(item));
        states = json::Value::object();
        total = 0;
    }
    json::Value view = json::Value::object();
    view.set("date", date).set("items", std::move(items));
    return view;
}

std::optional<core::Time> day_of(std::string_view date) {
    const auto day = core::parse_date(date);
    if (!day) {
        return std::nullopt;
    }
    return core::Time(std::chrono::sys_days(*day).time_since_epoch());
}

}   // namespace gateway::view
