#include "gateway/failures/retries.hpp"

#include "gateway/json/value.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::failures {
namespace {

using core::Errc;
using core::Failure;

// No connection can have this name.
const core::ConnectionId our_own{"@failures"};
constexpr const char* state_key = "retries";
constexpr json::ParseLimits own_state{.bytes_max = 4U << 20U, .depth_max = 16};
constexpr int tries_max = 10;   // two persons and the step itself do not meet more often

bool is_open(const GroupRetry& retry) {
    return retry.state == RetryState::running || retry.state == RetryState::paused;
}

/// What has ended and is old makes room.
void forget_oldest(std::vector<GroupRetry>& retries) {
    auto ended = std::count_if(retries.begin(), retries.end(),
                               [](const auto& retry) { return !is_open(retry); });
    for (auto it = retries.begin();
         it != retries.end() && ended > static_cast<std::ptrdiff_t>(retries_ended_max);) {
        if (is_open(*it)) {
            ++it;
            continue;
        }
        it = retries.erase(it);
        --ended;
    }
}

Wish wish_of(const GroupRetry& retry, const crypto::Vault& vault) {
    Wish wish(retry.who, {});
    const auto key = vault.unwrap(retry.wrapped_key, retry.id);
    if (key) {
        auto why = key->open("event", retry.id, retry.sealed_why);
        wish.why = why ? std::move(*why) : std::string();
    }
    return wish;
}

}   // namespace

sdk::Task<core::Result<Retries::Kept>> Retries::load() {
    const auto entry = co_await parts_.store.get_state(our_own, state_key);
    if (!entry) {
        co_return entry.error();
    }
    Kept kept;
    kept.version = entry->version;
    if (entry->value.empty()) {
        co_return kept;
    }
    const auto value = json::parse_or_failure(entry->value, own_state);
    if (!value) {
        co_return value.error();
    }
    for (const auto& item : value->items()) {
        auto retry = GroupRetry::from_json(item);
        if (!retry) {
            co_return Failure(Errc::corrupted, "a retry of a group cannot be read");
        }
        kept.retries.push_back(std::move(*retry));
    }
    co_return kept;
}

sdk::Task<core::Result<void>> Retries::save(Kept& kept) {
    json::Value items = json::Value::array();
    for (const auto& retry : kept.retries) {
        items.push(retry.to_json());
    }
    auto text = json::write(items);
    const auto version =
        co_await parts_.store.put_state(our_own, state_key, std::move(text), kept.version);
    if (!version) {
        co_return version.error();
    }
    kept.version = *version;
    co_return core::Result<void>();
}

sdk::Task<core::Result<std::vector<GroupRetry>>> Retries::list() {
    auto kept = co_await load();
    if (!kept) {
        co_return kept.error();
    }
    std::reverse(kept->retries.begin(), kept->retries.end());
    co_return std::move(kept->retries);
}

sdk::Task<core::Result<GroupRetry>> Retries::begin(Group group, Wish wish, RetryAsked asked) {
    const auto vault = parts_.vaults.find(group.kinds.front().tenant);
    if (!vault) {
        co_return Failure(Errc::not_found, "no key of the tenant's at hand");
    }
    GroupRetry retry;
    const auto id = asked.id ? *asked.id : parts_.ids.uuid();
    retry.id = id.to_string();
    retry.group = group.id;
    retry.who = wish.who;
    auto key = vault->new_key(parts_.ids, retry.id);
    retry.wrapped_key = std::move(key.wrapped);
    retry.sealed_why = key.key.seal(parts_.ids, "event", retry.id, wish.why);
    retry.started = parts_.clock.now();
    retry.until = asked.until.value_or(retry.started);
    retry.kinds = group.kinds;
    retry.total = group.count;
    for (int i = 0; i < tries_max; ++i) {
        auto kept = co_await load();
        if (!kept) {
            co_return kept.error();
        }
        std::size_t open = 0;
        for (const auto& other : kept->retries) {
            if (is_open(other) && other.group == group.id) {
                co_return Failure(Errc::conflict, "a retry of the group is open");
            }
            open += is_open(other) ? 1U : 0U;
        }
        if (open >= retries_open_max) {
            co_return Failure(Errc::unavailable, "too many retries are open");
        }
        kept->retries.push_back(retry);
        forget_oldest(kept->retries);
        const auto saved = co_await save(*kept);
        if (saved) {
            co_return retry;
        }
        if (!saved.error().is(Errc::conflict)) {
            co_return saved.error();
        }
    }
    co_return Failure(Errc::unavailable, "the retries are changed by too many at once");
}

