#pragma once

// Bytes read and not yet used. Grows by doubling up to its limit; never shared.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace gateway::http {

class Buffer {
public:
    Buffer(std::size_t first, std::size_t bytes_max)
        : first_(first), bytes_max_(std::max(first, bytes_max)) {}
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { let_go(); }

    std::string_view data() const { return {bytes_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    bool full() const { return end_ - begin_ == bytes_max_; }

    /// Room for at least one byte unless full.
    std::span<char> space() {
        if (!bytes_) {
            take();
        }
        if (begin_ == end_) {
            begin_ = end_ = 0;
        }
        if (end_ == capacity_ && begin_ > 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (end_ == capacity_ && capacity_ < bytes_max_) {
            const std::size_t larger = std::min(capacity_ * 2, bytes_max_);
            std::unique_ptr<char[]> grown(new char[larger]);
            std::memcpy(grown.get(), bytes_.get(), end_);
            bytes_ = std::move(grown);
            capacity_ = larger;
        }
        return {bytes_.get() + end_, capacity_ - end_};
    }
    void commit(std::size_t count) { end_ += count; }
    /// With nothing left it holds no memory: a request that was read whole waits for its answer
    /// without.
    void consume(std::size_t count) {
        begin_ += count;
        if (begin_ == end_) {
            let_go();
        }
    }

private:
    /// The block that was let go last: the next request of the thread is read into it while the
    /// cache still has it.
    struct Spare {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
    };
    static Spare& spare() {
        thread_local Spare one;
        return one;
    }

    void take() {
        capacity_ = first_;
        bytes_ = spare().size == first_ ? std::move(spare().bytes) : nullptr;
        if (!bytes_) {
            bytes_.reset(new char[first_]);
        }
    }
    void let_go() {
        if (bytes_ && capacity_ == first_) {
            spare() = {std::move(bytes_), first_};
        }
        bytes_.reset();
        begin_ = end_ = 0;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t first_;
    std::size_t capacity_ = 0;
    std::size_t bytes_max_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}   // namespace gateway::http
