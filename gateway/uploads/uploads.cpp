#include "gateway/uploads/uploads.hpp"

#include "gateway/uploads/document_maker.hpp"
#include "gateway/uploads/taking.hpp"

#include <set>
#include <utility>

namespace gateway::uploads {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using ports::UploadAnswer;
using ports::UploadRefusal;
using sdk::Task;

// An older request that no byte comes from is cut off by the server within 10 s.
constexpr std::chrono::seconds take_over_max{15};

/// An upload whose `writing` is ours, until the job that ends it has begun: who is cut off before
/// leaves it to others.
class Held {
public:
    Held(std::shared_ptr<Shared> shared, UploadPointer upload)
        : shared_(std::move(shared)), upload_(std::move(upload)) {}
    ~Held() {
        if (upload_) {
            shared_->set_free(*upload_);
        }
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

    UploadPointer pass_on() { return std::exchange(upload_, nullptr); }

private:
    std::shared_ptr<Shared> shared_;
    UploadPointer upload_;
};

class Uploads final : public DiskUploads {
public:
    Uploads(ports::Documents& documents, const crypto::Vaults& vaults, runtime::FileSystem& files,
            runtime::Executor& blocking, boost::asio::any_io_executor executor, sdk::Clock& clock,
            sdk::Ids& ids, UploadOptions options)
        : vaults_(vaults),
          clock_(clock),
          ids_(ids),
          pieces_max_(options.pieces_max),
          shared_(std::make_shared<Shared>(files, vaults, std::move(options), ids, blocking)),
          maker_(shared_, documents, clock, std::move(executor)) {}

    Result<void> open() override {
        const auto tenants = shared_->shelf.tenants();
        if (!tenants) {
            return tenants.error();
        }
        for (const auto& tenant : *tenants) {
            const auto loaded = vaults_.find(tenant) ? load(tenant) : Result<void>();
            if (!loaded) {
                return loaded;
            }
        }
        return {};
    }

    Task<void> stop() override { return maker_.stop(); }

    Task<Result<UploadAnswer>> create(ports::NewUpload wanted) override {
        const auto ready = co_await ensure_loaded(wanted.owner.tenant);
        if (!ready) {
            co_return ready.error();
        }
        auto upload = std::make_shared<Upload>(wanted.owner);
        upload->id = ids_.next<ports::UploadId>();
        upload->length = wanted.length;
        upload->metadata = wanted.metadata;
        upload->expires = clock_.now() + wanted.time_max;
        UploadPointer forgotten;
        if (const auto refusal = shared_->admit(upload, wanted, forgotten);
            refusal != UploadRefusal::none) {
            co_return UploadAnswer(refusal);
        }
        auto job = [shared = shared_, upload, forgotten] {
            if (forgotten) {
                // Left over if it fails: swept by its age.
                static_cast<void>(
                    shared->shelf.remove(forgotten->owner.tenant, forgotten->id, forgotten->parts));
            }
            return shared->shelf.put(*upload, shared->disk.ids);
        };
        const auto kept = co_await shared_->blocking.run(std::move(job));
        if (!kept) {
            const std::lock_guard lock(shared_->mutex);
            shared_->index.erase(upload->id);
            co_return kept.error();
        }
        co_return co_await maker_.settled(std::move(upload));
    }

    Task<Result<UploadAnswer>> find(ports::UploadOwner owner, ports::UploadId id) override {
        const auto found = co_await known(owner, id);
        if (!found) {
            co_return found.error();
        }
        UploadPointer upload = *found;
        if (!upload) {
            co_return UploadAnswer(UploadRefusal::not_found);
        }
        co_return co_await maker_.settled(std::move(upload));
    }

    Task<Result<UploadAnswer>> append(ports::UploadOwner owner, ports::UploadId id,
                                      std::uint64_t offset, sdk::ByteSource& body,
                                      std::optional<ports::UploadChecksum> checksum) override {
        const auto found = co_await known(owner, id);
        if (!found) {
            co_return found.error();
        }
        UploadPointer upload = *found;
        if (!upload) {
            co_return UploadAnswer(UploadRefusal::not_found);
        }
        auto said = without_bytes(*upload, offset);
        if (said) {
            co_return std::move(*said);
        }
        if (is_whole(*upload)) {
            co_return co_await maker_.settled(std::move(upload));
        }
        const auto taken = co_await take(upload, offset, body, std::move(checksum));
        if (!taken) {
            co_return taken.error();
        }
        if (*taken != UploadRefusal::none) {
            co_return shared_->answer(*upload, *taken);
        }
        co_return co_await maker_.settled(std::move(upload));
    }

    Task<Result<UploadAnswer>> remove(ports::UploadOwner owner, ports::UploadId id) override {
        const auto found = co_await known(owner, id);
        if (!found) {
            co_return found.error();
        }
        UploadPointer upload = *found;
        if (!upload) {
            co_return UploadAnswer(UploadRefusal::not_found);
        }
        const auto turn = next_turn(*upload);
        const auto claimed = co_await claim(upload, turn);
        if (claimed != UploadRefusal::none) {
            co_return shared_->answer(*upload, claimed);
        }
        auto held = std::make_shared<Held>(shared_, upload);
        const auto gone = co_await discard(std::move(held));
        if (!gone) {
            co_return gone.error();
        }
        co_return UploadAnswer();
    }

