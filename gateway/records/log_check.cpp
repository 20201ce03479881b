#include "gateway/records/log_check.hpp"

#include "gateway/runtime/file.hpp"

#include <algorithm>
#include <filesystem>

namespace gateway::records {
namespace {

constexpr std::size_t page_entries = 1'000;
constexpr std::size_t read_bytes = 64 * 1024;

}   // namespace

std::string checkpoint_folder(const core::Configuration& configuration) {
    const auto& folder = configuration.records.checkpoint_folder;
    return folder.empty() ? configuration.data_path + "/checkpoints" : folder;
}

std::string checkpoint_file(const std::string& folder, const core::TenantId& tenant) {
    return folder + "/" + tenant.value + ".checkpoints";
}

core::Result<CheckpointReader> read_checkpoint_file(const std::string& path,
                                                    const core::TenantId& tenant,
                                                    const std::string& verification_key) {
    CheckpointReader reader(tenant, verification_key);
    const std::filesystem::path where(path);
    const auto folder = where.has_parent_path() ? where.parent_path().string() : std::string(".");
    const auto file = runtime::make_file_system(folder)->open(where.filename().string());
    if (!file && file.error().is(core::Errc::not_found)) {
        return reader;
    }
    if (!file) {
        return file.error();
    }
    std::string bytes(read_bytes, '\0');
    std::uint64_t at = 0;
    for (;;) {
        const auto count = (*file)->read_at(at, bytes);
        if (!count) {
            return count.error();
        }
        reader.add(std::string_view(bytes).substr(0, *count));
        at += *count;
        if (*count < bytes.size()) {
            break;
        }
    }
    reader.end();
    return reader;
}

sdk::Task<core::Result<LogReport>> check_log(ports::RecordStore& records, core::TenantId tenant,
                                             CheckpointReader checkpoints) {
    LogVerifier verifier(tenant, checkpoints);
    ports::LogQuery query;
    query.tenant = tenant;
    query.limit = page_entries;
    for (;;) {
        const auto page = co_await records.read_log(query);
        if (!page) {
            co_return page.error();
        }
        for (const auto& entry : *page) {
            verifier.add(entry);
            query.after = std::max(query.after, entry.number);
        }
        if (page->size() < page_entries) {
            break;
        }
    }
    co_return verifier.finish();
}

}   // namespace gateway::records
