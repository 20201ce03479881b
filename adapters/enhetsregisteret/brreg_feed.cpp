#include "adapters/enhetsregisteret/brreg_feed.hpp"

#include "adapters/common/registers/register_failures.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace gateway::enhetsregisteret {

using std::chrono::hours;

namespace {

constexpr std::array kinds{Kind::unit, Kind::sub_unit};
// The register has no question for its last id: it is walked to from a while back, further where
// nothing has happened since.
constexpr std::array<hours, 3> steps_back{hours(24), hours(30 * 24), hours(10 * 365 * 24)};
constexpr std::size_t walk_page = 1000;
constexpr int walk_pages_max = 200;

}   // namespace

sdk::Task<sdk::ChangePage> Changes::after(std::string cursor, sdk::Deadline deadline) {
    sdk::ChangePage page;
    if (cursor.empty()) {
        const auto place = co_await place_now(deadline);
        page.failure = place.failure;
        page.cursor = place.failure ? std::string() : place.position.text();
        co_return page;
    }
    auto position = Position::parse(cursor);
    if (!position) {
        page.failure = registers::make_failure("register.cursor_unreadable", {}, false);
        page.broken = true;
        co_return page;
    }
    for (const Kind kind : kinds) {
        auto updates = co_await ask(kind, position->of(kind) + 1, settings_.feed_page, deadline);
        if (updates.failure) {
            sdk::ChangePage failed;
            failed.failure = std::move(updates.failure);
            co_return failed;
        }
        if (!updates.changes.empty()) {
            position->of(kind) = updates.last;
            page.more = true;   // until an empty page: a short one need not be the last
        }
        std::move(updates.changes.begin(), updates.changes.end(), std::back_inserter(page.changes));
    }
    page.cursor = position->text();
    co_return page;
}

sdk::Task<Place> Changes::place_at(core::Time since, sdk::Deadline deadline) {
    co_return co_await find(since, deadline);
}

sdk::Task<Place> Changes::place_now(sdk::Deadline deadline) {
    co_return co_await find(core::Time::max(), deadline);
}

sdk::Task<Place> Changes::find(core::Time until, sdk::Deadline deadline) {
    Place place;
    for (const Kind kind : kinds) {
        co_await find_in(kind, until, place, deadline);
        if (place.failure) {
            break;
        }
    }
    co_return place;
}

sdk::Task<void> Changes::find_in(Kind kind, core::Time until, Place& place,
                                 sdk::Deadline deadline) {
    const core::Time from = std::min(until, host_.clock.now());
    Updates updates;
    for (const hours back : steps_back) {
        updates = co_await ask_since(kind, from - back, 1, deadline);
        if (updates.failure || !updates.changes.empty()) {
            break;
        }
    }
    if (updates.failure) {
        place.failure = std::move(updates.failure);
    } else if (!updates.changes.empty()) {
        place.position.of(kind) = updates.first - (updates.first > 0 ? 1 : 0);
        co_await walk(kind, until, place, deadline);
    }   // else never anything: from the beginning
}

/// As far as it goes: what is left is told as changes.
sdk::Task<void> Changes::walk(Kind kind, core::Time until, Place& place, sdk::Deadline deadline) {
    for (int pages = 0; pages < walk_pages_max; ++pages) {
        auto updates = co_await ask(kind, place.position.of(kind) + 1, walk_page, deadline);
        if (updates.failure) {
            place.failure = std::move(updates.failure);
            co_return;
        }
        if (updates.changes.empty()) {
            co_return;
        }
        for (std::size_t i = 0; i < updates.changes.size(); ++i) {
            if (updates.changes[i].at >= until) {
                co_return;
            }
            place.position.of(kind) = updates.ids[i];
        }
    }
}

sdk::Task<Updates> Changes::ask(Kind kind, std::uint64_t from, std::size_t size,
                                sdk::Deadline deadline) {
    auto request = updates_request(settings_, kind, from, size);
    const auto answer = co_await call(host_, std::move(request), deadline);
    Updates updates;
    if (answer.response) {
        updates = read_updates(*answer.response, kind, from, size);
    } else {
        updates.failure = answer.failure;
    }
    co_return updates;
}

sdk::Task<Updates> Changes::ask_since(Kind kind, core::Time since, std::size_t size,
                                      sdk::Deadline deadline) {
    auto request = updates_since_request(settings_, kind, since, size);
    const auto answer = co_await call(host_, std::move(request), deadline);
    Updates updates;
    if (answer.response) {
        updates = read_updates(*answer.response, kind, 0, size);
    } else {
        updates.failure = answer.failure;
    }
    co_return updates;
}

}   // namespace gateway::enhetsregisteret