    Task<Result<std::size_t>> collect() override {
        const auto now = clock_.now();
        std::optional<Failure> failed;
        const auto expired = shared_->take_expired(now);
        for (const auto& upload : expired) {
            auto held = std::make_shared<Held>(shared_, upload);
            const auto gone = co_await discard(std::move(held));
            if (!gone) {
                failed = gone.error();
            }
        }
        if (failed) {
            co_return *failed;
        }
        auto job = [shared = shared_, now] { return shared->sweep(now); };
        const auto swept = co_await shared_->blocking.run(std::move(job));
        if (!swept) {
            co_return swept.error();
        }
        co_return expired.size() + *swept;
    }

private:
    bool is_loaded(const core::TenantId& tenant) {
        const std::lock_guard lock(shared_->mutex);
        return loaded_.contains(tenant);
    }

    /// Reads a tenant's uploads back, once. Blocks.
    Result<void> load(const core::TenantId& tenant) {
        const std::lock_guard one_at_a_time(loading_);
        if (is_loaded(tenant)) {
            return {};
        }
        auto uploads = shared_->shelf.load(tenant);
        if (!uploads) {
            return uploads.error();
        }
        const std::lock_guard lock(shared_->mutex);
        for (auto& upload : *uploads) {
            shared_->index.emplace(upload->id, std::move(upload));
        }
        loaded_.insert(tenant);
        return {};
    }

    /// A tenant whose key came with a reload.
    Task<Result<void>> ensure_loaded(core::TenantId tenant) {
        if (is_loaded(tenant)) {
            co_return Result<void>();
        }
        auto job = [this, tenant] { return load(tenant); };
        auto loaded = co_await shared_->blocking.run(std::move(job));
        co_return loaded;
    }

    /// Null when there is no such upload of theirs.
    Task<Result<UploadPointer>> known(ports::UploadOwner owner, ports::UploadId id) {
        const auto ready = co_await ensure_loaded(owner.tenant);
        if (!ready) {
            co_return ready.error();
        }
        co_return shared_->look_up(owner, id, clock_.now());
    }

    /// What can be said without taking any byte.
    std::optional<UploadAnswer> without_bytes(const Upload& upload, std::uint64_t offset) {
        const std::lock_guard lock(shared_->mutex);
        const bool moves = upload.writing && !upload.is_whole();
        if (!moves && upload.offset() != offset) {
            return answer_of(upload, UploadRefusal::wrong_offset);
        }
        if (upload.parts.size() >= pieces_max_ && !upload.is_whole()) {
            return answer_of(upload, UploadRefusal::too_many_pieces);
        }
        return std::nullopt;
    }

    bool is_whole(const Upload& upload) {
        const std::lock_guard lock(shared_->mutex);
        return upload.is_whole();
    }

    std::uint64_t next_turn(Upload& upload) {
        const std::lock_guard lock(shared_->mutex);
        return ++upload.turn;
    }

    /// Waits until nobody else writes it; then it is ours.
    Task<UploadRefusal> claim(UploadPointer upload, std::uint64_t turn) {
        const sdk::Deadline deadline = clock_.in(take_over_max);
        for (;;) {
            const std::uint64_t seen = shared_->changed.count();
            {
                const std::lock_guard lock(shared_->mutex);
                if (upload->removed) {
                    co_return UploadRefusal::not_found;
                }
                if (upload->turn != turn) {
                    co_return UploadRefusal::taken_over;
                }
                if (!upload->is_busy()) {
                    upload->writing = true;
                    co_return UploadRefusal::none;
                }
            }
            const bool changed = co_await shared_->changed.wait(clock_, seen, deadline);
            if (!changed) {
                co_return UploadRefusal::taken_over;
            }
        }
    }

    Task<Result<UploadRefusal>> take(UploadPointer upload, std::uint64_t offset,
                                     sdk::ByteSource& body,
                                     std::optional<ports::UploadChecksum> checksum) {
        const auto turn = next_turn(*upload);
        const auto claimed = co_await claim(upload, turn);
        if (claimed != UploadRefusal::none) {
            co_return claimed;
        }
        Taking taking(shared_, upload, turn, std::move(checksum));
        if (taking.offset() != offset) {
            taking.leave();
            co_return UploadRefusal::wrong_offset;
        }
        auto taken = co_await taking.take(body);
        co_return taken;
    }

    Task<Result<void>> discard(std::shared_ptr<Held> held) {
        auto job = [shared = shared_, held] { return shared->discard(*held->pass_on()); };
        auto gone = co_await shared_->blocking.run(std::move(job));
        co_return gone;
    }

    const crypto::Vaults& vaults_;
    sdk::Clock& clock_;
    sdk::Ids& ids_;
    std::size_t pieces_max_;
    std::shared_ptr<Shared> shared_;
    std::mutex loading_;
    std::set<core::TenantId> loaded_;   // guarded as the index is
    DocumentMaker maker_;
};

}   // namespace

std::unique_ptr<DiskUploads> make_uploads(ports::Documents& documents, const crypto::Vaults& vaults,
                                          runtime::FileSystem& files, runtime::Executor& blocking,
                                          boost::asio::any_io_executor executor, sdk::Clock& clock,
                                          sdk::Ids& ids, UploadOptions options) {
    return std::make_unique<Uploads>(documents, vaults, files, blocking, std::move(executor), clock,
                                     ids, std::move(options));
}

}   // namespace gateway::uploads
