#include "gateway/failures/group_retry.hpp"

#include "gateway/crypto/base64url.hpp"

#include <algorithm>
#include <array>

namespace gateway::failures {
namespace {

using Progress = Reopened::Progress;

constexpr std::array<std::string_view, 5> state_names{"running", "paused", "cancelled", "stopped",
                                                      "done"};
constexpr std::array<std::string_view, 5> progress_names{"planned", "opened", "went", "failed",
                                                         "skipped"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, const std::string& text) {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) {
        return std::nullopt;
    }
    return static_cast<Enum>(found - names.begin());
}

std::int64_t micros(core::Time time) {
    return time.time_since_epoch().count();
}

core::Time time_of(const json::Value& value) {
    return core::Time(core::Duration(value.as_int()));
}

json::Value kind_json(const ports::FailureKind& kind) {
    json::Value value = json::Value::object();
    value.set("tenant", kind.tenant.value)
        .set("code", kind.code)
        .set("detail", kind.detail)
        .set("connection", kind.connection)
        .set("type", kind.type);
    return value;
}

ports::FailureKind kind_of(const json::Value& value) {
    ports::FailureKind kind;
    kind.tenant = core::TenantId(value["tenant"].as_string());
    kind.code = value["code"].as_string();
    kind.detail = value["detail"].as_string();
    kind.connection = value["connection"].as_string();
    kind.type = value["type"].as_string();
    return kind;
}

json::Value reopened_json(const Reopened& item) {
    json::Value value = json::Value::object();
    value.set("message", item.message.to_string())
        .set("old", item.old.to_string())
        .set("next", item.next.to_string())
        .set("release", item.release)
        .set("progress", progress_names[static_cast<std::size_t>(item.progress)]);
    return value;
}

std::optional<Reopened> reopened_of(const json::Value& value) {
    const auto message = core::MessageId::parse(value["message"].as_string());
    const auto old = core::DeliveryId::parse(value["old"].as_string());
    const auto next = core::DeliveryId::parse(value["next"].as_string());
    const auto progress = parse<Progress>(progress_names, value["progress"].as_string());
    if (!message || !old || !next || !progress) {
        return std::nullopt;
    }
    Reopened item;
    item.message = *message;
    item.old = *old;
    item.next = *next;
    item.release = value["release"].as_bool();
    item.progress = *progress;
    return item;
}

}   // namespace

std::string_view name(RetryState state) {
    return state_names[static_cast<std::size_t>(state)];
}

core::TenantId GroupRetry::tenant() const {
    return kinds.empty() ? core::TenantId() : kinds.front().tenant;
}

std::size_t GroupRetry::batch_size() const {
    return stage == 0 ? canary_first : stage == 1 ? canary_second : rest_batch;
}

GroupRetry::Next GroupRetry::next() const {
    if (state != RetryState::running) {
        return Next::none;
    }
    const auto any = [this](Progress progress) {
        return std::any_of(batch.begin(), batch.end(),
                           [&](const auto& item) { return item.progress == progress; });
    };
    return batch.empty()            ? Next::plan
           : any(Progress::planned) ? Next::open
           : any(Progress::opened)  ? Next::look
                                    : Next::plan;
}

void GroupRetry::plan(const std::vector<ports::FailedDelivery>& found,
                      const std::vector<core::DeliveryId>& ids, core::Time now) {
    batch.clear();
    if (found.empty()) {
        state = RetryState::done;
        ended = now;
        return;
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        Reopened item;
        item.message = found[i].message;
        item.old = found[i].delivery;
        item.release = found[i].state == core::DeliveryState::held;
        item.next = item.release ? item.old : ids.at(i);
        batch.push_back(item);
    }
    after = std::pair(found.back().at, found.back().delivery);
}

void GroupRetry::was_opened(std::size_t index, bool done) {
    auto& item = batch.at(index);
    if (item.progress != Progress::planned) {
        return;
    }
    item.progress = done ? Progress::opened : Progress::skipped;
    ++(done ? opened : skipped);
}

