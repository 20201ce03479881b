#include "adapters/fiks_io/plain_package.hpp"

#include <algorithm>

namespace gateway::fiks_io {
namespace {

constexpr std::size_t memory_bytes_max = 1U << 20U;
constexpr std::size_t head_bytes = 4;

}   // namespace

sdk::Task<core::Result<void>> PlainPackage::append(std::string bytes) {
    if (bytes.size() > bytes_max_ - size_) {
        co_return core::Failure(core::Errc::too_large, "a package");
    }
    size_ += bytes.size();
    if (head_.size() < head_bytes) {
        head_.append(bytes, 0, head_bytes - head_.size());
    }
    if (!spool_ && memory_.size() + bytes.size() <= memory_bytes_max) {
        memory_ += bytes;
        co_return core::Result<void>();
    }
    if (!spool_) {
        auto made = co_await spools_.create(bytes_max_);
        if (!made) {
            co_return made.error();
        }
        spool_ = std::move(*made);
        const auto moved = co_await spool_->write(memory_);
        if (!moved) {
            co_return moved.error();
        }
        memory_.clear();
        memory_.shrink_to_fit();
    }
    co_return co_await spool_->write(bytes);
}

sdk::Task<core::Result<void>> PlainPackage::finish() {
    if (!spool_) {
        co_return core::Result<void>();
    }
    co_return co_await spool_->finish();
}

bool PlainPackage::looks_like_zip() const {
    return head_ == std::string_view("PK\x03\x04", 4) || head_ == std::string_view("PK\x05\x06", 4);
}

core::Result<std::size_t> PlainPackage::read_at(std::uint64_t offset, std::span<char> out) {
    if (spool_) {
        return spool_->read_at_blocking(offset, out);
    }
    if (offset >= memory_.size()) {
        return std::size_t{0};
    }
    const std::size_t count = std::min<std::size_t>(out.size(), memory_.size() - offset);
    std::copy_n(memory_.data() + offset, count, out.data());
    return count;
}

}   // namespace gateway::fiks_io
