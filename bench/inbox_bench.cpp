// The inbox on the embedded store, on this folder's disk: items stored, claimed and acknowledged a
// second, by as many systems at once as are named.
//
//     bench_inbox [items] [systems]    without sizes 2000 items for 8 systems

#include "bench/store_bench.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

using namespace gateway;
using bench::must;

const core::TenantId tenant("310001007");

struct Bench : bench::StoreBench {
    std::size_t settled = 0;
};

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

int measure(std::size_t items, std::size_t systems) {
    Bench bench;
    for (std::size_t i = 0; i < systems; ++i) {
        bench.add(fill(bench, items * i / systems, items * (i + 1) / systems, systems));
    }
    const double filling = bench.run();
    for (std::size_t i = 0; i < systems; ++i) {
        bench.add(work(bench, system_of(i)));
    }
    const double working = bench.run();
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
