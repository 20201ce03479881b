#pragma once

// Uploads that can be resumed: the caller announces a length, sends it in as many requests as it
// takes, and gets a document. What is told to be here is durable, sealed, and survives a crash.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/documents.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gateway::ports {

using UploadId = core::Id<struct UploadTag>;

/// Whose it is: to anybody else it does not exist.
struct UploadOwner {
    core::TenantId tenant;
    core::SystemId system;

    UploadOwner(core::TenantId of, core::SystemId by)
        : tenant(std::move(of)), system(std::move(by)) {}
    friend auto operator<=>(const UploadOwner&, const UploadOwner&) = default;
};

struct NewUpload {
    UploadOwner owner;
    std::uint64_t length = 0;
    std::string metadata;   // given back as it came
    // What may be open at once, and how long.
    std::size_t open_max = 0;           // of this owner
    std::uint64_t open_bytes_max = 0;   // of all, as announced
    std::chrono::hours time_max{0};

    explicit NewUpload(UploadOwner of) : owner(std::move(of)) {}
};

struct UploadState {
    UploadId id;
    std::uint64_t length = 0;
    std::uint64_t offset = 0;   // this much is durable
    core::Time expires{};
    std::string metadata;
    std::optional<StoredDocument> document;   // once it is whole
};

enum class UploadRefusal {
    none,
    not_found,         // unknown, somebody else's, expired, removed
    wrong_offset,      // the state says which is right
    taken_over,        // a newer request writes it
    too_long,          // more bytes than were announced; what this request sent is dropped
    wrong_checksum,    // what this request sent is dropped
    too_many_open,     // of this owner
    too_much_open,     // of all owners together
    too_many_pieces,   // sent in too small ones
};

/// Refused or not, the state as it is (empty when there is none).
struct UploadAnswer {
    UploadRefusal refusal = UploadRefusal::none;
    UploadState state;

    UploadAnswer() = default;
    explicit UploadAnswer(UploadRefusal why) : refusal(why) {}
};

/// What the bytes of one request must add up to.
struct UploadChecksum {
    bool sha1 = false;      // else SHA-256
    std::string expected;   // raw bytes

    UploadChecksum(bool is_sha1, std::string bytes) : sha1(is_sha1), expected(std::move(bytes)) {}
};

/// Any strand. Failures are the disk's, the documents' (`storage_full`, `storage_failed`,
/// `corrupted`, `unavailable`) or the body's own.
class Uploads {
public:
    virtual ~Uploads() = default;
    /// Durable when it returns. One of length 0 is whole at once.
    virtual Task<Result<UploadAnswer>> create(NewUpload upload) = 0;
    /// Where all bytes are here but the document is not, it is made first.
    virtual Task<Result<UploadAnswer>> find(UploadOwner owner, UploadId id) = 0;
    /// Takes the body from `offset` on. What came before the body failed is kept, unless a checksum
    /// was stated, and that also when the caller is cancelled. Whoever writes the upload just now
    /// is asked to stop and given some seconds for it.
    virtual Task<Result<UploadAnswer>> append(UploadOwner owner, UploadId id, std::uint64_t offset,
                                              sdk::ByteSource& body,
                                              std::optional<UploadChecksum> checksum) = 0;
    /// Its bytes go; a document made of it stays.
    virtual Task<Result<UploadAnswer>> remove(UploadOwner owner, UploadId id) = 0;
    /// Removes what has expired, and what nobody can read any more. Returns how many.
    virtual Task<Result<std::size_t>> collect() = 0;
};

}   // namespace gateway::ports
