#pragma once

// What the document store, its writers and its readers share; the last of them to go takes it
// along.

#include "gateway/documents/documents.hpp"
#include "gateway/runtime/durable.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace gateway::documents {

/// One document within the installation.
using DocumentKey = std::pair<core::TenantId, core::Sha256>;

/// Keeps removing and committing the same document apart. Any thread.
class Claims {
public:
    enum class Kind { commit, removal };

    /// Ends when it goes.
    class Claim {
    public:
        Claim(Claims& claims, Kind kind, DocumentKey key)
            : claims_(claims), kind_(kind), key_(std::move(key)) {}
        Claim(const Claim&) = delete;
        Claim& operator=(const Claim&) = delete;
        ~Claim() { claims_.end(kind_, key_); }

    private:
        Claims& claims_;
        Kind kind_;
        DocumentKey key_;
    };

    /// Nothing while the document is being removed: try again. Several commits may go on at once.
    std::unique_ptr<Claim> begin_commit(const DocumentKey& key);
    /// Nothing while somebody commits or removes it: leave it be.
    std::unique_ptr<Claim> begin_removal(const DocumentKey& key);

    void add_spool(const std::string& path);
    void drop_spool(const std::string& path);
    bool is_writing(const std::string& path) const;

private:
    void end(Kind kind, const DocumentKey& key);

    mutable std::mutex mutex_;
    std::map<DocumentKey, int> committing_;
    std::set<DocumentKey> removing_;
    std::set<std::string> spools_;
};

struct Shared {
    ports::Store& store;
    const crypto::Vaults& vaults;
    runtime::FileSystem& files;
    runtime::Executor& executor;
    sdk::Clock& clock;
    sdk::Ids& ids;
    DocumentOptions options;
    Claims claims;
    runtime::Durable durable;
    // Files without a record may lie about: after a start, and after a commit whose end nobody saw.
    std::atomic<bool> needs_sweep{true};

    Shared(ports::Store& store_, const crypto::Vaults& vaults_, runtime::FileSystem& files_,
           runtime::Executor& executor_, sdk::Clock& clock_, sdk::Ids& ids_,
           const DocumentOptions& options_)
        : store(store_),
          vaults(vaults_),
          files(files_),
          executor(executor_),
          clock(clock_),
          ids(ids_),
          options(options_),
          durable(files_, options_.on_fatal) {}
};

std::unique_ptr<ports::DocumentWriter> make_writer(std::shared_ptr<Shared> shared,
                                                   core::TenantId tenant, core::SystemId uploader,
                                                   std::shared_ptr<const crypto::Vault> vault,
                                                   std::uint64_t bytes_max);

/// Opens the file and compares its size with the record's.
sdk::Task<core::Result<std::unique_ptr<ports::DocumentReader>>>
open_reader(std::shared_ptr<Shared> shared, std::shared_ptr<const crypto::Vault> vault,
            ports::DocumentRecord record);

/// Removes spools left behind, and files nobody has a record of. Returns how many.
sdk::Task<core::Result<std::size_t>> sweep_spools(std::shared_ptr<Shared> shared,
                                                  core::Time before);
sdk::Task<core::Result<std::size_t>> sweep_files(std::shared_ptr<Shared> shared);
sdk::Task<core::Result<std::size_t>> remove_orphans(std::shared_ptr<Shared> shared,
                                                    core::Time before);
sdk::Task<core::Result<std::vector<std::string>>> verify_all(std::shared_ptr<Shared> shared);

}   // namespace gateway::documents
