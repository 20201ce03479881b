#include "gateway/store/sqlite/writer.hpp"

#include "gateway/runtime/crash_point.hpp"

#include <algorithm>
#include <iterator>

namespace gateway::store::sqlite {
namespace {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;

// A copy beside the writer is followed by another while this part of a long log, or more, came
// meanwhile; each takes less time than the one before. Then the writer itself copies the rest.
constexpr int rest_of_log = 8;
constexpr int copies_max = 4;

}   // namespace

Writer::Writer(WriterExecutors executors, std::unique_ptr<Engine> engine, OpenOptions copier,
               WriterLimits limits, Fatal on_fatal)
    : executor_(executors.writer),
      flusher_(executors.flusher),
      copying_(executors.copier),
      engine_(std::move(engine)),
      limits_(limits),
      on_fatal_(std::move(on_fatal)),
      copier_(std::in_place, std::move(copier)),
      next_checkpoint_(limits.checkpoint_pages) {}

sdk::Task<void> Writer::submit(Command command) {
    auto initiate = [self = shared_from_this()](auto handler, Command queued) {
        queued.caller.emplace(std::move(handler));
        self->enqueue(std::move(queued));
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        std::move(initiate), asio::use_awaitable, std::move(command));
}

sdk::Task<std::optional<Failure>> Writer::settled(std::uint64_t seen) {
    bool is_durable = false;
    {
        const std::lock_guard lock(mutex_);
        is_durable = durable_ >= seen;
    }
    if (!is_durable) {
        auto initiate = [self = shared_from_this()](auto handler, std::uint64_t round) {
            self->settle(round, runtime::Waiter(std::move(handler)));
        };
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
            std::move(initiate), asio::use_awaitable, seen);
    }
    std::optional<Failure> lost;
    {
        const std::lock_guard lock(mutex_);
        if (durable_ < seen) {
            lost = fatal_;
        }
    }
    co_return lost;
}

void Writer::settle(std::uint64_t round, runtime::Waiter reader) {
    {
        const std::lock_guard lock(mutex_);
        if (durable_ < round && !fatal_) {
            settling_.emplace_back(round, std::move(reader));
            return;
        }
    }
    std::move(reader).resume();
}

void Writer::enqueue(Command command) {
    std::optional<Failure> refused;
    {
        const std::lock_guard lock(mutex_);
        if (closing_) {
            refused = Failure(Errc::unavailable, "the store is closing");
        } else if (command.closes()) {
            closing_ = true;
        } else if (fatal_) {
            refused = fatal_;
        } else if (queue_.size() >= limits_.queue_max) {
            refused = Failure(Errc::unavailable, "too much waits to be written");
        }
        if (!refused) {
            queue_.push_back(std::move(command));
            if (scheduled_ || !is_time()) {
                return;
            }
            scheduled_ = true;
        }
    }
    if (!refused) {
        executor_.post([self = shared_from_this()] { self->drain(); });
        return;
    }
    if (command.work) {
        command.work->refuse(*refused);
    }
    std::move(*command.caller).resume();
}

bool Writer::is_time() const {
    return !queue_.empty() && (!flushing_ || closing_ || queue_.size() >= limits_.gather_min);
}

