#include "adapters/krr/krr_print.hpp"

#include "adapters/krr/krr_failures.hpp"

#include <algorithm>

namespace gateway::krr {

using std::chrono::seconds;

namespace {

constexpr seconds fetch_time_max{30};   // of one fetch, whoever waits for it

sdk::RegisterAnswer failed(sdk::RegisterFailure failure) {
    sdk::RegisterAnswer answer;
    answer.failure = std::move(failure);
    return answer;
}

sdk::RegisterAnswer answer_of(const sdk::RegisterQuery& query, const sdk::RegisterEntry& entry) {
    sdk::RegisterAnswer answer;
    answer.entries.assign(query.keys.size(), entry);
    return answer;
}

}   // namespace

sdk::Task<void> Print::stop() {
    stopped_ = true;
    co_await flight_.stop();
}

sdk::RegisterFailure Print::not_running() const {
    return make_failure("connection.not_running", {{"connection", settings_.connection}});
}

bool Print::is_fresh() const {
    return entry_ && host_.clock.steady() < ends_at_ && host_.clock.now() < entry_->valid_until;
}

sdk::Task<sdk::RegisterAnswer> Print::look_up(sdk::RegisterQuery query, sdk::Deadline deadline) {
    if (stopped_) {
        co_return failed(not_running());
    }
    const bool single = std::all_of(query.keys.begin(), query.keys.end(),
                                    [](const std::string& key) { return key.empty(); });
    if (query.keys.empty() || !single) {
        co_return failed(make_failure("krr.print_has_no_keys", {}, false));
    }
    if (is_fresh() && !query.fresh) {
        co_return answer_of(query, *entry_);
    }
    if (auto pause = pauses_.find(registers::Lane(query.tenant), host_.clock.steady())) {
        co_return failed(std::move(*pause));
    }
    auto fetching = fetch(query.tenant);
    const auto reading = co_await flight_.join(deadline, std::move(fetching));
    if (!reading) {
        if (reading.error().is(core::Errc::timed_out)) {
            co_return failed(make_failure("upstream.timed_out"));
        }
        co_return failed(not_running());
    }
    if (reading->failure) {
        co_return failed(*reading->failure);
    }
    co_return answer_of(query, reading->entry);
}

sdk::Task<PrintReading> Print::fetch(core::TenantId tenant) {
    const auto deadline = host_.clock.in(fetch_time_max);
    Caller::Make make = [this] { return print_request(settings_); };
    Reply reply;
    if (settings_.print_with_token) {
        reply = co_await caller_.call_with_token(tenant, std::move(make), deadline);
    } else {
        reply = co_await caller_.call(std::move(make), deadline);
    }
    PrintReading reading;
    if (reply.response) {
        reading = read_print(settings_, *reply.response, reply.asked_at);
    } else {
        reading.failure = std::move(reply.failure);
    }
    host_.metrics.count(
        "sluse_register_calls_total",
        core::Params{{"dataset", "print"}, {"result", reading.failure ? "failed" : "answered"}});
    if (!reading.failure) {
        entry_ = reading.entry;
        ends_at_ = host_.clock.steady() + (reading.entry.valid_until - host_.clock.now());
        pauses_.end(registers::Lane(tenant), host_.clock.steady());
        co_return reading;
    }
    host_.log.write(sdk::Severity::warning, "register.failed",
                    core::Params{{"dataset", "print"}, {"code", reading.failure->code.value}});
    pauses_.begin(registers::Lane(tenant), *reading.failure, host_.clock.steady());
    co_return reading;
}

sdk::Task<std::optional<sdk::RegisterFailure>> Print::probe(sdk::Deadline deadline) {
    Caller::Make make = [this] { return print_request(settings_); };
    const auto reply = co_await caller_.call(std::move(make), deadline);
    if (!reply.response) {
        co_return reply.failure;
    }
    const int status = reply.response->status;
    if (settings_.print_with_token && (status == 401 || status == 403)) {
        co_return std::nullopt;   // it asks for the token that was left out: it is there
    }
    co_return read_print(settings_, *reply.response, reply.asked_at).failure;
}

}   // namespace gateway::krr
