#include "gateway/crypto/chunks.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/documents/names.hpp"
#include "gateway/documents/shared.hpp"

namespace gateway::documents {
namespace {

using core::Result;
using sdk::Task;
using Faults = std::vector<std::string>;

// A disk gone bad has a fault a file: so many are enough to know.
constexpr std::size_t faults_max = 1000;
constexpr std::size_t records_per_call = 100;   // with the bytes of small ones

void tell(Faults& faults, const std::string& path, const std::string& what) {
    if (faults.size() < faults_max) {
        faults.push_back(path + ": " + what);
    }
}

Task<Result<std::vector<std::string>>> names_in(Shared& shared, std::string folder) {
    auto job = [&shared, folder] { return shared.files.list(folder); };
    auto names = co_await shared.executor.run(std::move(job));
    if (!names && names.error().is(core::Errc::not_found)) {
        co_return std::vector<std::string>();
    }
    co_return names;
}

/// Reads it whole, as a caller would; says what does not fit its record.
Task<std::string> fault_of(std::shared_ptr<Shared> shared,
                           std::shared_ptr<const crypto::Vault> vault,
                           ports::DocumentRecord record) {
    auto reader = co_await open_reader(shared, vault, record);
    if (!reader) {
        co_return reader.error().to_string();
    }
    crypto::DigestStream digest;
    std::string block(4 * crypto::chunk_plain_bytes, '\0');
    std::uint64_t at = 0;
    for (;;) {
        const auto count = co_await (*reader)->read_at(at, block);
        if (!count) {
            co_return count.error().to_string();
        }
        if (*count == 0) {
            break;
        }
        at += *count;
        digest.update({block.data(), *count});
    }
    if (digest.sha256() != record.hash) {
        co_return "its bytes have another SHA-256 than its record";
    }
    if (digest.md5_hex() != record.md5_hex) {
        co_return "its bytes have another MD5 than its record";
    }
    co_return std::string();
}

Task<Result<void>> verify_file(std::shared_ptr<Shared> shared, core::TenantId tenant,
                               std::string place, std::string name, Faults& faults) {
    const auto vault = shared->vaults.find(tenant);
    if (!vault) {
        tell(faults, place, "no key for this tenant");
        co_return Result<void>();
    }
    const auto parts = read_file_name(*vault, name);
    if (!parts || place != final_folder(tenant, name)) {
        tell(faults, place + "/" + name, "not a document of this tenant's key");
        co_return Result<void>();
    }
    const auto record = co_await shared->store.find_document(tenant, parts->hash);
    if (!record) {
        co_return record.error();
    }
    // A crash may leave a file without a record; it is nobody's and collect() removes it.
    if (!record->has_value() || key_tag((*record)->wrapped_key) != parts->key_tag) {
        co_return Result<void>();
    }
    const std::string fault = co_await fault_of(shared, vault, **record);
    if (!fault.empty()) {
        tell(faults, place + "/" + name, fault);
    }
    co_return Result<void>();
}

/// A document that the store knows and the disk does not have; the bytes of one that lies in the
/// store.
Task<Result<void>> verify_record(std::shared_ptr<Shared> shared, ports::DocumentRecord record,
                                 Faults& faults) {
    const auto vault = shared->vaults.find(record.tenant);
    if (!vault) {
        co_return Result<void>();   // told of its folder
    }
    const std::string name = file_name(*vault, record.hash, record.wrapped_key);
    if (!record.sealed.empty()) {
        const std::string fault = co_await fault_of(shared, vault, record);
        if (!fault.empty()) {
            tell(faults, "in the store, " + name, fault);
        }
        co_return Result<void>();
    }
    const std::string path = final_folder(record.tenant, name) + "/" + name;
    auto job = [shared, path] { return shared->files.exists(path); };
    const auto there = co_await shared->executor.run(std::move(job));
    if (!there) {
        co_return there.error();
    }
    if (*there) {
        co_return Result<void>();
    }
    // Forgotten since it was listed: its record goes before its file.
    const auto again = co_await shared->store.find_document(record.tenant, record.hash);
    if (!again) {
        co_return again.error();
    }
    if (again->has_value() && (*again)->wrapped_key == record.wrapped_key) {
        tell(faults, path, "lost: the store knows it and its file is not there");
    }
    co_return Result<void>();
}

Task<Result<void>> verify_records(std::shared_ptr<Shared> shared, Faults& faults) {
    core::TenantId tenant;
    core::Sha256 hash;
    for (;;) {
        const auto records = co_await shared->store.documents_after(tenant, hash, records_per_call);
        if (!records) {
            co_return records.error();
        }
        for (const auto& record : *records) {
            const auto checked = co_await verify_record(shared, record, faults);
            if (!checked) {
                co_return checked.error();
            }
        }
        if (records->size() < records_per_call) {
            co_return Result<void>();
        }
        tenant = records->back().tenant;
        hash = records->back().hash;
    }
}

}   // namespace

Task<Result<Faults>> verify_all(std::shared_ptr<Shared> shared) {
    Faults faults;
    const auto tenants = co_await names_in(*shared, std::string(root_folder));
    if (!tenants) {
        co_return tenants.error();
    }
    for (const auto& name_of_tenant : *tenants) {
        const core::TenantId tenant(name_of_tenant);
        const auto folders = co_await names_in(*shared, tenant_folder(tenant));
        if (!folders) {
            co_return folders.error();
        }
        for (const auto& folder : *folders) {
            if (folder == spool_name) {
                continue;
            }
            const std::string place = tenant_folder(tenant) + "/" + folder;
            const auto names = co_await names_in(*shared, place);
            if (!names) {
                co_return names.error();
            }
            for (const auto& name : *names) {
                const auto checked = co_await verify_file(shared, tenant, place, name, faults);
                if (!checked) {
                    co_return checked.error();
                }
            }
        }
    }
    const auto checked = co_await verify_records(shared, faults);
    if (!checked) {
        co_return checked.error();
    }
    co_return faults;
}

}   // namespace gateway::documents
