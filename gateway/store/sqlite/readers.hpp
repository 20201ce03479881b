#pragma once

// Connections that only read, beside the writer: a slow search never holds up an accept. Each read
// sees one snapshot.

#include "gateway/runtime/executor.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace gateway::store::sqlite {

/// As many connections as the executor runs jobs at once; opened when first needed. Any thread may
/// call.
class Readers : public std::enable_shared_from_this<Readers> {
public:
    using OnFailure = std::function<void(const core::Failure&)>;

    /// `on_failure` hears of a disk that cannot be read.
    Readers(runtime::Executor& executor, OpenOptions options, OnFailure on_failure);

    template <class R, class F>
    sdk::Task<R> call(F work) {
        auto self = shared_from_this();
        auto job = [self, work = std::move(work)]() mutable -> R {
            auto database = self->take();
            if (!database) {
                return database.error();
            }
            (*database)->run("BEGIN");
            R answer = work(**database);
            (*database)->run("COMMIT");
            if (auto failure = self->give_back(std::move(*database))) {
                return *failure;
            }
            return answer;
        };
        co_return co_await self->executor_.run(std::move(job));
    }

    /// Lets connections go as they come back; later reads are `unavailable`.
    void close();

private:
    core::Result<std::unique_ptr<Database>> take();
    std::optional<core::Failure> give_back(std::unique_ptr<Database> database);

    runtime::Executor& executor_;
    const OpenOptions options_;
    const OnFailure on_failure_;
    std::mutex mutex_;
    bool closed_ = false;
    std::vector<std::unique_ptr<Database>> idle_;
};

}   // namespace gateway::store::sqlite
