#include "gateway/alarms/working_days.hpp"

#include <algorithm>
#include <array>

namespace gateway::alarms {
namespace {

using namespace std::chrono;

/// Gauss' rule, as Meeus, Jones and Butcher wrote it down.
sys_days easter_of(int in) {
    const int a = in % 19;
    const int b = in / 100;
    const int c = in % 100;
    const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
    const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
    return sys_days(year(in) / month(static_cast<unsigned>(f / 31)) /
                    std::chrono::day(static_cast<unsigned>(f % 31 + 1)));
}

bool is_holiday(sys_days day) {
    const year_month_day date(day);
    const auto fixed = date.month() / date.day();
    if (fixed == January / 1 || fixed == May / 1 || fixed == May / 17 || fixed == December / 25 ||
        fixed == December / 26) {
        return true;
    }
    const auto after = (day - easter_of(static_cast<int>(date.year()))).count();
    constexpr std::array<long, 7> movable{-3, -2, 0, 1, 39, 49, 50};
    return std::find(movable.begin(), movable.end(), after) != movable.end();
}

sys_days last_sunday(year in, month of) {
    return sys_days(in / of / Sunday[last]);
}

}   // namespace

bool is_working_day(sys_days day) {
    const weekday when(day);
    return when != Saturday && when != Sunday && !is_holiday(day);
}

int working_days_between(sys_days from, sys_days until) {
    int count = 0;
    for (auto day = from + days(1); day <= until; day += days(1)) {
        count += is_working_day(day) ? 1 : 0;
    }
    return count;
}

std::string date_of(sys_days day) {
    return core::to_rfc3339(core::Time(day)).substr(0, 10);
}

WallClock norwegian_time(core::Time at) {
    const auto in = year_month_day(floor<days>(at)).year();
    const bool summer =
        at >= last_sunday(in, March) + hours(1) && at < last_sunday(in, October) + hours(1);
    const auto local = at + hours(summer ? 2 : 1);
    WallClock clock;
    clock.day = floor<days>(local);
    clock.minute = floor<minutes>(local - clock.day);
    return clock;
}

}   // namespace gateway::alarms
