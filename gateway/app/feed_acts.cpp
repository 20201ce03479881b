#include "gateway/app/feed_acts.hpp"

namespace gateway::app {
namespace {

sdk::ActAnswer refused(core::Code code) {
    sdk::ActAnswer answer;
    answer.code = std::move(code);
    return answer;
}

json::Value number(std::uint64_t value) {
    return json::Value(static_cast<std::int64_t>(value));
}

}   // namespace

std::vector<ports::FeedPlace> FeedActs::places(const core::ConnectionId& connection,
                                               const std::string& tenant) const {
    std::vector<ports::FeedPlace> found;
    for (auto& place : feeds_.feeds()) {
        if (place.connection == connection && (tenant.empty() || place.tenant.value == tenant)) {
            found.push_back(std::move(place));
        }
    }
    return found;
}

sdk::ActAnswer FeedActs::load(const std::vector<ports::FeedPlace>& places) {
    bool begun = false;
    for (const auto& place : places) {
        begun = follower_.load(place) || begun;
    }
    return begun ? progress(places) : refused("feed.loading");
}

sdk::ActAnswer FeedActs::progress(const std::vector<ports::FeedPlace>& places) const {
    auto loads = json::Value::array();
    for (const auto& place : places) {
        const auto loading = follower_.loading(place);
        if (!loading) {
            continue;
        }
        auto one = json::Value::object();
        one.set("tenant", place.tenant.value)
            .set("done", number(loading->done))
            .set("of", number(loading->of))
            .set("kept", number(loading->kept))
            .set("ended", loading->ended.load());
        if (!loading->failure.empty()) {
            one.set("code", loading->failure.value);
        }
        loads.push(std::move(one));
    }
    sdk::ActAnswer answer;
    answer.verdict = sdk::Verdict::accepted;
    answer.value = json::Value::object().set("loads", std::move(loads));
    return answer;
}

sdk::Task<sdk::ActAnswer> FeedActs::act(core::ConnectionId connection, sdk::Act act,
                                        sdk::Deadline deadline) {
    const bool begins = act.name == "load";
    if (!begins && act.name != "load-progress") {
        co_return co_await adapters_.act(std::move(connection), std::move(act), deadline);
    }
    const auto found = places(connection, act.with["tenant"].as_string());
    if (found.empty()) {
        co_return refused("feed.none");
    }
    if (begins) {
        co_return load(found);
    }
    co_return progress(found);
}

}   // namespace gateway::app
