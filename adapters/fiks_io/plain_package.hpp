#pragma once

// The bytes of a package that was opened, on their way to be read: small ones in memory, large ones
// in a spool.

#include "gateway/sdk/host.hpp"
#include "gateway/seal/asic_reader.hpp"

#include <memory>
#include <string>

namespace gateway::fiks_io {

/// Written by one strand, then read inside Work::run.
class PlainPackage final : public seal::RandomAccess {
public:
    PlainPackage(sdk::Spools& spools, std::uint64_t bytes_max)
        : spools_(spools), bytes_max_(bytes_max) {}

    /// `too_large` past the limit, `storage_full`, `storage_failed`.
    sdk::Task<core::Result<void>> append(std::string bytes);
    sdk::Task<core::Result<void>> finish();
    /// Whether it begins as a ZIP does: what was opened with a wrong key does not.
    bool looks_like_zip() const;

    std::uint64_t size() const override { return size_; }
    core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override;

private:
    sdk::Spools& spools_;
    std::uint64_t bytes_max_;
    std::uint64_t size_ = 0;
    std::string head_;     // the first bytes
    std::string memory_;   // all of them, while there is no spool
    std::unique_ptr<sdk::Spool> spool_;
};

}   // namespace gateway::fiks_io
