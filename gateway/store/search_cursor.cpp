#include "gateway/store/search_cursor.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>

namespace gateway::store {
namespace {

constexpr std::size_t time_digits = 16;

}   // namespace

std::string SearchCursor::write() const {
    char digits[time_digits + 1];
    std::snprintf(digits, sizeof digits, "%016llx",
                  static_cast<unsigned long long>(created.time_since_epoch().count()));
    return digits + core::to_hex(message.to_bytes());
}

core::Result<SearchCursor> SearchCursor::read(std::string_view text) {
    const core::Failure wrong(core::Errc::invalid_argument, "not a search cursor");
    if (text.size() != time_digits + 32) {
        return wrong;
    }
    std::uint64_t micros = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + time_digits, micros, 16);
    if (error != std::errc() || end != text.data() + time_digits) {
        return wrong;
    }
    std::string id(text.substr(time_digits));
    for (const std::size_t place : {8U, 13U, 18U, 23U}) {
        id.insert(place, 1, '-');
    }
    const auto message = core::MessageId::parse(id);
    if (!message) {
        return wrong;
    }
    return SearchCursor(core::Time(core::Duration(static_cast<std::int64_t>(micros))), *message);
}

}   // namespace gateway::store
