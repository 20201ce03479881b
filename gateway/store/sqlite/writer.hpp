#pragma once

// The one writer, with group commit. Commands from any strand queue up; a job on the writer
// executor takes all that have gathered (bounded), runs them in one transaction, commits once and
// then lets each caller go on, on its own executor. What arrives while the disk flushes shares the
// next flush: that is how one fsync serves many.
//
// The queue and the job are all there is: no thread of its own, so a simulation decides when the
// job runs.

#include "gateway/runtime/executor.hpp"
#include "gateway/store/sqlite/engine.hpp"

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
    int checkpoint_pages = 4'000;     // 16 MB of log, then it is copied into the database

    WriterLimits() = default;
};

/// Shared by its jobs; any thread may call. close() before the executor goes.
class Writer : public std::enable_shared_from_this<Writer> {
public:
    using Fatal = std::function<void(const core::Failure&)>;

    Writer(runtime::Executor& executor, std::unique_ptr<Engine> engine, WriterLimits limits,
           Fatal on_fatal);

    /// `work` runs on the writer executor with the Engine; its answer comes after the commit, on
    /// the caller's executor. It may run twice (the first time rolled back) and so must not use up
    /// what it captured.
    template <class R, class F>
    sdk::Task<R> call(F work) {
        struct Shared {
            explicit Shared(F function) : work(std::move(function)) {}
            F work;
            std::optional<R> answer;
        };
        auto shared = std::make_shared<Shared>(std::move(work));
        Command command;
        command.run = [shared](Engine& engine) {
            shared->answer.emplace(shared->work(engine));
            return !shared->answer->has_error();
        };
        command.refuse = [shared](const core::Failure& failure) {
            shared->answer.emplace(failure);
        };
        co_await submit(std::move(command));
        co_return std::move(*shared->answer);
    }

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
    struct Command {
        std::function<bool(Engine&)> run;   // false: the answer is "no" and nothing was changed
        std::function<void(const core::Failure&)> refuse;   // instead
        std::function<void()> done;                         // resumes the caller
        bool closes = false;

        Command() = default;
    };

    sdk::Task<void> submit(Command command);
    void enqueue(Command command);
    void drain();
    std::vector<Command> take();
    void run_together(std::vector<Command>& batch);
    /// Nothing when the command's answer may be given.
    std::optional<core::Failure> run_alone(Command& command);
    void after_commit();
    void give_hints(bool events, bool work);
    void shut();

    runtime::Executor& executor_;
    std::unique_ptr<Engine> engine_;   // the writer executor's alone
    WriterLimits limits_;
    Fatal on_fatal_;
    int next_checkpoint_;
    bool empty_log_ = false;   // a destroyed key may still lie in it

    mutable std::mutex mutex_;
    std::deque<Command> queue_;
    bool scheduled_ = false;
    bool closing_ = false;
    std::optional<core::Failure> fatal_;
    std::uint64_t flushes_ = 0;
    std::vector<std::function<void()>> event_hints_;
    std::vector<std::function<void()>> work_hints_;
};

}   // namespace gateway::store::sqlite