void GroupRetry::was_seen(std::size_t index, core::DeliveryState seen) {
    auto& item = batch.at(index);
    if (item.progress != Progress::opened) {
        return;
    }
    if (core::is_handed_over(seen)) {
        item.progress = Progress::went;
        ++went;
    } else if (ports::is_failure(seen)) {
        item.progress = Progress::failed;
        ++failed;
    } else if (seen == core::DeliveryState::cancelled) {
        item.progress = Progress::skipped;   // somebody's wish: says nothing of the cause
    }
}

void GroupRetry::judge(core::Time now) {
    if (state != RetryState::running || batch.empty()) {
        return;
    }
    const auto count = [this](Progress progress) {
        return std::count_if(batch.begin(), batch.end(),
                             [&](const auto& item) { return item.progress == progress; });
    };
    if (stage < 2 && count(Progress::failed) > 0) {
        state = RetryState::stopped;
        ended = now;
        return;
    }
    if (count(Progress::planned) > 0) {
        return;
    }
    if (stage >= 2) {
        batch.clear();   // the rest is not waited for: what fails of it fails anew, and is seen
        return;
    }
    if (count(Progress::opened) > 0) {
        return;
    }
    stage += count(Progress::went) > 0 ? 1 : 0;   // one that could not be tried proves nothing
    batch.clear();
}

bool GroupRetry::pause() {
    const bool can = state == RetryState::running;
    state = can ? RetryState::paused : state;
    return can;
}

bool GroupRetry::resume() {
    const bool can = state == RetryState::paused;
    state = can ? RetryState::running : state;
    return can;
}

bool GroupRetry::cancel(core::Time now) {
    const bool can = state == RetryState::running || state == RetryState::paused;
    if (can) {
        state = RetryState::cancelled;
        ended = now;
    }
    return can;
}

json::Value GroupRetry::to_json() const {
    json::Value value = json::Value::object();
    json::Value of = json::Value::array();
    for (const auto& kind : kinds) {
        of.push(kind_json(kind));
    }
    json::Value items = json::Value::array();
    for (const auto& item : batch) {
        items.push(reopened_json(item));
    }
    value.set("id", id)
        .set("group", group)
        .set("who", who)
        .set("why", crypto::base64url_encode(sealed_why))
        .set("key", crypto::base64url_encode(wrapped_key))
        .set("started", micros(started))
        .set("until", micros(until))
        .set("kinds", std::move(of))
        .set("total", total)
        .set("state", name(state))
        .set("stage", stage)
        .set("batch", std::move(items))
        .set("opened", opened)
        .set("went", went)
        .set("failed", failed)
        .set("skipped", skipped);
    if (ended) {
        value.set("ended", micros(*ended));
    }
    if (after) {
        value.set("afterAt", micros(after->first)).set("after", after->second.to_string());
    }
    return value;
}

std::optional<GroupRetry> GroupRetry::from_json(const json::Value& value) {
    GroupRetry retry;
    const auto why = crypto::base64url_decode(value["why"].as_string());
    const auto key = crypto::base64url_decode(value["key"].as_string());
    const auto state = parse<RetryState>(state_names, value["state"].as_string());
    if (!why || !key || !state) {
        return std::nullopt;
    }
    const auto number = [&](const char* member) {
        return static_cast<std::uint64_t>(value[member].as_int());
    };
    retry.id = value["id"].as_string();
    retry.group = value["group"].as_string();
    retry.who = value["who"].as_string();
    retry.sealed_why = *why;
    retry.wrapped_key = *key;
    retry.started = time_of(value["started"]);
    retry.until = time_of(value["until"]);
    for (const auto& kind : value["kinds"].items()) {
        retry.kinds.push_back(kind_of(kind));
    }
    retry.total = number("total");
    retry.state = *state;
    retry.stage = static_cast<int>(value["stage"].as_int());
    for (const auto& item : value["batch"].items()) {
        const auto one = reopened_of(item);
        if (!one) {
            return std::nullopt;
        }
        retry.batch.push_back(*one);
    }
    retry.opened = number("opened");
    retry.went = number("went");
    retry.failed = number("failed");
    retry.skipped = number("skipped");
    if (value.has("ended")) {
        retry.ended = time_of(value["ended"]);
    }
    if (const auto delivery = core::DeliveryId::parse(value["after"].as_string())) {
        retry.after = std::pair(time_of(value["afterAt"]), *delivery);
    }
    return retry;
}

}   // namespace gateway::failures
