#include "gateway/store/sqlite/readers.hpp"

namespace gateway::store::sqlite {

Readers::Readers(runtime::Executor& executor, OpenOptions options, std::shared_ptr<Writer> writer)
    : executor_(executor), options_(std::move(options)), writer_(std::move(writer)) {}

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
        if (failure->is(core::Errc::storage_failed)) {
            writer_->report(*failure);
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
