#include "gateway/dispatch/attempt.hpp"

#include "gateway/dispatch/lease.hpp"
#include "gateway/runtime/run_on.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace gateway::dispatch {
namespace {

Lease lease_of(const Cargo& cargo) {
    return {cargo.store_key(), cargo.claimed.fence, cargo.configuration->dispatch.lease};
}

sdk::Task<sdk::Result<sdk::Outcome>> call(const Cargo& cargo, DurableProgress& progress,
                                          core::Work work, sdk::Deadline deadline) {
    core::Delivery delivery = cargo.delivery;
    if (work == core::Work::look_up) {
        co_return co_await cargo.connection->look_up(std::move(delivery), progress, deadline);
    }
    if (work == core::Work::cancel) {
        co_return co_await cargo.connection->cancel(std::move(delivery), deadline);
    }
    co_return co_await cargo.connection->send(std::move(delivery), progress, deadline);
}

sdk::Task<sdk::Result<sdk::Receipts>> poll(const Cargo& cargo, sdk::Deadline deadline) {
    core::Delivery delivery = cargo.delivery;
    co_return co_await cargo.connection->poll_receipts(std::move(delivery), deadline);
}

sdk::Task<sdk::Result<sdk::RegisterAnswer>> look(sdk::Registers& registers,
                                                 sdk::RegisterQuery query, sdk::Deadline deadline) {
    co_return co_await registers.look_up(std::move(query), deadline);
}

/// The call on an executor of its own that carries the recorder, on the same strand.
template <class T>
sdk::Task<T> told_to(std::shared_ptr<exchanges::Recorder> recorder, sdk::Task<T> task) {
    const auto here = co_await boost::asio::this_coro::executor;
    const runtime::TaggedExecutor tagged(here, std::move(recorder));
    co_return co_await runtime::run_on(tagged, std::move(task));
}

bool is_cancellation(const std::exception& error) {
    const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
    return system != nullptr && system->code() == boost::asio::error::operation_aborted;
}

/// Runs it under deadline and lease; an exception becomes a Failure: `cancelled` when it is our own
/// stop, else `internal`.
template <class T>
sdk::Task<sdk::Result<T>> guarded(const Services& services, const Cargo& cargo,
                                  sdk::Deadline deadline, sdk::Task<sdk::Result<T>> task) {
    core::Failure failure;
    try {
        const sdk::Deadline latest(deadline.at + deadline_grace);
        auto bounded = runtime::with_deadline(services.clock, latest, std::move(task));
        auto result = co_await under_lease(services.store, services.clock, lease_of(cargo),
                                           std::move(bounded));
        co_return result;
    } catch (const std::exception& error) {
        failure = core::Failure(
            is_cancellation(error) ? core::Errc::cancelled : core::Errc::internal, "adapter call");
    }
    if (failure.is(core::Errc::internal)) {
        const auto whose =
            cargo.connection == nullptr ? std::string("register") : cargo.connection->id().value;
        services.log.write(sdk::Severity::error, "adapter_threw",
                           {{"connection", whose}, {"delivery", cargo.claimed.row.id.to_string()}});
        services.metrics.count("sluse_adapter_exceptions_total", {{"connection", whose}});
    }
    co_return failure;
}

}   // namespace

sdk::Task<sdk::Result<sdk::Outcome>> attempt(const Services& services, const Cargo& cargo,
                                             DurableProgress& progress, core::Work work,
                                             std::shared_ptr<exchanges::Recorder> recorder) {
    const auto deadline = attempt_deadline(services.clock, cargo);
    auto calling = call(cargo, progress, work, deadline);
    auto task = told_to(std::move(recorder), std::move(calling));
    auto result = co_await guarded(services, cargo, deadline, std::move(task));
    if (progress.lost_lease()) {
        co_return core::Failure(core::Errc::stale_fence);
    }
    if (result.has_value() || result.error().is(core::Errc::stale_fence) ||
        result.error().is(core::Errc::cancelled)) {
        co_return result;
    }
    const bool late = result.error().is(core::Errc::timed_out);
    sdk::Outcome outcome(sdk::Verdict::unknown,
                         core::Code(late ? "upstream.timed_out" : "service.internal"));
    outcome.target_at_fault = late;
    co_return outcome;
}

sdk::Task<sdk::Result<sdk::RegisterAnswer>>
ask_register(const Services& services, const Cargo& cargo, std::string dataset, std::string key) {
    sdk::RegisterQuery query;
    query.tenant = cargo.claimed.tenant;
    query.dataset = std::move(dataset);
    query.keys.push_back(std::move(key));
    const auto deadline = services.clock.in(register_time_max);
    auto task = look(services.connections.registers(), std::move(query), deadline);
    auto result = co_await guarded(services, cargo, deadline, std::move(task));
    if (result.has_value() || result.error().is(core::Errc::stale_fence) ||
        result.error().is(core::Errc::cancelled)) {
        co_return result;
    }
    const bool late = result.error().is(core::Errc::timed_out);
    sdk::RegisterAnswer answer;
    answer.failure.emplace();
    answer.failure->code = core::Code(late ? "upstream.timed_out" : "service.internal");
    co_return answer;
}

sdk::Task<sdk::Result<sdk::Receipts>>
ask_for_receipts(const Services& services, const Cargo& cargo,
                 std::shared_ptr<exchanges::Recorder> recorder) {
    const auto deadline = services.clock.in(cargo.capability->attempt_time_max);
    auto polling = poll(cargo, deadline);
    auto task = told_to(std::move(recorder), std::move(polling));
    co_return co_await guarded(services, cargo, deadline, std::move(task));
}

}   // namespace gateway::dispatch
