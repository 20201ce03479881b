#include "adapters/common/registers/look_ups.hpp"

#include "adapters/common/registers/register_failures.hpp"

#include <algorithm>

namespace gateway::registers {
namespace {

constexpr std::size_t waiting_max = 50'000;   // keys asked for at once, all batches together
/// Halvings of one batch that is refused as it stands: ten find one key among a thousand.
constexpr int halvings_max = 12;

}   // namespace

sdk::Task<void> LookUps::stop() {
    stopped_ = true;
    const auto batches = batches_;   // a look-up that wakes meanwhile may forget some
    for (const auto& batch : batches) {
        co_await batch->flight.stop();
    }
}

sdk::RegisterFailure LookUps::not_running() const {
    return make_failure("connection.not_running", {{"connection", manner_.connection}});
}

sdk::Task<sdk::RegisterAnswer> LookUps::look_up(Lane lane, sdk::RegisterQuery query,
                                                sdk::Deadline deadline) {
    Found found;
    if (stopped_) {
        found.failure = not_running();
    } else {
        take_from_cache(lane, query, found);
        board(lane, query, found);
        co_await wait(found, deadline);
        forget_landed();
    }
    co_return answer(query, found);
}

void LookUps::take_from_cache(const Lane& lane, const sdk::RegisterQuery& query, Found& found) {
    if (query.fresh) {
        return;
    }
    for (const auto& key : query.keys) {
        if (const auto* entry = cache_.find(lane, key, host_.clock)) {
            found.entries.emplace(key, *entry);
        }
    }
    host_.metrics.count("sluse_register_keys_total",
                        core::Params{{"dataset", manner_.dataset}, {"from", "cache"}},
                        found.entries.size());
}

/// Finds or opens a batch for every key that is not known.
void LookUps::board(const Lane& lane, const sdk::RegisterQuery& query, Found& found) {
    for (const auto& key : query.keys) {
        if (found.entries.contains(key) || found.asked.contains(key)) {
            continue;
        }
        if (auto pause = pauses_.find(lane, host_.clock.steady())) {
            found.failure = std::move(pause);
            return;
        }
        auto batch = batch_for(lane, query.fresh, key);
        if (!batch) {
            found.failure = make_failure("service.overloaded");
            return;
        }
        if (std::find(found.batches.begin(), found.batches.end(), batch) == found.batches.end()) {
            found.batches.push_back(batch);
        }
        found.asked.emplace(key, std::move(batch));
    }
}

LookUps::BatchPtr LookUps::batch_for(const Lane& lane, bool fresh, const std::string& key) {
    BatchPtr open;
    for (const auto& batch : batches_) {
        if (batch->lane != lane || batch->landed) {
            continue;
        }
        // An answer under way may have been made before something changed: a fresh look-up wants
        // one that is asked for from here on.
        if (batch->keys.contains(key) && (batch->collecting || !fresh)) {
            return batch;
        }
        if (batch->collecting && batch->keys.size() < manner_.batch_max) {
            open = batch;
        }
    }
    if (keys_waited_for() >= waiting_max) {
        return nullptr;
    }
    if (!open) {
        open = std::make_shared<Batch>(lane, host_.clock);
        batches_.push_back(open);
    }
    open->keys.insert(key);
    return open;
}

/// Sees to it that all are asked, then waits for each.
sdk::Task<void> LookUps::wait(Found& found, sdk::Deadline deadline) {
    for (const auto& batch : found.batches) {
        if (batch->collecting) {
            auto flying = fly(*batch);
            co_await batch->flight.launch(std::move(flying));
        }
    }
    for (const auto& batch : found.batches) {
        if (found.failure || batch->landed) {
            continue;
        }
        auto flying = fly(*batch);
        const auto landed = co_await batch->flight.join(deadline, std::move(flying));
        if (!landed && landed.error().is(core::Errc::timed_out)) {
            found.failure = make_failure("upstream.timed_out");
        } else if (!landed) {
            found.failure = not_running();
        }
    }
}

sdk::RegisterAnswer LookUps::answer(const sdk::RegisterQuery& query, Found& found) const {
    sdk::RegisterAnswer answer;
    answer.failure = std::move(found.failure);
    for (std::size_t i = 0; i < query.keys.size() && !answer.failure; ++i) {
        const std::string& key = query.keys[i];
        if (const auto known = found.entries.find(key); known != found.entries.end()) {
            answer.entries.push_back(known->second);
            continue;
        }
        const Reply& reply = found.asked.at(key)->replies.at(key);
        answer.failure = reply.failure;
        answer.entries.push_back(reply.entry);
    }
    if (answer.failure) {
        answer.entries.clear();   // all of them or none
    }
    return answer;
}

sdk::Task<bool> LookUps::fly(Batch& batch) {
    if (manner_.window.count() > 0) {
        co_await host_.clock.sleep_until(host_.clock.steady() + manner_.window);
    }
    batch.collecting = false;
    co_await ask(batch);
    batch.landed = true;
    co_return true;
}

/// One call, or more where the register refuses the batch as it stands: then its halves, so that
/// one key does not take the answer from the others.
sdk::Task<void> LookUps::ask(Batch& batch) {
    const auto deadline = host_.clock.in(manner_.batch_time);
    std::vector<Keys> parts{Keys(batch.keys.begin(), batch.keys.end())};
    int halvings = 0;
    while (!parts.empty()) {
        const Keys keys = std::move(parts.back());
        parts.pop_back();
        auto reading = co_await source_.ask(batch.lane, keys, deadline);
        report(batch.lane, reading);
        if (reading.refused_as_asked && keys.size() > 1 && halvings < halvings_max) {
            ++halvings;
            const auto middle = keys.begin() + static_cast<std::ptrdiff_t>(keys.size() / 2);
            parts.emplace_back(keys.begin(), middle);
            parts.emplace_back(middle, keys.end());
            continue;
        }
        settle(batch, keys, std::move(reading));
    }
}

void LookUps::settle(Batch& batch, const Keys& keys, Reading reading) {
    if (reading.failure) {
        for (const auto& key : keys) {
            batch.replies[key].failure = reading.failure;
        }
        if (!reading.refused_as_asked) {
            pauses_.begin(batch.lane, *reading.failure, host_.clock.steady());
        }
        return;
    }
    pauses_.end(batch.lane, host_.clock.steady());
    for (auto& [key, reply] : reading.replies) {
        if (!reply.failure) {
            cache_.put(batch.lane, reply.entry, host_.clock);
        }
        batch.replies[key] = std::move(reply);
    }
}

/// Codes and counts: never who was asked about.
void LookUps::report(const Lane& lane, const Reading& reading) {
    host_.metrics.count("sluse_register_calls_total",
                        core::Params{{"dataset", manner_.dataset},
                                     {"result", reading.failure ? "failed" : "answered"}});
    host_.metrics.count("sluse_register_keys_total",
                        core::Params{{"dataset", manner_.dataset}, {"from", "register"}},
                        reading.replies.size());
    if (reading.failure) {
        const auto severity =
            reading.failure->passing ? sdk::Severity::warning : sdk::Severity::error;
        host_.log.write(severity, "register.failed",
                        core::Params{{"tenant", lane.tenant.value},
                                     {"dataset", manner_.dataset},
                                     {"code", reading.failure->code.value}});
    }
    std::map<std::string, std::size_t> faults;
    for (const auto& [key, reply] : reading.replies) {
        if (reply.failure) {
            ++faults[reply.failure->code.value];
        }
    }
    for (const auto& [fault, count] : faults) {
        host_.log.write(sdk::Severity::warning, "register.key_faults",
                        core::Params{{"tenant", lane.tenant.value},
                                     {"fault", fault},
                                     {"count", std::to_string(count)}});
    }
}

std::size_t LookUps::keys_waited_for() const {
    std::size_t count = 0;
    for (const auto& batch : batches_) {
        count += batch->landed ? 0 : batch->keys.size();
    }
    return count;
}

void LookUps::forget_landed() {
    std::erase_if(batches_,
                  [](const BatchPtr& batch) { return batch->landed && batch->flight.idle(); });
}

}   // namespace gateway::registers
