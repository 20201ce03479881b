#pragma once

// Signed heads of the access log, kept outside the database: what was before one cannot be changed,
// not even by whoever can write the database and compute its chain anew. Pure.
//
// One line each, appended to a file of the tenant's and never rewritten:
//
//     sluse-checkpoint-v1 tenant=<number> number=<n> hash=<64 hex> at=<RFC 3339> before=<64 hex>
//     signature=<base64url of 64 bytes>
//
// (in one line, one space between). `before` is the SHA-256 of the line before, as text without its
// line break, or 64 zeros: no line can be taken out but from the end. The signature is Ed25519 over
// all that stands before " signature=", by a key made of the tenant's sealing key.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/ports/record_types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::records {

struct Checkpoint {
    core::TenantId tenant;
    ports::LogHead head;
    core::Time at{};
    std::string before;   // 32 bytes: hash of the line before

    Checkpoint() = default;
};

/// Longer is no line of ours.
inline constexpr std::size_t checkpoint_bytes_max = 1'024;

/// Without a line break.
std::string write_checkpoint(const Checkpoint& checkpoint, const crypto::Vault& vault);
/// `malformed`: not such a line. `corrupted`: its signature is not by this key.
core::Result<Checkpoint> read_checkpoint(std::string_view line, std::string_view verification_key);
/// What the next line names as the one before it.
std::string line_hash(std::string_view line);

/// A tenant's file, line by line.
class CheckpointReader {
public:
    CheckpointReader(core::TenantId tenant, std::string verification_key);

    /// Whole lines and the beginning of one; the rest comes with the next call.
    void add(std::string_view bytes);
    /// A last line without a break is what a power cut left: it says nothing, and is no fault.
    void end();

    const std::vector<Checkpoint>& checkpoints() const { return checkpoints_; }
    /// What the next line is to name as the one before it.
    const std::string& last_hash() const { return before_; }
    /// Lines that are not as they were written, or that follow a line that is missing; from 1.
    const std::vector<std::uint64_t>& faulty_lines() const { return faulty_; }

private:
    void add_line(std::string_view line);

    core::TenantId tenant_;
    std::string verification_key_;
    std::string rest_;
    std::string before_;
    std::optional<std::uint64_t> unread_;   // a line that is none, behind the last good one
    std::uint64_t lines_ = 0;
    std::vector<Checkpoint> checkpoints_;
    std::vector<std::uint64_t> faulty_;
};

}   // namespace gateway::records
