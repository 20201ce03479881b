#include "adapters/common/registers/register_failures.hpp"
#include "adapters/folkeregister/freg_adapter.hpp"

namespace gateway::folkeregister {

using fiks_platform::Built;
using fiks_platform::Client;
using fiks_platform::Reply;
using registers::make_failure;

namespace {

constexpr std::size_t tag_bytes_max = 200;
constexpr std::size_t details_values_max = 5'000'000;
constexpr std::size_t details_bytes_max = 64U << 20U;

sdk::Task<Built> events_of(const Settings& settings, const Place& place) {
    co_return Built(events_request(settings, place));
}

sdk::Task<Built> last_number_of(const Settings& settings) {
    co_return Built(last_number_request(settings));
}

sdk::Task<Built> details_of(const Settings& settings, const std::vector<std::string>& ids) {
    co_return Built(details_request(settings, ids));
}

sdk::ChangePage failed(sdk::RegisterFailure failure) {
    sdk::ChangePage page;
    page.failure = std::move(failure);
    return page;
}

/// Nothing can be told from such a place on.
sdk::ChangePage broken(core::Code code) {
    auto page = failed(make_failure(std::move(code), {}, false));
    page.broken = true;
    return page;
}

}   // namespace

sdk::Task<sdk::ChangePage> EventList::after(std::string cursor, sdk::Deadline deadline) {
    if (cursor.empty()) {
        const auto now = co_await newest(deadline);
        sdk::ChangePage page;
        page.failure = now.failure;
        Place place;
        place.last = now.number;
        page.cursor = now.failure ? std::string() : place.text();
        co_return page;
    }
    const auto place = Place::parse(cursor);
    if (!place) {
        co_return broken("register.cursor_unreadable");
    }
    const auto reply = co_await get(*place, deadline);
    if (!reply.response) {
        co_return failed(failure_of(reply.outcome));
    }
    if (reply.response->status == 304 && !place->tag.empty()) {
        sdk::ChangePage page;
        page.cursor = cursor;   // nothing new since the tag was given
        co_return page;
    }
    auto events = read_events(*reply.response, place->last);
    if (events.failure) {
        co_return failed(std::move(*events.failure));
    }
    if (events.events.empty()) {
        std::string tag(reply.response->header("ETag"));
        co_return co_await at_end(*place, std::move(tag), deadline);
    }
    auto failure = co_await complete(events, deadline);
    if (failure) {
        co_return failed(std::move(*failure));
    }
    if (events.missing > 0) {
        // A role need not be told all: noticed, and no reason to stop.
        host_.log.write(
            sdk::Severity::info, "register.feed_gap",
            core::Params{{"dataset", "person"}, {"count", std::to_string(events.missing)}});
        host_.metrics.count("sluse_register_feed_gaps_total", core::Params{{"dataset", "person"}},
                            events.missing);
    }
    sdk::ChangePage page;
    Place next;
    next.last = events.events.back().number;
    page.cursor = next.text();
    page.more = true;   // until an empty one: it has the tag to ask with
    for (auto& event : events.events) {
        page.changes.push_back(std::move(event.change));
    }
    co_return page;
}

sdk::Task<Reply> EventList::get(const Place& place, sdk::Deadline deadline) {
    Client::Build build = [&] { return events_of(settings_, place); };
    co_return co_await client_.call(std::move(build), sdk::Effect::none, deadline);
}

/// A list that ends before what was read has been set back: what it tells next would be passed by.
sdk::Task<sdk::ChangePage> EventList::at_end(Place place, std::string tag, sdk::Deadline deadline) {
    const auto now = co_await newest(deadline);
    if (now.failure) {
        co_return failed(*now.failure);
    }
    if (now.number < place.last) {
        co_return broken("freg.feed_rolled_back");
    }
    sdk::ChangePage page;
    place.tag = tag.size() <= tag_bytes_max ? std::move(tag) : std::string();
    page.cursor = place.text();
    co_return page;
}

sdk::Task<EventList::Newest> EventList::newest(sdk::Deadline deadline) {
    Client::Build build = [&] { return last_number_of(settings_); };
    const auto reply = co_await client_.call(std::move(build), sdk::Effect::none, deadline);
    Newest newest;
    if (!reply.response) {
        newest.failure = failure_of(reply.outcome);
        co_return newest;
    }
    newest.failure = failure_of_status(*reply.response);
    if (newest.failure) {
        co_return newest;
    }
    if (const auto number = read_last_number(*reply.response)) {
        newest.number = *number;
    } else {
        newest.failure = registers::failure_of_bad_answer(*reply.response);
    }
    co_return newest;
}

/// What the events changed, where some of them would be told on.
sdk::Task<std::optional<sdk::RegisterFailure>> EventList::complete(Events& events,
                                                                   sdk::Deadline deadline) {
    const auto ids = details_wanted(events);
    if (ids.empty() || !settings_.event_details) {
        co_return std::nullopt;
    }
    Client::Build build = [&] { return details_of(settings_, ids); };
    const auto reply = co_await client_.call(std::move(build), sdk::Effect::none, deadline);
    if (!reply.response) {
        co_return std::optional(failure_of(reply.outcome));
    }
    if (auto failure = failure_of_status(*reply.response)) {
        co_return failure;
    }
    json::ParseLimits limits;
    limits.bytes_max = details_bytes_max;
    limits.values_max = details_values_max;
    const auto details = json::parse(reply.response->body, limits);
    if (!details) {
        co_return std::optional(registers::failure_of_bad_answer(*reply.response));
    }
    if (!apply_details(*details, events)) {
        co_return std::optional(make_failure("freg.wrong_person"));
    }
    co_return std::nullopt;
}

}   // namespace gateway::folkeregister
