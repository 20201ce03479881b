#pragma once

// Bytes at rest: content-addressed within the tenant, sealed, streamed in constant memory, fsynced
// before commit() returns.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/sdk/bytes.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gateway::ports {

using sdk::Result;
using sdk::Task;

struct StoredDocument {
    core::Sha256 hash;
    std::string md5_hex;
    std::uint64_t size = 0;

    StoredDocument() = default;
};

/// One upload. Destroyed without commit(): its spool is removed. One strand at a time.
class DocumentWriter {
public:
    virtual ~DocumentWriter() = default;
    /// `too_large` past the limit, `storage_full`, `storage_failed`.
    virtual Task<Result<void>> append(std::span<const char> bytes) = 0;
    /// Durable, and known to the store: may be referred to.
    virtual Task<Result<StoredDocument>> commit() = 0;
};

/// Random access to one document. One strand at a time.
class DocumentReader {
public:
    virtual ~DocumentReader() = default;
    virtual std::uint64_t size() const = 0;
    /// Up to `out.size()` bytes; 0 at the end. `corrupted` when a chunk does not authenticate.
    virtual Task<Result<std::size_t>> read_at(std::uint64_t offset, std::span<char> out) = 0;
};

class Documents {
public:
    virtual ~Documents() = default;
    virtual Task<Result<std::unique_ptr<DocumentWriter>>>
    create(core::TenantId tenant, core::SystemId uploader, std::uint64_t bytes_max) = 0;
    virtual Task<Result<std::unique_ptr<DocumentReader>>> open(core::TenantId tenant,
                                                               core::Sha256 hash) = 0;
    /// Removes documents nothing refers to and spools nobody writes, both older than `before`.
    /// Returns how many.
    virtual Task<Result<std::size_t>> collect(core::Time before) = 0;
    /// Every stored document decrypts and hashes to its name; returns the faults in words.
    virtual Task<Result<std::vector<std::string>>> verify() = 0;
};

/// A document as a stream from its first byte, or a range of it.
std::unique_ptr<sdk::ByteSource> make_source(std::unique_ptr<DocumentReader> reader,
                                             std::uint64_t offset, std::uint64_t length);

}   // namespace gateway::ports
