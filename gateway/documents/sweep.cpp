#include "gateway/documents/names.hpp"
#include "gateway/documents/shared.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <chrono>

namespace gateway::documents {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Task;
using Names = std::vector<std::string>;

constexpr std::size_t orphans_per_call = 100;

/// A folder that is not there is empty.
Task<Result<Names>> list(Shared& shared, std::string folder) {
    auto job = [&shared, folder] { return shared.files.list(folder); };
    auto names = co_await shared.executor.run(std::move(job));
    if (!names && names.error().is(Errc::not_found)) {
        co_return Names();
    }
    co_return names;
}

Task<Result<void>> remove(Shared& shared, std::string path) {
    auto job = [&shared, path] { return shared.files.remove(path); };
    auto removed = co_await shared.executor.run(std::move(job));
    co_return removed;
}

/// Our ids begin with their millisecond; a name that is none of ours is from the beginning of time.
core::Time time_of_spool(const std::string& name) {
    const auto uuid = core::parse_uuid(name);
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; uuid && i < 6; ++i) {
        milliseconds = milliseconds * 256 + uuid->bytes[i];
    }
    return core::Time(std::chrono::milliseconds(milliseconds));
}

/// Is the file the one the store's record means?
Task<Result<bool>> is_recorded(Shared& shared, core::TenantId tenant, NameParts parts) {
    const auto record = co_await shared.store.find_document(tenant, parts.hash);
    if (!record) {
        co_return record.error();
    }
    co_return record->has_value() && key_tag((*record)->wrapped_key) == parts.key_tag;
}

/// Removes the file if nothing refers to it. Who commits the same document meanwhile is left alone.
Task<Result<bool>> remove_unrecorded(Shared& shared, core::TenantId tenant, NameParts parts,
                                     std::string path) {
    const DocumentKey key(tenant, parts.hash);
    const auto claim = shared.claims.begin_removal(key);
    if (!claim) {
        co_return false;
    }
    auto recorded = co_await is_recorded(shared, tenant, parts);
    Result<void> removed;
    if (recorded && !*recorded) {
        removed = co_await remove(shared, path);
    }
    if (!recorded) {
        co_return recorded.error();
    }
    if (!removed) {
        co_return removed.error();
    }
    co_return !*recorded;
}

Task<Result<bool>> remove_orphan(Shared& shared, ports::DocumentRecord record, core::Time before) {
    const auto vault = shared.vaults.find(record.tenant);
    const DocumentKey key(record.tenant, record.hash);
    const auto claim = shared.claims.begin_removal(key);
    if (!vault || !claim) {
        co_return false;
    }
    // Uploaded again since it was listed: somebody is about to refer to it.
    const auto now = co_await shared.store.find_document(record.tenant, record.hash);
    const bool is_stale = now && now->has_value() && (*now)->created < before;
    Result<void> done;
    if (is_stale) {
        done = co_await shared.store.forget_document(record.tenant, record.hash);
        GATEWAY_CRASH_POINT("documents.forgotten");
    }
    const bool is_forgotten = is_stale && done;
    if (is_forgotten && record.sealed.empty()) {
        const std::string name = file_name(*vault, record.hash, record.wrapped_key);
        done = co_await remove(shared, final_folder(record.tenant, name) + "/" + name);
    }
    if (!now) {
        co_return now.error();
    }
    const bool lost_race = !done && !is_forgotten &&
                           (done.error().is(Errc::conflict) || done.error().is(Errc::not_found));
    if (!done && !lost_race) {
        co_return done.error();
    }
    co_return is_forgotten;
}

}   // namespace

Task<Result<std::size_t>> remove_orphans(std::shared_ptr<Shared> shared, core::Time before) {
    std::size_t count = 0;
    for (;;) {
        const auto orphans = co_await shared->store.orphan_documents(before, orphans_per_call);
        if (!orphans) {
            co_return orphans.error();
        }
        std::size_t removed_here = 0;
        for (const auto& orphan : *orphans) {
            const auto removed = co_await remove_orphan(*shared, orphan, before);
            if (!removed) {
                co_return removed.error();
            }
            removed_here += *removed ? 1U : 0U;
        }
        count += removed_here;
        // No progress: those left are in use just now, and the next round meets them.
        if (orphans->size() < orphans_per_call || removed_here == 0) {
            co_return count;
        }
    }
}

Task<Result<std::size_t>> sweep_spools(std::shared_ptr<Shared> shared, core::Time before) {
    const auto tenants = co_await list(*shared, std::string(root_folder));
    if (!tenants) {
        co_return tenants.error();
    }
    std::size_t count = 0;
    for (const auto& tenant : *tenants) {
        const std::string folder = spool_folder(core::TenantId(tenant));
        const auto names = co_await list(*shared, folder);
        if (!names) {
            co_return names.error();
        }
        for (const auto& name : *names) {
            const std::string path = folder + "/" + name;
            if (time_of_spool(name) >= before || shared->claims.is_writing(path)) {
                continue;
            }
            const auto removed = co_await remove(*shared, path);
            if (!removed) {
                co_return removed.error();
            }
            ++count;
        }
    }
    co_return count;
}

Task<Result<std::size_t>> sweep_files(std::shared_ptr<Shared> shared) {
    const auto tenants = co_await list(*shared, std::string(root_folder));
    if (!tenants) {
        co_return tenants.error();
    }
    std::size_t count = 0;
    for (const auto& name_of_tenant : *tenants) {
        const core::TenantId tenant(name_of_tenant);
        const auto vault = shared->vaults.find(tenant);
        const auto folders = co_await list(*shared, tenant_folder(tenant));
        if (!folders) {
            co_return folders.error();
        }
        for (const auto& folder : *folders) {
            if (folder == spool_name || !vault) {
                continue;   // without the key nobody can tell what is needed
            }
            const std::string place = tenant_folder(tenant) + "/" + folder;
            const auto names = co_await list(*shared, place);
            if (!names) {
                co_return names.error();
            }
            for (const auto& name : *names) {
                auto parts = read_file_name(*vault, name);
                if (!parts) {
                    continue;   // not ours to remove; verify() tells of it
                }
                const auto removed =
                    co_await remove_unrecorded(*shared, tenant, *parts, place + "/" + name);
                if (!removed) {
                    co_return removed.error();
                }
                count += *removed ? 1U : 0U;
            }
        }
    }
    co_return count;
}

}   // namespace gateway::documents
