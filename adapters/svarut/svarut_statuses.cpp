#include "adapters/svarut/svarut_statuses.hpp"

#include "adapters/svarut/svarut_exchange.hpp"

#include <algorithm>

namespace gateway::svarut {

namespace {

constexpr std::chrono::seconds call_time_max{60};

}   // namespace

StatusBatches::Batch& StatusBatches::board(const std::string& account) {
    // What has flown and landed goes, once nobody waits for it any more.
    batches_.remove_if([this](const Batch& one) {
        return !one.open && one.flight.idle() &&
               std::none_of(batches_.begin(), batches_.end(),
                            [&](const Batch& other) { return other.before == &one; });
    });
    Batch* before = nullptr;
    for (auto& one : batches_) {
        if (one.account != account) {
            continue;
        }
        if (one.open && one.ids.size() < statuses_max) {
            return one;
        }
        before = &one;
    }
    Batch& made = batches_.emplace_back(account, host_.clock);
    made.before = before;
    return made;
}

sdk::Task<StatusBatches::Answer> StatusBatches::ask(std::string account, std::string id,
                                                    sdk::Deadline deadline) {
    Batch& batch = board(account);
    batch.ids.push_back(id);
    auto fetching = fetch(batch);
    auto fetched = co_await batch.flight.join(deadline, std::move(fetching));
    Answer answer;
    if (!fetched) {
        answer.failed = sdk::Outcome(sdk::Verdict::try_later, "upstream.timed_out");
        co_return answer;
    }
    answer.failed = std::move(fetched->failed);
    const auto known = fetched->statuses.find(id);
    if (known != fetched->statuses.end()) {
        answer.told = known->second;
    }
    co_return answer;
}

sdk::Task<StatusBatches::Fetched> StatusBatches::nothing() {
    co_return Fetched();
}

sdk::Task<StatusBatches::Fetched> StatusBatches::fetch(Batch& batch) {
    if (batch.before != nullptr) {
        auto landed = nothing();
        static_cast<void>(
            co_await batch.before->flight.join(host_.clock.in(call_time_max), std::move(landed)));
        batch.before = nullptr;
    }
    batch.open = false;
    co_return co_await call(batch);
}

sdk::Task<StatusBatches::Fetched> StatusBatches::call(Batch& batch) {
    fiks_platform::Client::Build build = [&] {
        return plain(statuses_request(settings_.access.base_url, batch.account, batch.ids));
    };
    auto reply =
        co_await client_.call(std::move(build), sdk::Effect::none, host_.clock.in(call_time_max));
    host_.metrics.observe("sluse_svarut_status_batch", {}, static_cast<double>(batch.ids.size()));
    Fetched fetched;
    if (!reply.response) {
        fetched.failed = std::move(reply.outcome);
        co_return fetched;
    }
    auto statuses = read_statuses(*reply.response);
    if (statuses) {
        fetched.statuses = std::move(*statuses);
    } else {
        fetched.failed = reply.response->status == 200
                             ? sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::none)
                             : outcome_of_refusal(*reply.response);
    }
    co_return fetched;
}

sdk::Task<void> StatusBatches::stop() {
    for (auto& one : batches_) {
        co_await one.flight.stop();
    }
}

}   // namespace gateway::svarut
