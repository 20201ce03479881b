// The inbox on the embedded store, on this folder's disk: items stored, claimed and acknowledged a
// second, by as many systems at once as are named.
//
//     bench_inbox [items] [systems]    without sizes 2000 items for 8 systems

#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

using namespace gateway;
namespace fs = std::filesystem;

const core::TenantId tenant("310001007");

struct Bench {
    boost::asio::io_context io;
    std::unique_ptr<sdk::Clock> clock = runtime::make_system_clock();
    std::unique_ptr<sdk::Ids> ids = runtime::make_system_ids(*clock);
    std::unique_ptr<runtime::Executor> writer = runtime::make_thread_executor(1, "bench-writer");
    std::unique_ptr<runtime::Executor> flusher = runtime::make_thread_executor(1, "bench-flusher");
    std::unique_ptr<runtime::Executor> readers = runtime::make_thread_executor(2, "bench-reader");
    std::unique_ptr<ports::Store> store;
    std::size_t settled = 0;
};

template <class T>
T must(core::Result<T> result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().to_string());
    }
    return std::move(*result);
}

core::SystemId system_of(std::size_t number) {
    return core::SystemId("system-" + std::to_string(number));
}

sdk::Task<void> fill(Bench& bench, std::size_t from, std::size_t until, std::size_t systems) {
    for (auto i = from; i < until; ++i) {
        ports::InboundCommand command;
        command.tenant = tenant;
        command.id = bench.ids->next<core::InboxId>();
        command.connection = core::ConnectionId("bench");
        command.dedupe_key = std::to_string(i);
        command.type = "form/v1";
        command.at = bench.clock->now();
        command.sealed_content = std::string(2'000, 'x');
        command.wrapped_key = std::string(60, 'k');
        command.copies = {system_of(i % systems)};
        command.event_ids = {bench.ids->next<core::EventId>()};
        must(co_await bench.store->store_inbound(std::move(command)));
    }
}

/// As the API does it: look, lease 20, acknowledge each.
sdk::Task<void> work(Bench& bench, core::SystemId system) {
    for (;;) {
        ports::InboxLease lease;
        lease.tenant = tenant;
        lease.system = system;
        lease.types = {"form"};
        lease.now = bench.clock->now();
        lease.until = lease.now + std::chrono::minutes(5);
        lease.event_ids.resize(lease.limit);
        if (!must(co_await bench.store->has_inbox(lease))) {
            co_return;
        }
        const auto batch = must(co_await bench.store->lease_inbox(lease));
        for (const auto& item : batch.items) {
            ports::InboxSettle command;
            command.tenant = tenant;
            command.system = system;
            command.id = item.id;
            command.lease = item.lease;
            command.at = bench.clock->now();
            command.event_id = bench.ids->next<core::EventId>();
            const auto settled = co_await bench.store->settle_inbox(std::move(command));
            if (settled.has_error()) {
                throw std::runtime_error(settled.error().to_string());
            }
            ++bench.settled;
        }
    }
}

double seconds_of(Bench& bench) {
    const auto began = std::chrono::steady_clock::now();
    bench.io.restart();
    bench.io.run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void rethrow(const std::exception_ptr& fault) {
    if (fault) {
        std::rethrow_exception(fault);
    }
}

int measure(std::size_t items, std::size_t systems) {
    std::string folder = (fs::current_path() / "bench-inbox-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("no folder to work in");
    }
    Bench bench;
    store::SqliteOptions options;
    options.path = folder + "/sluse.db";
    options.on_fatal = [](const core::Failure& failure) {
        std::fprintf(stderr, "%s\n", failure.to_string().c_str());
        std::abort();
    };
    bench.store = must(store::make_sqlite_store(options, *bench.writer, *bench.flusher,
                                                *bench.readers, *bench.clock));
    for (std::size_t i = 0; i < systems; ++i) {
        boost::asio::co_spawn(bench.io,
                              fill(bench, items * i / systems, items * (i + 1) / systems, systems),
                              rethrow);
    }
    const double filling = seconds_of(bench);
    for (std::size_t i = 0; i < systems; ++i) {
        boost::asio::co_spawn(bench.io, work(bench, system_of(i)), rethrow);
    }
    const double working = seconds_of(bench);
    bench.store.reset();
    fs::remove_all(folder);
    std::printf("inbox: stored                 %10.0f items/s (%zu items, %zu at once)\n",
                static_cast<double>(items) / filling, items, systems);
    std::printf("inbox: claimed and settled    %10.0f items/s (%zu systems at once)\n",
                static_cast<double>(bench.settled) / working, systems);
    return bench.settled == items ? 0 : 1;
}

}   // namespace

int main(int argc, char** argv) {
    try {
        const auto number = [&](int at, std::size_t otherwise) {
            return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
        };
        return measure(number(1, 2'000), number(2, 8));
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "bench_inbox: %s\n", fault.what());
        return 1;
    }
}
