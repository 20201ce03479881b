#include "gateway/core/assert.hpp"
#include "gateway/crypto/chunks.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/documents/names.hpp"
#include "gateway/documents/shared.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>
#include <array>

namespace gateway::documents {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Task;

// One turn of the executor for four chunks: hopping for each would cost more than sealing.
constexpr std::size_t batch_bytes = 4 * crypto::chunk_plain_bytes;
// A removal that is in the way takes a store call and an unlink.
constexpr int removal_waits_max = 10'000;

crypto::ContentKey new_content_key(sdk::Ids& ids) {
    std::array<std::uint8_t, 32> bytes{};
    ids.random(bytes);
    crypto::ContentKey key{crypto::SecretKey(bytes)};
    bytes.fill(0);
    return key;
}

Result<void> has_room(Shared& shared, std::uint64_t bytes) {
    const auto free = shared.files.free_bytes();
    if (!free) {
        return free.error();
    }
    if (*free < shared.options.free_bytes_min + bytes) {
        return Failure(Errc::storage_full, "less than the configured minimum is free on the disk");
    }
    return {};
}

/// The blocking half: only ever inside one executor job at a time.
class Spool {
public:
    Spool(Shared& shared, const core::TenantId& tenant)
        : shared_(shared),
          folder_(spool_folder(tenant)),
          path_(folder_ + "/" + shared.ids.uuid().to_string()),
          key_(new_content_key(shared.ids)) {}

    const std::string& path() const { return path_; }
    const crypto::ContentKey& key() const { return key_; }
    std::uint64_t size() const { return size_; }

    /// Seals and writes whole chunks; with `last`, also the rest.
    Result<void> write(std::string_view plain, bool last) {
        if (auto ready = prepare(plain.size()); !ready) {
            return ready;
        }
        digest_.update(plain);
        size_ += plain.size();
        while (plain.size() >= crypto::chunk_plain_bytes) {
            if (auto written = write_chunk(plain.substr(0, crypto::chunk_plain_bytes), false);
                !written) {
                return written;
            }
            plain.remove_prefix(crypto::chunk_plain_bytes);
        }
        GATEWAY_ASSERT(last || plain.empty());
        return last ? write_chunk(plain, true) : Result<void>();
    }

    /// The rest of the bytes, durably.
    Result<ports::StoredDocument> finish(std::string_view plain) {
        if (auto written = write(plain, true); !written) {
            return written.error();
        }
        if (auto synced = shared_.durable.flushed(file_->sync()); !synced) {
            return synced.error();
        }
        GATEWAY_CRASH_POINT("documents.spool_synced");
        ports::StoredDocument document;
        document.hash = digest_.sha256();
        document.md5_hex = digest_.md5_hex();
        document.size = size_;
        return document;
    }

    /// Under its final name, durably.
    Result<void> move_to(const std::string& folder, const std::string& name) {
        if (auto made = shared_.durable.ensure_folder(folder); !made) {
            return made;
        }
        if (auto renamed = shared_.files.rename(path_, folder + "/" + name); !renamed) {
            return renamed;
        }
        path_ = folder + "/" + name;
        GATEWAY_CRASH_POINT("documents.renamed");
        return shared_.durable.sync_folder(folder);
    }

private:
    Result<void> prepare(std::size_t bytes) {
        if (auto room = has_room(shared_, bytes); !room) {
            return room;
        }
        if (file_) {
            return {};
        }
        if (auto made = shared_.durable.ensure_folder(folder_); !made) {
            return made;
        }
        auto file = shared_.files.create(path_);
        if (!file) {
            return file.error();
        }
        file_ = std::move(*file);
        return {};
    }

    Result<void> write_chunk(std::string_view plain, bool last) {
        const std::string sealed = crypto::seal_chunk(key_.secret(), chunks_++, last, plain);
        return file_->append(sealed);
    }

