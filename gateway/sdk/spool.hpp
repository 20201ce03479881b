#pragma once

// Room for what is too large for memory: bytes on disk, sealed under a key that lives in memory
// only, gone when the spool is destroyed or the process ends. And a place for work that would hold
// up a strand.

#include "gateway/sdk/bytes.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace gateway::sdk {

/// Written once, then read as often as needed. One strand at a time.
class Spool : public ByteSink {
public:
    /// `storage_full`, `too_large` past the spool's limit.
    Task<Result<void>> write(std::span<const char> bytes) override = 0;
    /// What was written can be read from now on; nothing more is written.
    virtual Task<Result<void>> finish() = 0;
    virtual std::uint64_t size() const = 0;
    /// From the first byte; the spool must outlive it. After finish().
    virtual std::unique_ptr<ByteSource> open() = 0;
    virtual Task<Result<std::size_t>> read_at(std::uint64_t offset, std::span<char> out) = 0;
    /// The same, blocking: only inside Work::run.
    virtual Result<std::size_t> read_at_blocking(std::uint64_t offset, std::span<char> out) = 0;
};

class Spools {
public:
    virtual ~Spools() = default;
    virtual Task<Result<std::unique_ptr<Spool>>> create(std::uint64_t bytes_max) = 0;
};

/// Runs a piece of work (RSA, CMS, hashing over 64 KiB, blocking reads) away from the strand and
/// returns when it is done. What the piece throws is thrown here. Not cancellable: pieces are
/// short, at most some hundred milliseconds.
class Work {
public:
    virtual ~Work() = default;
    virtual Task<void> run(std::function<void()> piece) = 0;
};

}   // namespace gateway::sdk
