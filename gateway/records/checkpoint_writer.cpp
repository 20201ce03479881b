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

constexpr std::size_t losses_max = 16;   // of one file, the newest
// More than a month of hours: what a system's log that was away longer did not get, the file has.
constexpr std::size_t unsent_max = 1'000;

/// How far the log had come whenever it was set back, and at last. One that was set back and has
/// grown since is known by the file alone.
std::vector<ports::LogHead> peaks_of(const std::vector<Checkpoint>& all) {
    std::vector<ports::LogHead> peaks;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i + 1 == all.size() || all[i + 1].head.number <= all[i].head.number) {
            peaks.push_back(all[i].head);
        }
    }
    if (peaks.size() > losses_max) {
        peaks.erase(peaks.begin(), peaks.end() - losses_max);
    }
    return peaks;
}

}   // namespace

void CheckpointWriter::complain(const core::TenantId& tenant, const core::Failure& failure) {
    well_ = false;
    parts_.log.write(sdk::Severity::error, "checkpoint_not_written",
                     {{"tenant", tenant.value}, {"why", failure.to_string()}});
    parts_.metrics.count("sluse_checkpoints_failed_total", {{"tenant", tenant.value}});
}

sdk::Task<core::Result<std::vector<ports::LogHead>>>
CheckpointWriter::missing(core::TenantId tenant, std::vector<ports::LogHead> heads) {
    std::vector<ports::LogHead> lost;
    for (const auto& head : heads) {
        ports::LogQuery query;
        query.tenant = tenant;
        query.after = head.number - 1;
        query.limit = 1;
        const auto found = co_await parts_.records.read_log(std::move(query));
        if (!found) {
            co_return found.error();
        }
        if (found->empty() || found->front().number != head.number ||
            found->front().hash != head.hash) {
            lost.push_back(head);
        }
    }
    co_return lost;
}

/// A backup of the log may have been put back, or somebody has settled it and put the file aside.
sdk::Task<core::Result<void>> CheckpointWriter::look_again(core::TenantId tenant) {
    auto& place = places_[tenant];
    if (place.lost.empty()) {
        co_return core::Result<void>();
    }
    auto work = [file = place.file] {
        std::error_code error;
        return core::Result<bool>(std::filesystem::exists(file, error) || error);
    };
    const auto there = co_await parts_.blocking.run(std::move(work));
    if (!there) {
        co_return there.error();
    }
    if (!*there) {
        auto unsent = std::move(place.unsent);
        place = Place();
        place.unsent = std::move(unsent);
        co_return core::Result<void>();
    }
    auto lost = co_await missing(tenant, place.lost);
    if (!lost) {
        co_return lost.error();
    }
    place.lost = std::move(*lost);
    co_return core::Result<void>();
}

/// Reads what the file has, when it is met for the first time.
sdk::Task<core::Result<void>> CheckpointWriter::open(core::TenantId tenant, std::string key,
                                                     std::string folder) {
    auto& place = places_[tenant];
    const auto file = checkpoint_file(folder, tenant);
    if (place.file == file && !place.before.empty()) {
        co_return core::Result<void>();
    }
    Place next;
    next.file = file;
    next.unsent = place.unsent;
    auto work = [file, tenant, key] { return read_checkpoint_file(file, tenant, key); };
    const auto reader = co_await parts_.blocking.run(std::move(work));
    if (!reader) {
        co_return reader.error();
    }
    next.before = reader->last_hash();
    if (!reader->checkpoints().empty()) {
        next.newest = reader->checkpoints().back().head;
        auto lost = co_await missing(tenant, peaks_of(reader->checkpoints()));
        if (!lost) {
            co_return lost.error();
        }
        next.lost = std::move(*lost);
    }
    if (!next.lost.empty() && next.lost != place.lost) {
        const auto entry = std::to_string(next.lost.back().number);
        parts_.log.write(sdk::Severity::error, "access_log_rolled_back",
                         {{"tenant", tenant.value}, {"entry", entry}});
        parts_.metrics.count("sluse_access_log_rolled_back_total", {{"tenant", tenant.value}});
    }
    place = next;
    co_return core::Result<void>();
}

sdk::Task<void> CheckpointWriter::write(core::TenantId tenant,
                                        std::shared_ptr<const crypto::Vault> vault,
                                        std::string folder, bool to_syslog) {
    const auto looked = co_await look_again(tenant);
    if (!looked) {
        complain(tenant, looked.error());
    }
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
    auto work = [line, folder, file = place.file] { return append(folder, file, line); };
    const auto done = co_await parts_.blocking.run(std::move(work));
    if (!done) {
        place.before.clear();   // whether the file has the line is seen at the next call
        complain(tenant, done.error());
        co_return;
    }
    place.newest = *head;
    place.before = line_hash(line);
    parts_.metrics.count("sluse_checkpoints_written_total", {{"tenant", tenant.value}});
    if (to_syslog) {
        place.unsent.push_back(line);
    }
    if (place.unsent.size() > unsent_max) {
        place.unsent.pop_front();
    }
}

sdk::Task<void> CheckpointWriter::send_to_syslog(core::TenantId tenant) {
    auto& unsent = places_[tenant].unsent;
    while (!unsent.empty()) {
        auto work = [line = unsent.front(), socket = parts_.syslog_socket] {
            return runtime::write_syslog(socket, line);
        };
        const auto sent = co_await parts_.blocking.run(std::move(work));
        if (!sent) {
            complain(tenant, sent.error());
            co_return;
        }
        unsent.pop_front();
    }
}

std::vector<LogLoss> CheckpointWriter::lost() const {
    std::vector<LogLoss> losses;
    for (const auto& [tenant, place] : places_) {
        for (const auto& head : place.lost) {
            LogLoss loss;
            loss.tenant = tenant;
            loss.head = head;
            losses.push_back(std::move(loss));
        }
    }
    return losses;
}

sdk::Task<void> CheckpointWriter::write_all() {
    well_ = true;
    const auto config = parts_.configuration.current();
    const auto folder = checkpoint_folder(*config);
    for (const auto& [tenant, settings] : config->tenants) {
        auto vault = parts_.vaults.find(tenant);
        if (vault) {
            co_await write(tenant, std::move(vault), folder, config->records.checkpoint_syslog);
            if (config->records.checkpoint_syslog) {
                co_await send_to_syslog(tenant);
            }
        }
    }
}

}   // namespace gateway::records
