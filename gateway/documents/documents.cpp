#include "gateway/documents/documents.hpp"

#include "gateway/documents/names.hpp"
#include "gateway/documents/shared.hpp"

namespace gateway::documents {
namespace {

using core::Errc;
using core::Failure;
using sdk::Result;
using sdk::Task;

class DiskDocuments final : public ports::Documents {
public:
    explicit DiskDocuments(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

    Task<Result<std::unique_ptr<ports::DocumentWriter>>>
    create(core::TenantId tenant, core::SystemId uploader, std::uint64_t bytes_max) override {
        auto vault = shared_->vaults.find(tenant);
        if (!is_path_safe(tenant)) {
            co_return Failure(Errc::invalid_argument, "tenant id is not of digits and letters");
        }
        if (!vault) {
            co_return Failure(Errc::unavailable, "no key for this tenant");
        }
        auto writer = make_writer(shared_, std::move(tenant), std::move(uploader), std::move(vault),
                                  bytes_max);
        co_return writer;
    }

    Task<Result<std::unique_ptr<ports::DocumentReader>>> open(core::TenantId tenant,
                                                              core::Sha256 hash) override {
        auto record = co_await shared_->store.find_document(tenant, hash);
        if (!record) {
            co_return record.error();
        }
        if (!record->has_value()) {
            co_return Failure(Errc::not_found, "no such document");
        }
        auto vault = shared_->vaults.find(tenant);
        if (!vault) {
            co_return Failure(Errc::unavailable, "no key for this tenant");
        }
        auto reader = co_await open_reader(shared_, std::move(vault), std::move(**record));
        co_return reader;
    }

    Task<Result<std::size_t>> collect(core::Time before) override {
        const auto orphans = co_await remove_orphans(shared_, before);
        if (!orphans) {
            co_return orphans.error();
        }
        const auto spools = co_await sweep_spools(shared_, before);
        if (!spools) {
            co_return spools.error();
        }
        if (!shared_->needs_sweep.exchange(false)) {
            co_return *orphans + *spools;
        }
        const auto files = co_await sweep_files(shared_);
        if (!files) {
            shared_->needs_sweep = true;
            co_return files.error();
        }
        co_return *orphans + *spools + *files;
    }

    Task<Result<std::vector<std::string>>> verify() override { return verify_all(shared_); }

private:
    std::shared_ptr<Shared> shared_;
};

}   // namespace

std::unique_ptr<ports::Documents> make_documents(ports::Store& store, const crypto::Vaults& vaults,
                                                 runtime::FileSystem& files,
                                                 runtime::Executor& executor, sdk::Clock& clock,
                                                 sdk::Ids& ids, const DocumentOptions& options) {
    return std::make_unique<DiskDocuments>(
        std::make_shared<Shared>(store, vaults, files, executor, clock, ids, options));
}

}   // namespace gateway::documents
