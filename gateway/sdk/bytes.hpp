#pragma once

// Streams of bytes in constant memory.

#include "gateway/sdk/task.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::sdk {

/// Bytes that are read once, in order. One reader at a time, on its strand.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Fills at most `out`; 0 is the end. Suspends until at least one byte is there.
    virtual Task<Result<std::size_t>> read(std::span<char> out) = 0;
    /// How many bytes there are in all, when known beforehand.
    virtual std::optional<std::uint64_t> size() const = 0;
    /// Passes over the next `count` bytes, without reading them where the source can.
    /// `invalid_argument` when there are fewer.
    virtual Task<Result<void>> skip(std::uint64_t count);
};

/// The next `bytes` of another source, which is so long at least: a piece of an upload.
class PieceSource final : public ByteSource {
public:
    PieceSource(std::unique_ptr<ByteSource> whole, std::uint64_t bytes)
        : whole_(std::move(whole)), left_(bytes), size_(bytes) {}
    Task<Result<std::size_t>> read(std::span<char> out) override;
    std::optional<std::uint64_t> size() const override { return size_; }

private:
    std::unique_ptr<ByteSource> whole_;
    std::uint64_t left_;
    std::uint64_t size_;
};

/// Takes bytes in order; the caller waits until they are taken (back pressure).
class ByteSink {
public:
    virtual ~ByteSink() = default;
    virtual Task<Result<void>> write(std::span<const char> bytes) = 0;
};

/// A string as a source.
class StringSource final : public ByteSource {
public:
    explicit StringSource(std::string text) : text_(std::move(text)) {}
    Task<Result<std::size_t>> read(std::span<char> out) override;
    std::optional<std::uint64_t> size() const override { return text_.size(); }

private:
    std::string text_;
    std::size_t at_ = 0;
};

/// Several sources one after the other (multipart bodies). Size is known when every part's is.
class ChainSource final : public ByteSource {
public:
    void add(std::unique_ptr<ByteSource> part) { parts_.push_back(std::move(part)); }
    Task<Result<std::size_t>> read(std::span<char> out) override;
    std::optional<std::uint64_t> size() const override;

private:
    std::vector<std::unique_ptr<ByteSource>> parts_;
    std::size_t at_ = 0;
};

/// Reads to the end into a string; `too_large` beyond `bytes_max`.
Task<Result<std::string>> read_all(ByteSource& source, std::size_t bytes_max);

}   // namespace gateway::sdk
