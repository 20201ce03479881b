#include "tests/support/scripted_streams.hpp"

#include <algorithm>
#include <utility>

namespace tests {
namespace {

using core::Errc;
using core::Failure;

class NearEnd final : public sdk::Stream {
public:
    NearEnd(std::shared_ptr<FarEnd> far, sdk::Clock& clock) : far_(std::move(far)), clock_(clock) {}
    ~NearEnd() override { far_->closed = true; }

    sdk::Task<core::Result<std::size_t>> read_some(std::span<char> out) override {
        const auto far = far_;
        for (;;) {
            const auto seen = far->changed.count();
            if (far->closed) {
                co_return Failure(Errc::unreachable, "closed");
            }
            if (!far->to_read.empty()) {
                auto& bytes = far->to_read.front();
                const auto count = std::min(bytes.size(), out.size());
                std::copy_n(bytes.begin(), count, out.begin());
                bytes.erase(0, count);
                if (bytes.empty()) {
                    far->to_read.pop_front();
                }
                co_return count;
            }
            if (far->ended) {
                co_return std::size_t{0};
            }
            co_await far->changed.wait(clock_, seen, clock_.in(std::chrono::hours(24 * 365)));
        }
    }

    sdk::Task<core::Result<void>> write(std::string bytes) override {
        const auto far = far_;
        if (far->closed) {
            co_return Failure(Errc::unreachable, "closed");
        }
        if (far->write_failure) {
            co_return *far->write_failure;
        }
        far->written += bytes;
        if (far->on_write) {
            far->on_write(*far);
        }
        co_return core::Result<void>();
    }

    void close() override {
        far_->closed = true;
        far_->changed.notify();
    }

private:
    std::shared_ptr<FarEnd> far_;
    sdk::Clock& clock_;
};

}   // namespace

void FarEnd::push(std::string bytes) {
    if (!bytes.empty()) {
        to_read.push_back(std::move(bytes));
        changed.notify();
    }
}

void FarEnd::end() {
    ended = true;
    changed.notify();
}

sdk::Task<core::Result<std::unique_ptr<sdk::Stream>>>
ScriptedStreams::connect(sdk::StreamTarget target, sdk::Deadline) {
    asked.push_back(std::move(target));
    if (failure) {
        co_return *failure;
    }
    if (next.empty()) {
        co_return Failure(Errc::unreachable, "nobody listens");
    }
    auto far = std::move(next.front());
    next.pop_front();
    std::unique_ptr<sdk::Stream> stream = std::make_unique<NearEnd>(std::move(far), clock_);
    co_return stream;
}

std::shared_ptr<FarEnd> ScriptedStreams::add() {
    auto far = std::make_shared<FarEnd>();
    next.push_back(far);
    return far;
}

}   // namespace tests
