#include "gateway/view/event_cursor.hpp"

#include <charconv>

namespace gateway::view {
namespace {

constexpr std::string_view cursor_prefix = "e";

}   // namespace

std::string write_cursor(std::uint64_t position) {
    return std::string(cursor_prefix) + std::to_string(position);
}

std::optional<std::uint64_t> read_cursor(std::string_view text) {
    if (text.substr(0, cursor_prefix.size()) != cursor_prefix) {
        return std::nullopt;
    }
    text.remove_prefix(cursor_prefix.size());
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

json::Value page_of(json::Value items, std::size_t limit, std::uint64_t last) {
    json::Value next;
    if (items.items().size() == limit) {
        next = json::Value(write_cursor(last));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", std::move(next));
    return view;
}

}   // namespace gateway::view
