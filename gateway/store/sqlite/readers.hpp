#pragma once

// Connections that only read, beside the writer: a slow search never holds up an accept. Each read
// sees one snapshot, and is answered when all that it saw is on disk.

#include "gateway/runtime/executor.hpp"
#include "gateway/store/sqlite/writer.hpp"

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
    /// The writer hears of a disk that cannot be read.
    Readers(runtime::Executor& executor, OpenOptions options, std::shared_ptr<Writer> writer);

    template <class R>
    sdk::Task<R> call(std::function<R(Database&)> work) {
        auto self = shared_from_this();
        auto seen = std::make_shared<std::uint64_t>(0);   // the newest round it could see
        auto job = [self, seen, work = std::move(work)]() mutable -> R {
            auto database = self->take();
            if (!database) {
                return database.error();
            }
            (*database)->run("BEGIN");
            R answer = work(**database);
            (*database)->run("COMMIT");
            *seen = self->writer_->newest();
            if (auto failure = self->give_back(std::move(*database))) {
                return *failure;
            }
            return answer;
        };
        R answer = co_await self->executor_.run(std::move(job));
        const auto lost = co_await self->writer_->settled(*seen);
        if (lost) {
            co_return R(*lost);
        }
        co_return answer;
    }

    /// Lets connections go as they come back; later reads are `unavailable`.
    void close();

private:
    core::Result<std::unique_ptr<Database>> take();
    std::optional<core::Failure> give_back(std::unique_ptr<Database> database);

    runtime::Executor& executor_;
    const OpenOptions options_;
    const std::shared_ptr<Writer> writer_;
    std::mutex mutex_;
    bool closed_ = false;
    std::vector<std::unique_ptr<Database>> idle_;
};

}   // namespace gateway::store::sqlite
