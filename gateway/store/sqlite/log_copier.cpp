#include "gateway/store/sqlite/log_copier.hpp"

#include "gateway/core/assert.hpp"

#include <optional>

namespace gateway::store::sqlite {
namespace {

// The second time copies what came during the first, and so little is left.
constexpr int rounds = 2;

}   // namespace

void LogCopier::start() {
    {
        const std::lock_guard lock(mutex_);
        GATEWAY_ASSERT(state_ == State::idle);
        state_ = State::copying;
    }
    // A job that is never run must not keep the database open.
    executor_.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
            self->copy();
        }
    });
}

void LogCopier::copy() {
    std::optional<core::Failure> failure;
    {
        const std::lock_guard work(work_);
        for (int round = 0; round < rounds && database_ && !failure; ++round) {
            database_->checkpoint(false);
            failure = database_->take_failure();
        }
    }
    if (failure && failure->is(core::Errc::storage_failed) && on_failure_) {
        on_failure_(*failure);
    }
    const std::lock_guard lock(mutex_);
    state_ = State::copied;
}

LogCopier::State LogCopier::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void LogCopier::reset() {
    const std::lock_guard lock(mutex_);
    state_ = State::idle;
}

void LogCopier::close() {
    const std::lock_guard work(work_);
    database_.reset();
}

}   // namespace gateway::store::sqlite
