#include "gateway/records/feed_follower.hpp"

#include "gateway/records/sealing.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <algorithm>
#include <tuple>

namespace gateway::records {
namespace {

constexpr std::chrono::seconds look_pace{5};   // for feeds that are new
constexpr std::chrono::seconds ask_time_max{60};
constexpr std::chrono::seconds grace{2};
constexpr std::chrono::minutes pause_max{15};
constexpr int doublings_max = 6;
// A passing failure is nothing to show until it has lasted.
constexpr int failures_shown = 3;
constexpr std::chrono::hours gap_shown{24};
// A register that tells every other time has not told again: its gap stays open, and is told of
// once.
constexpr int good_answers_to_close = 3;
constexpr std::size_t outdated_at_once = 1'000;
constexpr std::size_t cursor_bytes_max = 900;   // the store takes 1000, a gap with them
// Before a connection's name: no key of an own dataset has a colon.
constexpr std::string_view feed_prefix = "feed:";

core::Params labels_of(const ports::FeedPlace& place) {
    return {{"connection", place.connection.value}, {"tenant", place.tenant.value}};
}

core::Params with(core::Params labels, const char* name, std::string value) {
    labels.emplace_back(name, std::move(value));
    return labels;
}

double seconds_of(core::Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

sdk::Task<core::Result<sdk::ChangePage>> ask_feed(ports::Feeds& feeds, ports::FeedPlace place,
                                                  std::string cursor, sdk::Deadline deadline) {
    co_return co_await feeds.changes(std::move(place), std::move(cursor), deadline);
}

/// The page, or that it did not come in time.
sdk::Task<sdk::ChangePage> page_after(const FollowerParts& parts, ports::FeedPlace place,
                                      std::string cursor) {
    auto asked =
        ask_feed(parts.feeds, std::move(place), std::move(cursor), parts.clock.in(ask_time_max));
    const auto deadline = parts.clock.in(ask_time_max + grace);
    auto page = co_await runtime::with_deadline(parts.clock, deadline, std::move(asked));
    sdk::ChangePage failed;
    failed.failure.emplace();
    if (page.has_error()) {
        failed.failure->code = "feed.slow";
        co_return failed;
    }
    if (!page->failure && (page->cursor.empty() || page->cursor.size() > cursor_bytes_max)) {
        failed.failure->code = "feed.not_understood";
        failed.failure->passing = false;
        co_return failed;
    }
    co_return std::move(*page);
}

}   // namespace

FeedFollower::FeedFollower(FollowerParts parts, boost::asio::any_io_executor executor)
    : parts_(parts), strand_(boost::asio::make_strand(std::move(executor))), group_(strand_) {}

FeedFollower::~FeedFollower() = default;

void FeedFollower::start() {
    group_.spawn(supervise());
}

sdk::Task<void> FeedFollower::stop() {
    co_await group_.stop();
}

sdk::Task<void> FeedFollower::supervise() {
    for (;;) {
        for (const auto& place : parts_.feeds.feeds()) {
            if (followed_.insert(place).second) {
                group_.spawn(follow(place));
            }
        }
        co_await parts_.clock.sleep_until(parts_.clock.steady() + look_pace);
    }
}

bool FeedFollower::is_there(const ports::FeedPlace& place) const {
    const auto all = parts_.feeds.feeds();
    return std::find(all.begin(), all.end(), place) != all.end();
}

sdk::Task<void> FeedFollower::follow(ports::FeedPlace place) {
    Going going;
    while (is_there(place)) {
        const auto wait = co_await turn(place, going);
        const auto wake = parts_.clock.steady() + wait;
        while (parts_.clock.steady() < wake) {
            const auto soon = parts_.clock.steady() + core::Duration(look_pace);
            co_await parts_.clock.sleep_until(std::min<core::SteadyTime>(wake, soon));
            const std::lock_guard lock(mutex_);
            if (wished_.contains(place)) {
                break;
            }
        }
    }
    followed_.erase(place);
}

sdk::Task<core::Duration> FeedFollower::turn(ports::FeedPlace place, Going& going) {
    FeedState state;
    state.configuration = parts_.configuration.current();
    state.vault = parts_.vaults.find(place.tenant);
    if (state.vault == nullptr || !state.configuration->tenants.contains(place.tenant)) {
        co_return look_pace;
    }
    auto cursor = co_await parts_.store.feed_cursor(place.connection, place.tenant);
    if (!cursor) {
        const ports::FeedTrouble trouble("service.storage_failed", {});
        co_return failed(place, going, trouble, true, std::nullopt);
    }
    state.cursor = std::move(*cursor);
    std::tie(state.gap, state.cursor.cursor) = split_cursor(state.cursor.cursor);
    if (!state.gap.empty() && !going.gap_until) {
        // Of the process before.
        going.gap_until = parts_.clock.steady() + gap_shown;
        going.said = true;
        parts_.feeds.say(place, ports::FeedTrouble("feed.gap", {{"why", state.gap}}));
    }
    if (take_wish(place)) {
        co_await load_now(std::move(place), std::move(state));
        co_return core::Duration(0);
    }
    co_return co_await ask(std::move(place), going, std::move(state));
}

sdk::Task<core::Duration> FeedFollower::ask(ports::FeedPlace place, Going& going, FeedState state) {
    const bool begins = state.cursor.cursor.empty();
    auto page = co_await page_after(parts_, place, state.cursor.cursor);
    if (page.failure) {
        if (page.broken && !begins) {
            const auto why = page.failure->code;
            co_return co_await mend(std::move(place), going, std::move(state), why);
        }
        const ports::FeedTrouble trouble(page.failure->code, page.failure->params);
        co_return failed(place, going, trouble, page.failure->passing, page.failure->retry_after);
    }
    const core::Duration pace = state.configuration->records.feed_every;
    if (begins) {
        // What was fetched before anybody followed may have changed unseen.
        const auto trouble =
            co_await start_over(place, std::move(state), std::move(page.cursor), std::nullopt);
        if (trouble) {
            co_return failed(place, going, *trouble, true, std::nullopt);
        }
        succeeded(place, going, core::Duration(0));
        co_return pace;
    }
    if (!state.gap.empty() && ++going.good >= good_answers_to_close) {
        if (const auto trouble = co_await close_gap(place, going, state)) {
            co_return failed(place, going, *trouble, true, std::nullopt);
        }
    }
    const bool stands = page.cursor == state.cursor.cursor && page.changes.empty();
    if (stands) {
        succeeded(place, going, core::Duration(0));
        co_return pace;
    }
    core::Duration behind(0);
    if (page.more && !page.changes.empty()) {
        behind = std::max<core::Duration>(behind, parts_.clock.now() - page.changes.back().at);
    }
    parts_.metrics.count("sluse_feed_changes_total", labels_of(place), page.changes.size());
    auto from = state.cursor;
    from.cursor = kept_cursor(state.gap, from.cursor);
    FeedChanges one(parts_, place, state.configuration, state.vault, std::move(from));
    page.cursor = kept_cursor(state.gap, page.cursor);
    const auto taken = co_await one.take(std::move(page.changes), std::move(page.cursor));
    if (taken.moved) {
        co_return core::Duration(0);
    }
    if (taken.trouble) {
        co_return failed(place, going, *taken.trouble, true, std::nullopt);
    }
    succeeded(place, going, behind);
    co_return page.more ? core::Duration(0) : pace;
}

/// All that is held of the register is outdated; only then the cursor stands where it is to go on.
sdk::Task<std::optional<ports::FeedTrouble>>
FeedFollower::start_over(ports::FeedPlace place, FeedState state, std::string cursor,
                         std::optional<core::Code> gap) {
    const ports::FeedTrouble not_stored("service.storage_failed", {});
    parts_.touches.note_all(parts_.clock.steady());
    for (const auto& dataset : parts_.feeds.datasets(place.connection)) {
        std::uint64_t after = 0;
        for (;;) {
            const auto held = co_await parts_.store.record_changes(place.tenant, dataset, after,
                                                                   outdated_at_once);
            if (!held) {
                co_return not_stored;
            }
            if (held->empty()) {
                break;
            }
            ports::FeedStep step;
            step.connection = place.connection;
            step.tenant = place.tenant;
            step.cursor = kept_cursor(state.gap, state.cursor.cursor);
            step.expected = state.cursor.version;
            step.at = parts_.clock.now();
            for (const auto& one : *held) {
                step.outdated.emplace_back(one.subject, one.dataset);
            }
            const auto done = co_await parts_.store.advance_feed(std::move(step));
            if (!done) {
                co_return not_stored;
            }
            GATEWAY_CRASH_POINT("feeds.starting_over");
            ++state.cursor.version;
            after = held->back().position;
        }
    }
    ports::FeedStep step;
    step.connection = place.connection;
    step.tenant = place.tenant;
    step.cursor = kept_cursor(state.gap, cursor);
    step.expected = state.cursor.version;
    step.at = parts_.clock.now();
    // One that stays is told of when it begins and when it ends, however often it is met.
    if (gap && state.gap.empty()) {
        step.cursor = kept_cursor(gap->value, cursor);
        auto tellings = co_await tell_of_gap(place, std::move(state), std::move(*gap), false);
        if (!tellings) {
            co_return not_stored;
        }
        step.events = std::move(*tellings);
    }
    const auto done = co_await parts_.store.advance_feed(std::move(step));
    if (!done) {
        co_return not_stored;
    }
    co_return std::nullopt;
}

/// The feed has a handle of its own, so that what is told of it is an event like the others.
sdk::Task<core::Result<std::vector<ports::FeedStep::Telling>>>
FeedFollower::tell_of_gap(ports::FeedPlace place, FeedState state, core::Code why, bool closed) {
    std::vector<ports::FeedStep::Telling> tellings;
    FeedGap gap;
    gap.connection = place.connection;
    gap.datasets = parts_.feeds.datasets(place.connection);
    gap.why = std::move(why);
    gap.cursor_version = state.cursor.version;
    gap.closed = closed;
    const auto followers = who_follows(state.configuration->tenants.at(place.tenant), gap.datasets);
    if (followers.empty()) {
        co_return tellings;
    }
    std::vector<ports::Subject> wanted;
    wanted.push_back(new_subject(*state.vault, parts_.ids, core::RecordKeyKind::plain,
                                 std::string(feed_prefix) + place.connection.value,
                                 parts_.clock.now()));
    const auto feed = co_await parts_.store.subjects(place.tenant, std::move(wanted));
    if (!feed) {
        co_return feed.error();
    }
    gap.feed = feed->front().handle;
    for (const auto& follower : followers) {
        tellings.push_back(
            telling_of_gap(gap, follower, parts_.ids.next<core::EventId>(), parts_.clock.now()));
    }
    co_return tellings;
}

sdk::Task<std::optional<ports::FeedTrouble>>
FeedFollower::close_gap(ports::FeedPlace place, Going& going, FeedState& state) {
    const ports::FeedTrouble not_stored("service.storage_failed", {});
    ports::FeedStep step;
    step.connection = place.connection;
    step.tenant = place.tenant;
    step.cursor = state.cursor.cursor;
    step.expected = state.cursor.version;
    step.at = parts_.clock.now();
    auto tellings = co_await tell_of_gap(place, state, core::Code(state.gap), true);
    if (!tellings) {
        co_return not_stored;
    }
    step.events = std::move(*tellings);
    GATEWAY_CRASH_POINT("feeds.closing_gap");
    if (const auto done = co_await parts_.store.advance_feed(std::move(step)); !done) {
        co_return not_stored;
    }
    parts_.log.write(sdk::Severity::info, "feed_gap_closed",
                     with(labels_of(place), "code", state.gap));
    ++state.cursor.version;
    state.gap.clear();
    going.good = 0;
    co_return std::nullopt;
}

sdk::Task<core::Duration> FeedFollower::mend(ports::FeedPlace place, Going& going, FeedState state,
                                             core::Code why) {
    // Where to go on is asked first: what changes while the rest is marked is told by the feed.
    const core::Duration pace = state.configuration->records.feed_every;
    const bool is_new = state.gap.empty();
    going.good = 0;
    auto now = co_await page_after(parts_, place, "");
    if (now.failure) {
        const ports::FeedTrouble trouble(now.failure->code, now.failure->params);
        co_return failed(place, going, trouble, now.failure->passing, now.failure->retry_after);
    }
    const auto trouble = co_await start_over(place, std::move(state), std::move(now.cursor), why);
    if (trouble) {
        co_return failed(place, going, *trouble, true, std::nullopt);
    }
    if (is_new) {
        parts_.metrics.count("sluse_feed_gaps_total", labels_of(place), 1);
        parts_.log.write(sdk::Severity::error, "feed_gap",
                         with(labels_of(place), "code", why.value));
    }
    succeeded(place, going, core::Duration(0));
    going.gap_until = parts_.clock.steady() + gap_shown;
    going.said = true;
    parts_.feeds.say(place, ports::FeedTrouble("feed.gap", {{"why", why.value}}));
    co_return pace;
}

core::Duration FeedFollower::failed(const ports::FeedPlace& place, Going& going,
                                    ports::FeedTrouble trouble, bool passing,
                                    std::optional<std::chrono::seconds> retry_after) {
    ++going.failures;
    going.good = 0;
    parts_.metrics.count("sluse_feed_failures_total", labels_of(place), 1);
    parts_.log.write(sdk::Severity::warning, "feed_failed",
                     with(labels_of(place), "code", trouble.code.value));
    if (!passing || going.failures >= failures_shown) {
        going.said = true;
        parts_.feeds.say(place, std::move(trouble));
    }
    const core::Duration pace = parts_.configuration.current()->records.feed_every;
    const auto most = std::max<core::Duration>(pace, pause_max);
    core::Duration pause = passing ? pace : most;
    for (int i = 1; i < std::min(going.failures, doublings_max); ++i) {
        pause = std::min(most, pause * 2);
    }
    // Up to a fifth more, so that all do not come back at once.
    const auto fifth = static_cast<std::uint64_t>((pause / 5).count()) + 1;
    pause += core::Duration(static_cast<core::Duration::rep>(parts_.ids.random_number() % fifth));
    return std::max<core::Duration>(pause, retry_after.value_or(std::chrono::seconds(0)));
}

void FeedFollower::succeeded(const ports::FeedPlace& place, Going& going, core::Duration behind) {
    going.failures = 0;
    parts_.metrics.gauge("sluse_feed_last_success_seconds", labels_of(place),
                         seconds_of(parts_.clock.now().time_since_epoch()));
    parts_.metrics.gauge("sluse_feed_behind_seconds", labels_of(place), seconds_of(behind));
    const bool gap = going.gap_until && *going.gap_until > parts_.clock.steady();
    if (going.said && !gap) {
        going.said = false;
        going.gap_until.reset();
        parts_.feeds.say(place, std::nullopt);
    }
}

bool FeedFollower::load(const ports::FeedPlace& place) {
    if (!is_there(place)) {
        return false;
    }
    const std::lock_guard lock(mutex_);
    const auto found = loads_.find(place);
    if (found != loads_.end() && !found->second->ended) {
        return false;
    }
    loads_[place] = std::make_shared<LoadProgress>();
    wished_.insert(place);
    return true;
}

std::optional<LoadProgress> FeedFollower::loading(const ports::FeedPlace& place) const {
    const std::lock_guard lock(mutex_);
    const auto found = loads_.find(place);
    return found == loads_.end() ? std::nullopt : std::optional<LoadProgress>(*found->second);
}

bool FeedFollower::take_wish(const ports::FeedPlace& place) {
    const std::lock_guard lock(mutex_);
    return wished_.erase(place) > 0;
}

sdk::Task<void> FeedFollower::load_now(ports::FeedPlace place, FeedState state) {
    std::shared_ptr<LoadProgress> progress;
    {
        const std::lock_guard lock(mutex_);
        progress = loads_.at(place);
    }
    LoadIntake intake(parts_, place, state, *progress);
    auto answer = co_await parts_.feeds.load(place, intake);
    core::Code failure;
    if (answer.failure) {
        failure = answer.failure->code;
    } else if (!answer.cursor.empty()) {
        // Back to before the dump was made: what changed since is told once more, and outdates it.
        ports::FeedStep step;
        step.connection = place.connection;
        step.tenant = place.tenant;
        step.cursor = kept_cursor(state.gap, answer.cursor);
        step.expected = state.cursor.version;
        step.at = parts_.clock.now();
        if (const auto done = co_await parts_.store.advance_feed(std::move(step)); !done) {
            failure = "service.storage_failed";
        }
    }
    parts_.log.write(failure.empty() ? sdk::Severity::info : sdk::Severity::error, "feed_loaded",
                     with(with(labels_of(place), "kept", std::to_string(progress->kept)), "code",
                          failure.value));
    {
        const std::lock_guard lock(mutex_);
        progress->failure = failure;
        progress->ended = true;
    }
}

}   // namespace gateway::records
