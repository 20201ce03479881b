#include "adapters/svarut/svarut_sealed_source.hpp"

#include <algorithm>
#include <cstring>

namespace gateway::svarut {

namespace {
constexpr std::size_t block_bytes = 64U << 10U;
}   // namespace

sdk::Task<core::Result<std::size_t>> SealedSource::read(std::span<char> out) {
    while (at_ == sealed_.size() && !ended_) {
        const auto filled = co_await refill();
        if (!filled) {
            co_return filled.error();
        }
    }
    const std::size_t count = std::min(out.size(), sealed_.size() - at_);
    std::memcpy(out.data(), sealed_.data() + at_, count);
    at_ += count;
    co_return count;
}

sdk::Task<core::Result<void>> SealedSource::refill() {
    block_.resize(block_bytes);
    const auto count = co_await plain_->read(block_);
    if (!count) {
        co_return count.error();
    }
    block_.resize(*count);
    sealed_.clear();
    at_ = 0;
    ended_ = *count == 0;
    std::function<void()> piece = [this] {
        if (ended_) {
            envelope_.finish(sealed_);
        } else {
            envelope_.write(block_, sealed_);
        }
    };
    co_await work_.run(std::move(piece));
    co_return core::Result<void>();
}

sdk::Task<core::Result<seal::CmsEncrypter>>
envelope_for(std::string certificate, core::Randomness& chance, sdk::Work& work) {
    std::optional<core::Result<seal::CmsEncrypter>> made;
    std::function<void()> piece = [&] {
        made.emplace(seal::CmsEncrypter::create(std::span(&certificate, 1), chance));
    };
    co_await work.run(std::move(piece));
    co_return std::move(*made);
}

}   // namespace gateway::svarut