sdk::Task<core::Result<GroupRetry>> Retries::change(std::string id, std::string what, Wish wish,
                                                    std::optional<GroupRetry>& now) {
    for (int i = 0; i < tries_max; ++i) {
        auto kept = co_await load();
        if (!kept) {
            co_return kept.error();
        }
        const auto found = std::find_if(kept->retries.begin(), kept->retries.end(),
                                        [&](const auto& retry) { return retry.id == id; });
        if (found == kept->retries.end()) {
            co_return Failure(Errc::not_found, "no such retry");
        }
        bool done = false;
        if (what == "pause") {
            done = found->pause();
        } else if (what == "resume") {
            done = found->resume();
        } else {
            done = found->cancel(parts_.clock.now());
        }
        now = *found;
        if (!done) {
            co_return Failure(Errc::conflict, "not in a state for that");
        }
        auto changed = *found;
        const auto saved = co_await save(*kept);
        if (saved) {
            parts_.log.write(sdk::Severity::info, "group_retry_changed",
                             {{"retry", id}, {"act", what}, {"who", wish.who}});
            co_return changed;
        }
        if (!saved.error().is(Errc::conflict)) {
            co_return saved.error();
        }
    }
    co_return Failure(Errc::unavailable, "the retries are changed by too many at once");
}

sdk::Task<core::Result<bool>> Retries::step() {
    auto kept = co_await load();
    if (!kept) {
        co_return kept.error();
    }
    bool running = false;
    for (std::size_t i = 0; i < kept->retries.size(); ++i) {
        if (kept->retries[i].next() == GroupRetry::Next::none) {
            continue;
        }
        running = true;
        const auto stepped = co_await step_one(*kept, i);
        if (!stepped && stepped.error().is(Errc::conflict)) {
            co_return true;   // a person changed something meanwhile: the next step sees it
        }
        if (!stepped) {
            co_return stepped.error();
        }
    }
    co_return running;
}

/// A round of one retry: what is to be opened is durable before it is opened.
sdk::Task<core::Result<void>> Retries::step_one(Kept& kept, std::size_t index) {
    auto& retry = kept.retries[index];
    if (retry.next() == GroupRetry::Next::plan) {
        const auto planned = co_await plan(retry);
        if (!planned) {
            co_return planned.error();
        }
        const auto saved = co_await save(kept);
        if (!saved) {
            co_return saved.error();
        }
        GATEWAY_CRASH_POINT("retries.planned");
    }
    if (retry.next() == GroupRetry::Next::open) {
        const auto opened = co_await open_planned(retry);
        if (!opened) {
            co_return opened.error();
        }
    } else if (retry.next() == GroupRetry::Next::look) {
        const auto before = std::pair(retry.went, retry.failed);
        const auto looked = co_await look(retry);
        if (!looked) {
            co_return looked.error();
        }
        const bool same = before == std::pair(retry.went, retry.failed);
        if (same && retry.next() == GroupRetry::Next::look) {
            co_return core::Result<void>();   // nothing new: nothing to write
        }
    }
    retry.judge(parts_.clock.now());
    GATEWAY_CRASH_POINT("retries.judged");
    if (!is_open(retry)) {
        parts_.log.write(sdk::Severity::info, "group_retry_ended",
                         {{"retry", retry.id},
                          {"state", std::string(name(retry.state))},
                          {"opened", std::to_string(retry.opened)},
                          {"failed", std::to_string(retry.failed)},
                          {"skipped", std::to_string(retry.skipped)}});
    }
    co_return co_await save(kept);
}

