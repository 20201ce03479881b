// The access log on the embedded store, on this folder's disk: entries written durably a second by
// many callers at once, then the whole of it verified, offline and through the store.
//
//     bench_log [entries] [callers]    without sizes 100000 entries by 64 callers

#include "bench/store_bench.hpp"
#include "gateway/records/log_check.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using namespace gateway;
using bench::must;

const core::TenantId tenant("310001007");
constexpr std::size_t persons = 1'000;
constexpr std::size_t entries_of_call = 10;   // of a batch read; a single one has one

struct Bench : bench::StoreBench {
    std::vector<core::Uuid> handles;
    std::optional<records::LogReport> report;
};

ports::NewLogEntry entry_of(const Bench& bench, std::size_t number) {
    ports::NewLogEntry entry;
    entry.at = bench.clock->now();
    entry.system = core::SystemId("system-" + std::to_string(number % 10));
    entry.purpose = core::PurposeId("barnehageopptak");
    entry.dataset = "person";
    entry.fields = {"names", "birthDate", "addresses.residence"};
    entry.subject = bench.handles[number % persons];
    entry.freshness = "fresh";
    entry.sealed_detail = std::string(80, 'x');
    return entry;
}

sdk::Task<void> read_persons(Bench& bench, std::size_t from, std::size_t until, std::size_t step) {
    for (auto at = from; at < until; at += step) {
        std::vector<ports::NewLogEntry> entries;
        for (auto number = at; number < std::min(at + step, until); ++number) {
            entries.push_back(entry_of(bench, number));
        }
        must(co_await bench.store->records().write_log(tenant, std::move(entries)));
    }
}

sdk::Task<void> verify(Bench& bench) {
    bench.report = must(co_await records::check_log(
        bench.store->records(), tenant, records::CheckpointReader(tenant, std::string())));
}

template <class F>
double seconds_of(F work) {
    const auto began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double resident_mib() {
    std::ifstream file("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    file >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

double write_all(Bench& bench, std::size_t from, std::size_t until, std::size_t callers,
                 std::size_t step) {
    const auto count = until - from;
    for (std::size_t i = 0; i < callers; ++i) {
        bench.add(read_persons(bench, from + count * i / callers, from + count * (i + 1) / callers,
                               step));
    }
    return bench.run();
}

int measure(std::size_t entries, std::size_t callers) {
    Bench bench;
    for (std::size_t i = 0; i < persons; ++i) {
        bench.handles.push_back(bench.ids->next<core::MessageId>().uuid);
    }
    const auto single = entries / 4;
    const double alone = write_all(bench, 0, single, callers, 1);
    const double in_batches = write_all(bench, single, entries, callers, entries_of_call);
    const auto before = resident_mib();
    bench.add(verify(bench));
    const double online = bench.run();
    const auto grown = resident_mib() - before;
    bench.store.reset();
    records::LogVerifier verifier(tenant);
    const double offline = seconds_of([&] {
        const auto done =
            store::read_access_log(bench.path(), tenant, [&verifier](const ports::LogEntry& entry) {
                verifier.add(entry);
            });
        if (done.has_error()) {
            throw std::runtime_error(done.error().to_string());
        }
    });
    const auto report = verifier.finish();
    std::printf("access log: one a call        %10.0f entries/s (%zu callers at once)\n",
                static_cast<double>(single) / alone, callers);
    std::printf("access log: %zu a call         %10.0f entries/s\n", entries_of_call,
                static_cast<double>(entries - single) / in_batches);
    std::printf("access log: verified online   %10.2f s for %zu entries, %.1f MiB more resident\n",
                online, entries, grown);
    std::printf("access log: verified offline  %10.2f s for %zu entries\n", offline, entries);
    const bool whole = report.sound() && report.entries == entries && bench.report &&
                       bench.report->sound() && bench.report->entries == entries;
    return whole ? 0 : 1;
}

}   // namespace

int main(int argc, char** argv) {
    const auto number = [&](int at, std::size_t otherwise) {
        return argc > at ? static_cast<std::size_t>(std::strtoull(argv[at], nullptr, 10))
                         : otherwise;
    };
    try {
        return measure(number(1, 100'000), number(2, 64));
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 1;
    }
}
