#include "gateway/store/sqlite/writer.hpp"

#include "gateway/runtime/crash_point.hpp"

namespace gateway::store::sqlite {
namespace {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;

}   // namespace

Writer::Writer(runtime::Executor& executor, std::unique_ptr<Engine> engine, WriterLimits limits,
               Fatal on_fatal)
    : executor_(executor),
      engine_(std::move(engine)),
      limits_(limits),
      on_fatal_(std::move(on_fatal)),
      next_checkpoint_(limits.checkpoint_pages) {}

sdk::Task<void> Writer::submit(Command command) {
    auto initiate = [self = shared_from_this()](auto handler, Command queued) {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        queued.done = [kept, guard, executor]() mutable {
            asio::post(executor, [kept = std::move(kept)]() mutable {
                auto resumed = std::move(*kept);
                kept.reset();
                std::move(resumed)();
            });
        };
        self->enqueue(std::move(queued));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        std::move(initiate), asio::use_awaitable, std::move(command));
}

void Writer::enqueue(Command command) {
    std::optional<Failure> refused;
    {
        const std::lock_guard lock(mutex_);
        if (closing_) {
            refused = Failure(Errc::unavailable, "the store is closing");
        } else if (command.closes) {
            closing_ = true;
        } else if (fatal_) {
            refused = fatal_;
        } else if (queue_.size() >= limits_.queue_max) {
            refused = Failure(Errc::unavailable, "too much waits to be written");
        }
        if (!refused) {
            queue_.push_back(std::move(command));
            if (std::exchange(scheduled_, true)) {
                return;
            }
        }
    }
    if (!refused) {
        executor_.post([self = shared_from_this()] { self->drain(); });
        return;
    }
    if (command.refuse) {
        command.refuse(*refused);
    }
    command.done();
}

std::vector<Writer::Command> Writer::take() {
    const std::lock_guard lock(mutex_);
    std::vector<Command> batch;
    while (!queue_.empty() && batch.size() < limits_.batch_max) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return batch;
}

void Writer::drain() {
    auto batch = take();
    bool closes = false;
    if (const auto failure = fatal()) {
        for (auto& command : batch) {
            closes = closes || command.closes;
            if (command.refuse) {
                command.refuse(*failure);
            }
        }
    } else {
        closes = !batch.empty() && batch.back().closes;
        run_together(batch);
    }
    if (closes) {
        shut();
    }
    for (auto& command : batch) {
        command.done();
    }
    batch.clear();
    if (!closes && !fatal()) {
        after_commit();
    }
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) {
            scheduled_ = false;
            return;
        }
    }
    executor_.post([self = shared_from_this()] { self->drain(); });
}

void Writer::run_together(std::vector<Command>& batch) {
    // Commands find out before they write, so one that answers "no" needs no savepoint of its own.
    // Should one fail for a reason of its own (a constraint: a fault of ours), all are rolled back
    // and run one by one.
    engine_->begin();
    for (auto& command : batch) {
        if (command.run) {
            command.run(*engine_);
        }
        if (engine_->db().failure()) {
            break;
        }
    }
    std::optional<Failure> failure = engine_->db().take_failure();
    if (failure) {
        engine_->roll_back();
    } else {
        GATEWAY_CRASH_POINT("store.before_commit");
        failure = engine_->commit();
    }
    if (!failure) {
        GATEWAY_CRASH_POINT("store.after_commit");
        give_hints(engine_->added_events(), engine_->has_made_work());
        return;
    }
    const bool of_its_own = failure->is(Errc::internal);
    if (failure->is(Errc::storage_failed)) {
        report(*failure);
    }
    for (auto& command : batch) {
        if (!command.run) {
            continue;
        }
        const auto alone =
            of_its_own && batch.size() > 1 && !fatal() ? run_alone(command) : failure;
        if (alone) {
            command.refuse(*alone);
        }
    }
}

std::optional<Failure> Writer::run_alone(Command& command) {
    engine_->begin();
    command.run(*engine_);
    auto failure = engine_->db().take_failure();
    if (failure) {
        engine_->roll_back();
    } else {
        failure = engine_->commit();
    }
    if (failure) {
        if (failure->is(Errc::storage_failed)) {
            report(*failure);
        }
        return failure;
    }
    give_hints(engine_->added_events(), engine_->has_made_work());
    return std::nullopt;
}

void Writer::give_hints(bool events, bool work) {
    std::vector<std::function<void()>> hints;
    {
        const std::lock_guard lock(mutex_);
        flushes_ += engine_->wrote() ? 1 : 0;
        if (events) {
            hints = event_hints_;
        }
        if (work) {
            hints.insert(hints.end(), work_hints_.begin(), work_hints_.end());
        }
    }
    empty_log_ = empty_log_ || engine_->has_destroyed_key();
    for (const auto& hint : hints) {
        hint();
    }
}

void Writer::after_commit() {
    auto& db = engine_->db();
    if (!empty_log_ && db.log_pages() < next_checkpoint_) {
        return;
    }
    const bool whole = db.checkpoint(empty_log_);
    // What readers still hold back is tried again after as much has been written once more.
    next_checkpoint_ = whole ? limits_.checkpoint_pages : db.log_pages() + limits_.checkpoint_pages;
    empty_log_ = empty_log_ && !whole;
    if (const auto failure = db.take_failure(); failure && failure->is(Errc::storage_failed)) {
        report(
            *failure);   // without space the log just grows until there is some, or commits say so
    }
}

void Writer::shut() {
    if (!fatal()) {
        engine_->db().checkpoint(true);
    }
    engine_.reset();
}

void Writer::report(const Failure& failure) {
    {
        const std::lock_guard lock(mutex_);
        if (fatal_) {
            return;
        }
        fatal_ = Failure(Errc::storage_failed, failure.detail);
    }
    if (on_fatal_) {
        on_fatal_(failure);
    }
}

std::optional<Failure> Writer::fatal() const {
    const std::lock_guard lock(mutex_);
    return fatal_;
}

sdk::Task<void> Writer::close() {
    Command command;
    command.closes = true;
    co_await submit(std::move(command));
}

void Writer::on_events(std::function<void()> hint) {
    const std::lock_guard lock(mutex_);
    event_hints_.push_back(std::move(hint));
}

void Writer::on_work(std::function<void()> hint) {
    const std::lock_guard lock(mutex_);
    work_hints_.push_back(std::move(hint));
}

std::uint64_t Writer::flushes() const {
    const std::lock_guard lock(mutex_);
    return flushes_;
}

}   // namespace gateway::store::sqlite
