#pragma once

// Everything a document store stands on, on one io_context: simulated disk, store in memory, two
// tenants.

#include "gateway/documents/documents.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulated_file_system.hpp"

#include <catch2/catch.hpp>

namespace tests {

inline std::string pattern(std::size_t size, unsigned step = 1) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<char>((i * 31 + i / 251 * step) & 255U);
    }
    return bytes;
}

class World {
public:
    using Writer = std::unique_ptr<gateway::ports::DocumentWriter>;
    using Stored = gateway::core::Result<gateway::ports::StoredDocument>;

    const gateway::core::TenantId oslo{"958935420"};
    const gateway::core::TenantId voss{"960510542"};
    const gateway::core::SystemId system{"case-system"};
    boost::asio::io_context io;
    ManualClock clock;
    LoopExecutor executor{io};
    SimulatedFileSystem disk;
    gateway::crypto::Vaults vaults;
    std::unique_ptr<gateway::sdk::Ids> ids = gateway::runtime::make_seeded_ids(clock, 42);
    std::unique_ptr<gateway::ports::Store> store = gateway::store::make_memory_store();
    std::unique_ptr<gateway::ports::Documents> documents;
    std::uint64_t small_bytes_max = 0;   // all of them have a file
    int fatal = 0;                       // how often the disk was told to have failed

    World() {
        add_tenant(oslo, 1);
        add_tenant(voss, 2);
        restart();
    }

    ~World() {
        documents.reset();
        io.restart();
        io.run();   // jobs that remove spools
    }

    void add_tenant(const gateway::core::TenantId& tenant, std::uint8_t fill) {
        std::array<std::uint8_t, 32> bytes{};
        bytes.fill(fill);
        vaults.put(tenant, std::make_shared<const gateway::crypto::Vault>(
                               gateway::crypto::SecretKey(bytes)));
    }

    void restart() {
        gateway::documents::DocumentOptions options;
        options.free_bytes_min = 1000;
        options.small_bytes_max = small_bytes_max;
        options.on_fatal = [this](const gateway::core::Failure&) { ++fatal; };
        documents = gateway::documents::make_documents(*store, vaults, disk, executor, clock, *ids,
                                                       options);
    }

    void settle() {
        io.restart();
        io.run();
    }

    Writer writer(const gateway::core::TenantId& tenant, std::uint64_t bytes_max = 1ULL << 40U) {
        auto made = run(io, documents->create(tenant, system, bytes_max));
        REQUIRE(made.has_value());
        return std::move(*made);
    }

    gateway::core::Result<void> append(Writer& to, std::string_view bytes) {
        return run(io, to->append(bytes));
    }

    /// In pieces of odd size, then committed; the writer is gone and its jobs have run.
    Stored upload(const gateway::core::TenantId& tenant, std::string_view bytes,
                  std::size_t piece = 100'003) {
        auto to = writer(tenant);
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            const auto appended = append(to, bytes.substr(at, piece));
            if (!appended) {
                to.reset();
                settle();
                return appended.error();
            }
        }
        auto stored = run(io, to->commit());
        to.reset();
        settle();
        return stored;
    }

    gateway::core::Result<std::string> download(const gateway::core::TenantId& tenant,
                                                const gateway::core::Sha256& hash,
                                                std::uint64_t offset = 0,
                                                std::uint64_t length = ~0ULL) {
        auto reader = run(io, documents->open(tenant, hash));
        if (!reader) {
            return reader.error();
        }
        const auto source = gateway::ports::make_source(std::move(*reader), offset, length);
        return run(io, gateway::sdk::read_all(*source, 1U << 30U));
    }

    std::size_t collect() {
        const auto count = run(io, documents->collect(clock.now()));
        REQUIRE(count.has_value());
        return *count;
    }

    std::vector<std::string> verify() {
        const auto faults = run(io, documents->verify());
        REQUIRE(faults.has_value());
        return *faults;
    }

    void refer_to(const gateway::core::TenantId& tenant, const gateway::core::Sha256& hash) {
        gateway::ports::AcceptCommand command;
        command.tenant = tenant;
        command.system = system;
        command.message = gateway::core::MessageId(ids->uuid());
        command.type = "letter/v1";
        command.at = clock.now();
        command.delivery.id = gateway::core::DeliveryId(ids->uuid());
        command.documents.push_back(hash);
        const auto accepted = run(io, store->accept(std::move(command)));
        REQUIRE(accepted.has_value());
        REQUIRE(accepted->result == gateway::ports::Accepted::accepted);
    }
};

}   // namespace tests
