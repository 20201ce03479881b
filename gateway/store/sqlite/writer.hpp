#pragma once

// The one writer, with group commit. Commands from any strand queue up; a job on the writer
// executor takes what has gathered (of much, half), runs it in one transaction and commits. The
// flush of that commit runs on the flusher executor while the writer already runs the next round;
// only then does each caller go on, on its own executor. What arrives while the disk flushes shares
// the next flush: that is how one fsync serves many. At most one round is flushed and one waits for
// its flush. While one is flushed, the next begins when enough has gathered for it.
//
// Readers see a commit before it is flushed, so what they read is told only after settled().
//
// When the log is long it is copied into the database beside the writer, by a connection of its
// own (LogCopier); the writer copies only what came meanwhile, and begins the log anew.
//
// The queue and the jobs are all there is: no thread of its own, so a simulation decides when they
// run.

#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/waiter.hpp"
#include "gateway/store/sqlite/engine.hpp"
#include "gateway/store/sqlite/log_copier.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace gateway::store::sqlite {

struct WriterLimits {
    std::size_t batch_max = 256;      // commands in one transaction: bounds the wait of the first
    std::size_t queue_max = 16'384;   // more are refused with `unavailable`
    // While a round is flushed, fewer wait for its end: a transaction of few costs much the same.
    // Of more a round takes half, but never fewer than these: the rest is written while it is
    // flushed.
    std::size_t gather_min = 32;
    int checkpoint_pages = 4'000;   // 16 MB of log, then it is copied into the database

    WriterLimits() = default;
};

/// Of the first two, each runs one job at a time.
struct WriterExecutors {
    runtime::Executor& writer;
    runtime::Executor& flusher;
    runtime::Executor& copier;   // a copy holds it up for as long as it takes

    WriterExecutors(runtime::Executor& writes, runtime::Executor& flushes,
                    runtime::Executor& copies)
        : writer(writes), flusher(flushes), copier(copies) {}
};

/// Shared by its jobs; any thread may call. close() before the executors go.
class Writer : public std::enable_shared_from_this<Writer> {
public:
    using Fatal = std::function<void(const core::Failure&)>;

    Writer(WriterExecutors executors, std::unique_ptr<Engine> engine, OpenOptions copier,
           WriterLimits limits, Fatal on_fatal);

    /// `work` runs on the writer executor with the Engine; its answer comes after the flush, on
    /// the caller's executor. It may run twice (the first time rolled back) and so must not use up
    /// what it captured.
    template <class R, class F>
    sdk::Task<R> call(F work) {
        struct Call final : Answered<R> {
            explicit Call(F function) : work(std::move(function)) {}
            void run(Engine& engine) override { this->answer.emplace(work(engine)); }
            F work;
        };
        return answer_of<R>(std::make_shared<Call>(std::move(work)));
    }

    /// The newest round of which a read that has ended may have seen something.
    std::uint64_t newest() const { return committing_; }
    /// Returns once that round is on disk; a failure when it never will be.
    sdk::Task<std::optional<core::Failure>> settled(std::uint64_t round);
    /// Runs what is queued, empties the log and closes the database. Later calls are `unavailable`.
    sdk::Task<void> close();
    /// Set once the disk failed: nothing is accepted any more.
    std::optional<core::Failure> fatal() const;
    /// A reader met a failure of the disk.
    void report(const core::Failure& failure);
    void on_events(std::function<void()> hint);
    void on_work(std::function<void()> hint);
    std::uint64_t flushes() const;

private:
    /// What a caller wants done, and its answer.
    struct Work {
        virtual ~Work() = default;
        virtual void run(Engine& engine) = 0;
        virtual void refuse(const core::Failure& failure) = 0;   // instead
    };

    template <class R>
    struct Answered : Work {
        void refuse(const core::Failure& failure) override { answer.emplace(failure); }
        std::optional<R> answer;
    };

    struct Command {
        std::shared_ptr<Work> work;   // none: it closes the store
        std::optional<runtime::Waiter> caller;

        explicit Command(std::shared_ptr<Work> what) : work(std::move(what)) {}
        bool closes() const { return work == nullptr; }
    };

    /// What one transaction answered, on its way to the disk.
    struct Round {
        std::vector<Command> commands;
        std::uint64_t number = 0;
        bool owes_flush = false;
        bool wrote = false;
        bool events = false;   // hints to give
        bool work = false;

        Round() = default;
        bool closes() const { return !commands.empty() && commands.back().closes(); }
    };

    /// Of one type for all commands that answer so: a coroutine is much to compile.
    template <class R>
    sdk::Task<R> answer_of(std::shared_ptr<Answered<R>> call) {
        co_await submit(Command(call));
        co_return std::move(*call->answer);
    }
    sdk::Task<void> submit(Command command);
    void enqueue(Command command);
    void settle(std::uint64_t round, runtime::Waiter reader);
    /// Whether to run what is queued, or let more gather until the flush under way ends. Locked.
    bool is_time() const;
    void drain();
    Round take();
    void run_together(Round& round);
    /// Nothing when the command's answer may be given.
    std::optional<core::Failure> run_alone(Round& round, Command& command);
    void note(Round& round);
    /// False when the flush before it is still under way: finish() then goes on.
    bool hand_over(Round round);
    void flush(Round round);
    void finish(Round& round);
    void go_on();
    void after_commit();
    void start_copy();
    void end_copy(const LogCopier::Copied& copied);
    void empty_log(bool truncate);
    /// Ends the store once no copy runs.
    void shut(std::shared_ptr<Round> last);
    std::vector<std::function<void()>> hints_of(const Round& round) const;

    runtime::Executor& executor_;
    runtime::Executor& flusher_;
    runtime::Executor& copying_;
    std::unique_ptr<Engine> engine_;   // the writer executor's; the flusher flushes its log
    WriterLimits limits_;
    Fatal on_fatal_;
    std::optional<LogCopier> copier_;
    int next_checkpoint_;
    bool empty_log_ = false;          // a destroyed key may still lie in it
    int copies_ = 0;                  // of this log, one after the other; none: no copy runs
    std::shared_ptr<Round> ending_;   // waits for the end of a copy
    std::uint64_t rounds_ = 0;
    std::atomic<std::uint64_t> committing_{0};   // the newest round that a read may see

    mutable std::mutex mutex_;
    std::deque<Command> queue_;
    bool scheduled_ = false;   // a drain is posted, runs, or its round waits for the flush before
    bool flushing_ = false;
    std::optional<Round> waiting_;   // committed, to be flushed next
    std::uint64_t durable_ = 0;      // the newest round on disk
    std::vector<std::pair<std::uint64_t, runtime::Waiter>> settling_;
    bool closing_ = false;
    std::optional<core::Failure> fatal_;
    std::uint64_t flushes_ = 0;
    std::vector<std::function<void()>> event_hints_;
    std::vector<std::function<void()>> work_hints_;
};

}   // namespace gateway::store::sqlite
