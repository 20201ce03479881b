#include "gateway/runtime/ids.hpp"

#include "gateway/core/assert.hpp"

#include <string.h>

#include <algorithm>
#include <mutex>
#include <random>

#include <sys/random.h>

namespace gateway::runtime {
namespace {

/// UUIDv7 (RFC 9562 5.7): 48 bits milliseconds, then a counter that starts at random each
/// millisecond, then random bits.
class UuidMaker {
public:
    core::Uuid make(core::Time now, const std::array<std::uint8_t, 8>& noise) {
        const std::lock_guard lock(mutex_);
        const auto milliseconds =
            std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
        auto stamp = static_cast<std::uint64_t>(milliseconds);
        if (stamp > last_) {
            last_ = stamp;
            counter_ = static_cast<std::uint32_t>(noise[0] & 0x03U) << 16U |
                       static_cast<std::uint32_t>(noise[1]) << 8U | noise[2];
        } else {
            stamp = last_;   // the wall clock stood still or went back: ids still increase
            if (++counter_ >= (1U << 18U)) {
                counter_ = 0;
                stamp = ++last_;
            }
        }
        core::Uuid id;
        for (std::size_t i = 0; i < 6; ++i) {
            id.bytes[i] = static_cast<std::uint8_t>(stamp >> (8U * (5U - i)));
        }
        id.bytes[6] = static_cast<std::uint8_t>(0x70U | ((counter_ >> 14U) & 0x0FU));
        id.bytes[7] = static_cast<std::uint8_t>(counter_ >> 6U);
        id.bytes[8] = static_cast<std::uint8_t>(0x80U | (counter_ & 0x3FU));
        std::copy_n(noise.begin() + 1, 7, id.bytes.begin() + 9);
        return id;
    }

private:
    std::mutex mutex_;
    std::uint64_t last_ = 0;
    std::uint32_t counter_ = 0;
};

void fill_from_kernel(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const auto count = ::getrandom(out.data(), std::min<std::size_t>(out.size(), 256), 0);
        GATEWAY_ASSERT(count > 0 || errno == EINTR);
        out = out.subspan(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

/// The kernel's random bytes, fetched for several uses at once: a message takes eight. One for each
/// thread; bytes are wiped as they are given out, so that no key is left here.
class RandomStock {
public:
    void take(std::span<std::uint8_t> out) {
        if (out.size() > bytes_.size()) {
            fill_from_kernel(out);
            return;
        }
        if (out.size() > left_) {
            fill_from_kernel(bytes_);
            left_ = bytes_.size();
        }
        const auto given = std::span(bytes_).subspan(left_ - out.size(), out.size());
        std::copy(given.begin(), given.end(), out.begin());
        ::explicit_bzero(given.data(), given.size());
        left_ -= out.size();
    }

private:
    std::array<std::uint8_t, 256> bytes_{};
    std::size_t left_ = 0;   // not yet given out: the first ones
};

class SystemIds final : public sdk::Ids {
public:
    explicit SystemIds(sdk::Clock& clock) : clock_(clock) {}

    void random(std::span<std::uint8_t> out) override {
        thread_local RandomStock stock;
        stock.take(out);
    }

    core::Uuid uuid() override {
        std::array<std::uint8_t, 8> noise{};
        random(noise);
        return maker_.make(clock_.now(), noise);
    }

private:
    sdk::Clock& clock_;
    UuidMaker maker_;
};

class SeededIds final : public sdk::Ids {
public:
    SeededIds(sdk::Clock& clock, std::uint64_t seed) : clock_(clock), engine_(seed) {}

    void random(std::span<std::uint8_t> out) override {
        const std::lock_guard lock(mutex_);
        for (auto& byte : out) {
            byte = static_cast<std::uint8_t>(engine_() >> 24U);
        }
    }

    core::Uuid uuid() override {
        std::array<std::uint8_t, 8> noise{};
        random(noise);
        return maker_.make(clock_.now(), noise);
    }

private:
    sdk::Clock& clock_;
    std::mutex mutex_;
    std::mt19937_64 engine_;
    UuidMaker maker_;
};

}   // namespace

std::unique_ptr<sdk::Ids> make_system_ids(sdk::Clock& clock) {
    return std::make_unique<SystemIds>(clock);
}

std::unique_ptr<sdk::Ids> make_seeded_ids(sdk::Clock& clock, std::uint64_t seed) {
    return std::make_unique<SeededIds>(clock, seed);
}

}   // namespace gateway::runtime