    Shared& shared_;
    std::string folder_;
    std::string path_;
    crypto::ContentKey key_;
    std::unique_ptr<runtime::File> file_;
    crypto::DigestStream digest_;
    std::uint64_t chunks_ = 0;
    std::uint64_t size_ = 0;
};

class Writer final : public ports::DocumentWriter {
public:
    Writer(std::shared_ptr<Shared> shared, core::TenantId tenant, core::SystemId uploader,
           std::shared_ptr<const crypto::Vault> vault, std::uint64_t bytes_max)
        : shared_(std::move(shared)),
          tenant_(std::move(tenant)),
          uploader_(std::move(uploader)),
          vault_(std::move(vault)),
          bytes_max_(bytes_max),
          spool_(std::make_shared<Spool>(*shared_, tenant_)),
          spool_path_(spool_->path()) {
        shared_->claims.add_spool(spool_path_);
    }

    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    ~Writer() override {
        if (is_uncertain_) {
            shared_->needs_sweep = true;
        }
        if (is_kept_ || !is_spooled_) {
            shared_->claims.drop_spool(spool_path_);
            return;
        }
        shared_->executor.post([shared = shared_, spool = spool_, spool_path = spool_path_] {
            static_cast<void>(shared->files.remove(spool->path()));   // swept later if it fails
            shared->claims.drop_spool(spool_path);
        });
    }

    Task<Result<void>> append(std::span<const char> bytes) override {
        if (failed_) {
            co_return *failed_;
        }
        if (bytes.size() > bytes_max_ - taken_) {
            co_return fail(
                Failure(Errc::too_large, "more than " + std::to_string(bytes_max_) + " bytes"));
        }
        taken_ += bytes.size();
        while (!bytes.empty()) {
            const std::size_t part = std::min(bytes.size(), batch_bytes - buffer_.size());
            buffer_.append(bytes.data(), part);
            bytes = bytes.subspan(part);
            if (buffer_.size() == batch_bytes) {
                auto written = co_await flush();
                if (!written) {
                    co_return fail(written.error());
                }
            }
        }
        co_return Result<void>();
    }

    Task<Result<ports::StoredDocument>> commit() override {
        if (failed_) {
            co_return *failed_;
        }
        const bool is_small = !is_spooled_ && taken_ <= shared_->options.small_bytes_max &&
                              shared_->options.small_bytes_max > 0;
        Result<ports::StoredDocument> document;
        if (is_small) {
            document = look_at_small();
        } else {
            document = co_await finish();
        }
        if (!document) {
            co_return fail(document.error());
        }
        const auto claim = co_await claim_for(DocumentKey(tenant_, document->hash));
        if (!claim) {
            co_return fail(Failure(Errc::unavailable, "the same document is being removed"));
        }
        Result<void> recorded;
        if (is_small) {
            recorded = co_await record_small(*document);
        } else {
            recorded = co_await record(*document);
        }
        if (!recorded) {
            co_return fail(recorded.error());
        }
        fail(Failure(Errc::closed, "committed"));   // nothing more can be written
        co_return *document;
    }

private:
    Failure fail(Failure failure) {
        failed_ = failure;
        return failure;
    }

    Task<Result<void>> flush() {
        is_spooled_ = true;
        auto job = [spool = spool_, plain = std::exchange(buffer_, std::string())] {
            return spool->write(plain, false);
        };
        auto written = co_await shared_->executor.run(std::move(job));
        co_return written;
    }

    /// What the spool would say of it. A few microseconds: no turn of the executor for that.
    Result<ports::StoredDocument> look_at_small() const {
        if (auto room = has_room(*shared_, buffer_.size()); !room) {
            return room.error();
        }
        crypto::DigestStream digest;
        digest.update(buffer_);
        ports::StoredDocument document;
        document.hash = digest.sha256();
        document.md5_hex = digest.md5_hex();
        document.size = buffer_.size();
        return document;
    }

    Task<Result<ports::StoredDocument>> finish() {
        is_spooled_ = true;
        auto job = [spool = spool_, plain = std::exchange(buffer_, std::string())] {
            return spool->finish(plain);
        };
        auto document = co_await shared_->executor.run(std::move(job));
        co_return document;
    }

