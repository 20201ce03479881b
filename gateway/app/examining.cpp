#include "gateway/app/examining.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/doctor/network.hpp"
#include "gateway/runtime/file.hpp"

#include <sys/timex.h>

namespace gateway::app {
namespace {

using core::Result;

constexpr std::size_t resolver_threads = 8;

class ThisHouse final : public doctor::House {
public:
    explicit ThisHouse(const ExaminingParts& parts) : parts_(parts) {}

    std::string data_path() const override { return parts_.configuration.current()->data_path; }

    sdk::Task<Result<void>> try_data() override {
        auto job = [folder = data_path(), name = "examined-" + parts_.ids.uuid().to_string()] {
            return write_and_remove(folder, name);
        };
        const auto failure = co_await parts_.blocking.run(std::move(job));
        if (failure) {
            co_return *failure;
        }
        co_return Result<void>();
    }

    sdk::Task<Result<Disk>> disk() override {
        const auto config = parts_.configuration.current();
        auto job = [folder = config->data_path] {
            return runtime::make_file_system(folder)->free_bytes();
        };
        const auto free = co_await parts_.blocking.run(std::move(job));
        if (!free) {
            co_return free.error();
        }
        Disk disk;
        disk.free = *free;
        disk.least = config->limits.free_disk_min;
        co_return disk;
    }

    sdk::Task<Result<doctor::KernelClock>> kernel_clock() override {
        timex look{};
        const int state = ::adjtimex(&look);
        if (state < 0) {
            co_return doctor::KernelClock::unknown;   // some containers may not ask
        }
        const bool runs_free = state == TIME_ERROR || (look.status & STA_UNSYNC) != 0;
        co_return runs_free ? doctor::KernelClock::free_running : doctor::KernelClock::synchronised;
    }

    sdk::Task<Result<std::vector<core::TenantId>>> unreadable_keys() override {
        auto job = [config = parts_.configuration.current()] {
            std::vector<core::TenantId> unreadable;
            for (const auto& [id, tenant] : config->tenants) {
                const auto text = resolve_secret(tenant.sealing_key, Secrecy::secret);
                if (!text || !crypto::read_tenant_key(*text)) {
                    unreadable.push_back(id);
                }
            }
            return unreadable;
        };
        co_return co_await parts_.blocking.run(std::move(job));
    }

    sdk::Task<Result<std::optional<bool>>> scanner() override {
        if (parts_.scanner.is_off()) {
            co_return std::optional<bool>();
        }
        const auto scan = parts_.scanner.begin();
        const auto verdict = co_await scan->finish();
        co_return std::optional<bool>(verdict.scanned != ports::Scanned::down);
    }

private:
    static std::optional<core::Failure> write_and_remove(const std::string& folder,
                                                         const std::string& name) {
        const auto files = runtime::make_file_system(folder);
        auto file = files->create(name);
        if (!file) {
            return file.error();
        }
        auto written = (*file)->append("sluse");
        if (written) {
            written = (*file)->sync();
        }
        const auto removed = files->remove(name);
        if (!written || !removed) {
            return written ? removed.error() : written.error();
        }
        return std::nullopt;
    }

    ExaminingParts parts_;
};

}   // namespace

Examining::Examining(const ExaminingParts& parts)
    : resolving_(runtime::make_thread_executor(resolver_threads, "sluse-resolver")),
      network_(doctor::make_network(parts.clock, *resolving_, parts.blocking)),
      house_(std::make_unique<ThisHouse>(parts)),
      doctor_({parts.configuration, parts.connections, *network_, *house_, parts.clock,
               parts.executor}) {}

Examining::~Examining() = default;

sdk::Task<void> Examining::stop() {
    co_await doctor_.stop();
}

}   // namespace gateway::app
