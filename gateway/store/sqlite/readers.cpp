#include "gateway/store/sqlite/readers.hpp"

namespace gateway::store::sqlite {

Readers::Readers(runtime::Executor& executor, OpenOptions options, OnFailure on_failure)
    : executor_(executor), options_(std::move(options)), on_failure_(std::move(on_failure)) {}

core::Result<std::unique_ptr<Database>> Readers::take() {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            return core::Failure(core::Errc::unavailable, "the store is closing");
        }
        if (!idle_.empty()) {
            auto database = std::move(idle_.back());
            idle_.pop_back();
            return database;
        }
    }
    return Database::open(options_);
}

std::optional<core::Failure> Readers::give_back(std::unique_ptr<Database> database) {
    auto failure = database->take_failure();
    if (failure) {
        if (failure->is(core::Errc::storage_failed) && on_failure_) {
            on_failure_(*failure);
        }
        return failure;   // the connection goes: the next read opens another
    }
    const std::lock_guard lock(mutex_);
    if (!closed_) {
        idle_.push_back(std::move(database));
    }
    return std::nullopt;
}

void Readers::close() {
    std::vector<std::unique_ptr<Database>> idle;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    idle.swap(idle_);
}

}   // namespace gateway::store::sqlite