    Task<std::unique_ptr<Claims::Claim>> claim_for(DocumentKey key) {
        auto claim = shared_->claims.begin_commit(key);
        for (int wait = 0; !claim && wait < removal_waits_max; ++wait) {
            std::function<void()> turn = [] {};
            co_await shared_->executor.completed(std::move(turn));
            claim = shared_->claims.begin_commit(key);
        }
        co_return claim;
    }

    ports::DocumentRecord record_of(const ports::StoredDocument& document) const {
        ports::DocumentRecord record;
        record.tenant = tenant_;
        record.hash = document.hash;
        record.md5_hex = document.md5_hex;
        record.size = document.size;
        record.wrapped_key = vault_->wrap(shared_->ids, spool_->key(), document.hash.to_bytes());
        record.uploader = uploader_;
        record.created = shared_->clock.now();
        return record;
    }

    /// Bytes and record at once, by the store.
    Task<Result<void>> record_small(ports::StoredDocument document) {
        auto record = record_of(document);
        record.sealed = crypto::seal_chunk(spool_->key().secret(), 0, true, buffer_);
        const std::string own_key = record.wrapped_key;
        const auto kept = co_await shared_->store.put_document(std::move(record));
        if (!kept) {
            co_return kept.error();
        }
        GATEWAY_CRASH_POINT("documents.recorded_small");
        if (kept->wrapped_key == own_key) {
            co_return Result<void>();
        }
        co_return co_await look_at_theirs(*kept);
    }

    /// The same bytes were here already, under their own key. Should they be lost, say so now.
    Task<Result<void>> look_at_theirs(ports::DocumentRecord kept) {
        const auto theirs = co_await open_reader(shared_, vault_, std::move(kept));
        if (!theirs) {
            co_return theirs.error();
        }
        co_return Result<void>();
    }

    /// File first, record second: a record whose file is not there can never be.
    Task<Result<void>> record(ports::StoredDocument document) {
        auto record = record_of(document);
        const std::string name = file_name(*vault_, document.hash, record.wrapped_key);
        auto job = [spool = spool_, folder = final_folder(tenant_, name), name] {
            return spool->move_to(folder, name);
        };
        auto moved = co_await shared_->executor.run(std::move(job));
        if (!moved) {
            co_return moved.error();
        }
        const std::string own_key = record.wrapped_key;
        is_kept_ = true;   // from here on it may be recorded whatever we hear: the sweep decides
        is_uncertain_ = true;
        const auto kept = co_await shared_->store.put_document(std::move(record));
        if (!kept) {
            co_return kept.error();
        }
        is_uncertain_ = false;
        GATEWAY_CRASH_POINT("documents.recorded");
        is_kept_ = kept->wrapped_key == own_key;
        if (is_kept_) {
            co_return Result<void>();
        }
        co_return co_await look_at_theirs(*kept);   // our file goes
    }

    std::shared_ptr<Shared> shared_;
    core::TenantId tenant_;
    core::SystemId uploader_;
    std::shared_ptr<const crypto::Vault> vault_;
    std::uint64_t bytes_max_;
    std::shared_ptr<Spool> spool_;
    std::string spool_path_;
    std::string buffer_;
    std::uint64_t taken_ = 0;
    bool is_spooled_ = false;   // there is, or may be, a file
    bool is_kept_ = false;
    bool is_uncertain_ = false;
    std::optional<Failure> failed_;
};

}   // namespace

std::unique_ptr<ports::DocumentWriter> make_writer(std::shared_ptr<Shared> shared,
                                                   core::TenantId tenant, core::SystemId uploader,
                                                   std::shared_ptr<const crypto::Vault> vault,
                                                   std::uint64_t bytes_max) {
    return std::make_unique<Writer>(std::move(shared), std::move(tenant), std::move(uploader),
                                    std::move(vault), bytes_max);
}

}   // namespace gateway::documents