sdk::Task<core::Result<void>> Retries::plan(GroupRetry& retry) {
    ports::FailureQuery query;
    query.kinds = retry.kinds;
    query.limit = retry.batch_size();
    query.oldest_first = true;
    query.until = retry.until;
    query.after = retry.after;
    const auto found = co_await ports::failures_of(parts_.store).failed(std::move(query));
    if (!found) {
        co_return found.error();
    }
    std::vector<core::DeliveryId> ids;
    for (std::size_t i = 0; i < found->size(); ++i) {
        ids.push_back(parts_.ids.next<core::DeliveryId>());
    }
    retry.plan(*found, ids, parts_.clock.now());
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> Retries::open_planned(GroupRetry& retry) {
    const auto vault = parts_.vaults.find(retry.tenant());
    if (!vault) {
        co_return Failure(Errc::unavailable, "no key of the tenant's at hand");   // waits for it
    }
    const auto wish = wish_of(retry, *vault);
    for (std::size_t i = 0; i < retry.batch.size(); ++i) {
        if (retry.batch[i].progress != Reopened::Progress::planned) {
            continue;
        }
        const auto opened = co_await open(retry, retry.batch[i], wish);
        if (!opened) {
            co_return opened.error();
        }
        retry.was_opened(i, *opened);
        GATEWAY_CRASH_POINT("retries.opened");
    }
    co_return core::Result<void>();
}

/// False: somebody else has done something with it, or it cannot be sent any more.
sdk::Task<core::Result<bool>> Retries::open(const GroupRetry& retry, Reopened item,
                                            const Wish& wish) {
    const auto tenant = retry.tenant();
    const auto vault = parts_.vaults.find(tenant);
    const auto message = co_await parts_.store.get(tenant, item.message);
    if (!message) {
        co_return message.error();
    }
    if (!vault || !message->has_value() || (*message)->deliveries.empty()) {
        co_return false;
    }
    const auto& newest = (*message)->deliveries.back();
    if (newest.id == item.next && !item.release) {
        co_return true;   // ours, from before a crash
    }
    if (newest.id != item.old || !ports::is_failure(newest.state)) {
        co_return item.release&& newest.id == item.old;   // released, by us or another
    }
    const auto now = parts_.clock.now();
    core::Result<void> done;
    if (item.release) {
        std::vector<ports::NewEvent> events{
            event_of(wish, "released", **message, *vault, parts_.ids, now)};
        done = co_await parts_.store.release(tenant, item.old, now, std::move(events));
    } else {
        const auto lifetime = parts_.configuration.current()->dispatch.message_lifetime;
        auto command = reopen(tenant, **message, *vault, item.next, lifetime, now);
        if (!command) {
            co_return false;
        }
        command->events.push_back(event_of(wish, "retried", **message, *vault, parts_.ids, now));
        done = co_await parts_.store.retry(std::move(*command));
    }
    if (!done && !done.error().is(Errc::conflict)) {
        co_return done.error();
    }
    co_return done.has_value();
}

sdk::Task<core::Result<void>> Retries::look(GroupRetry& retry) {
    for (std::size_t i = 0; i < retry.batch.size(); ++i) {
        const auto item = retry.batch[i];
        if (item.progress != Reopened::Progress::opened) {
            continue;
        }
        const auto message = co_await parts_.store.get(retry.tenant(), item.message);
        if (!message) {
            co_return message.error();
        }
        if (!message->has_value()) {
            retry.was_seen(i, core::DeliveryState::cancelled);
            continue;
        }
        // The message's own state: a fall-back that took over says whether it went.
        retry.was_seen(i, (*message)->state);
    }
    co_return core::Result<void>();
}

}   // namespace gateway::failures
