#include "adapters/fiks_io/arkiv/arkiv_time.hpp"

namespace gateway::fiks_io::arkiv {
namespace {

using namespace std::chrono;

core::Time change_in(year of, month which) {
    return sys_days(of / which / Sunday[last]) + hours(1);
}

bool is_summer(core::Time at) {
    const year of = year_month_day(floor<days>(at)).year();
    return at >= change_in(of, March) && at < change_in(of, October);
}

hours offset_at(core::Time at) {
    return hours(is_summer(at) ? 2 : 1);
}

}   // namespace

std::string norwegian_date(core::Time at) {
    return core::to_rfc3339(at + offset_at(at)).substr(0, 10);
}

std::optional<core::Time> archive_time(std::string_view text) {
    if (const auto exact = core::parse_rfc3339(text)) {
        return *exact;
    }
    const auto local = core::parse_rfc3339(std::string(text) + "Z");
    if (!local) {
        return std::nullopt;
    }
    const core::Time in_winter = *local - hours(1);
    const core::Time in_summer = *local - hours(2);
    // Only in summer time does the clock that is two hours ahead exist; the hour that comes twice
    // is winter time's.
    return is_summer(in_winter) ? in_summer : in_winter;
}

std::optional<std::string> archive_date(std::string_view text) {
    constexpr std::size_t day_length = 10;
    constexpr std::size_t offset_length = 6;   // "+01:00"
    const std::string_view day = text.substr(0, day_length);
    const std::string_view zone = text.substr(day.size());
    const bool has_offset =
        zone.size() == offset_length && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':';
    if (!core::parse_date(day) || !(zone.empty() || zone == "Z" || has_offset)) {
        return std::nullopt;
    }
    return std::string(day);
}

}   // namespace gateway::fiks_io::arkiv