Writer::Round Writer::take() {
    Round round;
    round.number = ++rounds_;
    const std::lock_guard lock(mutex_);
    const auto most =
        std::min(std::max(limits_.gather_min, (queue_.size() + 1) / 2), limits_.batch_max);
    while (!queue_.empty() && round.commands.size() < most) {
        round.commands.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return round;
}

void Writer::drain() {
    auto round = take();
    const bool closes = round.closes();
    if (!fatal()) {
        run_together(round);
    }
    const bool is_under_way = hand_over(std::move(round));
    if (!closes && !fatal()) {
        after_commit();
    }
    if (is_under_way) {
        go_on();
    }
}

/// The next round, if it is time for it.
void Writer::go_on() {
    {
        const std::lock_guard lock(mutex_);
        scheduled_ = is_time();
        if (!scheduled_) {
            return;
        }
    }
    executor_.post([self = shared_from_this()] { self->drain(); });
}

void Writer::run_together(Round& round) {
    // Commands find out before they write, so one that answers "no" needs no savepoint of its own.
    // Should one fail for a reason of its own (a constraint: a fault of ours), all are rolled back
    // and run one by one.
    engine_->begin(round.commands.size() > 1);
    for (auto& command : round.commands) {
        if (command.work) {
            command.work->run(*engine_);
        }
        if (engine_->has_failed()) {
            break;
        }
    }
    std::optional<Failure> failure = engine_->db().take_failure();
    if (failure) {
        engine_->roll_back();
    } else {
        GATEWAY_CRASH_POINT("store.before_commit");
        committing_ = round.number;
        failure = engine_->commit(true);
    }
    if (!failure) {
        note(round);
        return;
    }
    const bool of_its_own = failure->is(Errc::internal);
    if (failure->is(Errc::storage_failed)) {
        report(*failure);
    }
    for (auto& command : round.commands) {
        if (!command.work) {
            continue;
        }
        const auto alone = of_its_own && round.commands.size() > 1 && !fatal()
                               ? run_alone(round, command)
                               : failure;
        if (alone) {
            command.work->refuse(*alone);
        }
    }
}

std::optional<Failure> Writer::run_alone(Round& round, Command& command) {
    engine_->begin();
    command.work->run(*engine_);
    auto failure = engine_->db().take_failure();
    if (failure) {
        engine_->roll_back();
    } else {
        committing_ = round.number;
        failure = engine_->commit(true);
    }
    if (failure) {
        if (failure->is(Errc::storage_failed)) {
            report(*failure);
        }
        return failure;
    }
    note(round);
    return std::nullopt;
}

/// What the commit that was just made asks for.
void Writer::note(Round& round) {
    round.owes_flush = round.owes_flush || engine_->owes_flush();
    round.wrote = round.wrote || engine_->wrote();
    round.events = round.events || engine_->added_events();
    round.work = round.work || engine_->has_made_work();
    empty_log_ = empty_log_ || engine_->has_destroyed_key();
}

bool Writer::hand_over(Round round) {
    {
        const std::lock_guard lock(mutex_);
        if (flushing_) {
            waiting_ = std::move(round);
            return false;
        }
        flushing_ = true;
    }
    if (!round.owes_flush) {
        flush(std::move(round));
        return true;
    }
    auto shared = std::make_shared<Round>(std::move(round));
    flusher_.post([self = shared_from_this(), shared] { self->flush(std::move(*shared)); });
    return true;
}

void Writer::flush(Round round) {
    if (round.owes_flush && !fatal()) {
        if (const auto failure = engine_->flush_log()) {
            report(*failure);
        }
    }
    if (const auto failure = fatal()) {
        for (auto& command : round.commands) {
            if (command.work) {
                command.work->refuse(*failure);
            }
        }
    } else {
        GATEWAY_CRASH_POINT("store.after_commit");
    }
    if (!round.closes()) {
        finish(round);
        return;
    }
    auto last = std::make_shared<Round>(std::move(round));
    executor_.post([self = shared_from_this(), last] { self->shut(last); });
}

/// Lets everybody go on who waited for this round, then flushes the one behind it.
void Writer::finish(Round& round) {
    std::vector<runtime::Waiter> ready;
    for (auto& command : round.commands) {
        ready.push_back(std::move(*command.caller));
    }
    {
        const std::lock_guard lock(mutex_);
        durable_ = fatal_ ? durable_ : round.number;
        flushes_ += round.wrote && !fatal_ ? 1 : 0;
        const auto rest =
            std::stable_partition(settling_.begin(), settling_.end(), [this](const auto& one) {
                return !fatal_ && one.first > durable_;
            });
        std::transform(std::make_move_iterator(rest), std::make_move_iterator(settling_.end()),
                       std::back_inserter(ready), [](auto&& one) { return std::move(one.second); });
        settling_.erase(rest, settling_.end());
    }
    runtime::Waiter::resume_all(std::move(ready));
    for (const auto& hint : hints_of(round)) {
        hint();
    }
    std::shared_ptr<Round> next;
    bool gathered = false;   // while this round was flushed, and nobody runs it yet
    {
        const std::lock_guard lock(mutex_);
        if (waiting_) {
            next = std::make_shared<Round>(std::move(*waiting_));
            waiting_.reset();
        }
        flushing_ = next != nullptr;
        gathered = !scheduled_ && is_time();
        scheduled_ = scheduled_ || gathered;
    }
    if (next) {
        flusher_.post([self = shared_from_this(), next] { self->flush(std::move(*next)); });
        go_on();
    } else if (gathered) {
        executor_.post([self = shared_from_this()] { self->drain(); });
    }
}

std::vector<std::function<void()>> Writer::hints_of(const Round& round) const {
    std::vector<std::function<void()>> hints;
    const std::lock_guard lock(mutex_);
    if (fatal_) {
        return hints;
    }
    if (round.events) {
        hints = event_hints_;
    }
    if (round.work) {
        hints.insert(hints.end(), work_hints_.begin(), work_hints_.end());
    }
    return hints;
}

void Writer::after_commit() {
    if (copies_ > 0) {
        return;   // its end looks again
    }
    if (empty_log_) {
        empty_log(true);
    } else if (engine_->db().log_pages() >= next_checkpoint_) {
        start_copy();
    }
}

/// Nobody waits for a copy, so one that has not begun holds no store that was abandoned.
void Writer::start_copy() {
    ++copies_;
    copying_.post([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) {
            return;
        }
        const auto copied = self->copier_->copy();
        self->executor_.post([weak, copied] {
            if (const auto still = weak.lock()) {
                still->end_copy(copied);
            }
        });
    });
}

void Writer::end_copy(const LogCopier::Copied& copied) {
    if (copied.failure && copied.failure->is(Errc::storage_failed)) {
        report(*copied.failure);
    }
    const int rest = engine_->db().log_pages() - copied.pages;
    const bool again = !copied.failure && !fatal() && !ending_ && !empty_log_ &&
                       rest > limits_.checkpoint_pages / rest_of_log && copies_ < copies_max;
    if (again) {
        start_copy();
        return;
    }
    copies_ = 0;
    if (ending_) {
        shut(std::move(ending_));
    } else if (!fatal()) {
        empty_log(empty_log_);
    }
}

/// Copies what is left of the log, so that the next commit begins it anew.
void Writer::empty_log(bool truncate) {
    auto& db = engine_->db();
    const bool whole = db.checkpoint(truncate);
    // What readers still hold back is tried again after as much has been written once more.
    next_checkpoint_ = whole ? limits_.checkpoint_pages : db.log_pages() + limits_.checkpoint_pages;
    empty_log_ = empty_log_ && !whole;
    if (const auto failure = db.take_failure(); failure && failure->is(Errc::storage_failed)) {
        report(
            *failure);   // without space the log just grows until there is some, or commits say so
    }
}

void Writer::shut(std::shared_ptr<Round> last) {
    if (copies_ > 0) {
        ending_ = std::move(last);
        return;
    }
    copier_.reset();
    if (!fatal()) {
        engine_->db().checkpoint(true);
    }
    engine_.reset();
    finish(*last);
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
    co_await submit(Command(nullptr));
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
