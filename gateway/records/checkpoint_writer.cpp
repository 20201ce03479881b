#include "gateway/records/checkpoint_writer.hpp"

#include "gateway/records/log_chain.hpp"
#include "gateway/records/log_check.hpp"
#include "gateway/runtime/append.hpp"

#include <filesystem>

namespace gateway::records {
namespace {

core::Result<void> append(const std::string& folder, const std::string& file,
                          const std::string& line) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return core::Failure(core::Errc::storage_failed, folder + ": " + error.message());
    }
    return runtime::append_line(file, line);
}

}   // namespace

void CheckpointWriter::complain(const core::TenantId& tenant, const core::Failure& failure) {
    well_ = false;
    parts_.log.write(sdk::Severity::error, "checkpoint_not_written",
                     {{"tenant", tenant.value}, {"why", failure.to_string()}});
    parts_.metrics.count("sluse_checkpoints_failed_total", {{"tenant", tenant.value}});
}

/// Whether the log still holds what the newest checkpoint of the file says.
sdk::Task<core::Result<void>> CheckpointWriter::look_for(core::TenantId tenant,
                                                         ports::LogHead newest) {
    ports::LogQuery query;
    query.tenant = tenant;
    query.after = newest.number - 1;
    query.limit = 1;
    const auto found = co_await parts_.records.read_log(query);
    if (!found) {
        co_return found.error();
    }
    if (found->empty() || found->front().number != newest.number ||
        found->front().hash != newest.hash) {
        parts_.log.write(sdk::Severity::error, "access_log_rolled_back",
                         {{"tenant", tenant.value}, {"entry", std::to_string(newest.number)}});
        parts_.metrics.count("sluse_access_log_rolled_back_total", {{"tenant", tenant.value}});
    }
    co_return core::Result<void>();
}

/// Reads what the file has, when it is met for the first time.
sdk::Task<core::Result<void>> CheckpointWriter::open(core::TenantId tenant, std::string key,
                                                     std::string folder) {
    auto& place = places_[tenant];
    std::string file;
    if (!folder.empty()) {
        file = checkpoint_file(folder, tenant);
    }
    if (place.file == file && !place.before.empty()) {
        co_return core::Result<void>();
    }
    Place next;
    next.file = file;
    next.before = first_hash();
    if (!file.empty()) {
        auto work = [file, tenant, key] { return read_checkpoint_file(file, tenant, key); };
        const auto reader = co_await parts_.blocking.run(std::move(work));
        if (!reader) {
            co_return reader.error();
        }
        next.before = reader->last_hash();
        if (!reader->checkpoints().empty()) {
            next.newest = reader->checkpoints().back().head;
            const auto looked = co_await look_for(tenant, next.newest);
            if (!looked) {
                co_return looked.error();
            }
        }
    }
    place = next;
    co_return core::Result<void>();
}

sdk::Task<void> CheckpointWriter::write(core::TenantId tenant,
                                        std::shared_ptr<const crypto::Vault> vault,
                                        std::string folder, bool to_syslog) {
    const auto opened = co_await open(tenant, vault->verification_key(), folder);
    if (!opened) {
        complain(tenant, opened.error());
        co_return;
    }
    const auto head = co_await parts_.records.log_head(tenant);
    if (!head) {
        complain(tenant, head.error());
        co_return;
    }
    auto& place = places_[tenant];
    if (head->number == 0 || *head == place.newest) {
        co_return;
    }
    Checkpoint checkpoint;
    checkpoint.tenant = tenant;
    checkpoint.head = *head;
    checkpoint.at = parts_.clock.now();
    checkpoint.before = place.before;
    const auto line = write_checkpoint(checkpoint, *vault);
    auto work = [line, folder, file = place.file, to_syslog, socket = parts_.syslog_socket] {
        core::Result<void> done;
        if (!file.empty()) {
            done = append(folder, file, line);
        }
        if (done && to_syslog) {
            done = runtime::write_syslog(socket, line);
        }
        return done;
    };
    const auto done = co_await parts_.blocking.run(std::move(work));
    if (!done) {
        place.before.clear();   // whether the file has the line is seen at the next call
        complain(tenant, done.error());
        co_return;
    }
    place.newest = *head;
    place.before = line_hash(line);
    parts_.metrics.count("sluse_checkpoints_written_total", {{"tenant", tenant.value}});
}

sdk::Task<void> CheckpointWriter::write_all() {
    well_ = true;
    const auto config = parts_.configuration.current();
    const auto folder = checkpoint_folder(*config);
    for (const auto& [tenant, settings] : config->tenants) {
        auto vault = parts_.vaults.find(tenant);
        if (vault) {
            co_await write(tenant, std::move(vault), folder, config->records.checkpoint_syslog);
        }
    }
}

}   // namespace gateway::records
