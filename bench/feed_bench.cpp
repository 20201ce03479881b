// A register's changes caught up on the embedded store, on this folder's disk: a month of them, of
// which one in ten is about somebody who is held.
//
//     bench_feed [changes]    without a size 20000 changes

#include "bench/store_bench.hpp"
#include "gateway/records/feed_changes.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/metrics.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace gateway;
using bench::must;

const core::TenantId tenant("310001007");
const core::ConnectionId connection("enhetsregisteret");
constexpr std::size_t page_size = 1'000;
constexpr std::size_t held_one_in = 10;

/// Nobody is asked: pages are handed over as they were read.
class Nobody final : public ports::Connections,
                     public ports::Feeds,
                     public ports::ConfigurationSource,
                     public sdk::Registers {
public:
    std::shared_ptr<ports::Connection> find(const core::ConnectionId&) const override {
        return nullptr;
    }
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return {}; }
    sdk::Registers& registers() override { return *this; }
    std::vector<ports::FeedPlace> feeds() const override { return {}; }
    std::vector<std::string> datasets(const core::ConnectionId&) const override { return {}; }
    sdk::Task<sdk::ChangePage> changes(ports::FeedPlace, std::string, sdk::Deadline) override {
        co_return sdk::ChangePage();
    }
    sdk::Task<sdk::LoadAnswer> load(ports::FeedPlace, sdk::RegisterIntake&) override {
        co_return sdk::LoadAnswer();
    }
    void say(const ports::FeedPlace&, std::optional<ports::FeedTrouble>) override {}
    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery, sdk::Deadline) override {
        co_return sdk::RegisterAnswer();
    }
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }

    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
};

struct Bench : bench::StoreBench {
    std::unique_ptr<sdk::Log> log = runtime::make_json_log(*clock, sdk::Severity::error);
    runtime::MetricsRegistry metrics;
    crypto::Vaults vaults;
    records::Touches touches;
    Nobody nobody;
    std::vector<std::string> numbers;
    std::size_t told = 0;
};

/// Valid organisation numbers, as many as are wanted.
std::vector<std::string> organisations(std::size_t count) {
    std::vector<std::string> all;
    for (int number = 31'000'000; all.size() < count; ++number) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            const auto text = std::to_string(number) + digit;
            if (core::is_organisation_number(text)) {
                all.push_back(text);
                break;
            }
        }
    }
    all.resize(count);
    return all;
}

void configure(Bench& bench) {
    core::PurposeConfig purpose;
    purpose.id = core::PurposeId("tilsyn");
    purpose.datasets["organisation"] = {"name", "status"};
    purpose.events = {"organisation.changed"};
    core::SystemConfig system;
    system.id = core::SystemId("tilsyn");
    system.grants = {"read:organisation:tilsyn"};
    core::TenantConfig config;
    config.id = tenant;
    config.purposes.emplace(purpose.id, purpose);
    config.systems.emplace(system.id, system);
    bench.nobody.configuration->tenants.emplace(tenant, config);
    std::array<std::uint8_t, 32> key{};
    bench.ids->random(key);
    bench.vaults.put(tenant, std::make_shared<const crypto::Vault>(crypto::SecretKey(key)));
}

sdk::Task<void> hold(Bench& bench) {
    constexpr auto kind = core::RecordKeyKind::organisation;
    const auto vault = bench.vaults.find(tenant);
    for (std::size_t i = 0; i < bench.numbers.size(); i += held_one_in) {
        std::vector<ports::Subject> wanted{
            records::new_subject(*vault, *bench.ids, kind, bench.numbers[i], bench.clock->now())};
        const auto made = must(co_await bench.store->records().subjects(tenant, std::move(wanted)));
        ports::RecordWrite write;
        write.row.subject = made.front().handle;
        write.row.dataset = "organisation";
        write.row.purposes = R"(["tilsyn"])";
        write.row.valid_until = bench.clock->now() + std::chrono::hours(24);
        write.row.sealed_value = std::string(400, 'x');
        write.row.wrapped_key = std::string(60, 'k');
        std::vector<ports::RecordWrite> writes{write};
        std::vector<ports::NewLogEntry> nothing;
        must(co_await bench.store->records().keep(tenant, std::move(writes), std::move(nothing)));
    }
}

sdk::Task<void> catch_up(Bench& bench) {
    const records::FollowerParts parts{
        bench.store->records(), bench.nobody, bench.nobody, bench.nobody,  bench.vaults,
        *bench.clock,           *bench.ids,   *bench.log,   bench.metrics, bench.touches};
    const ports::FeedPlace place(connection, tenant);
    for (std::size_t first = 0; first < bench.numbers.size(); first += page_size) {
        std::vector<sdk::Change> page;
        const auto last = std::min(bench.numbers.size(), first + page_size);
        for (std::size_t i = first; i < last; ++i) {
            sdk::Change change;
            change.id = "update-" + std::to_string(i);
            change.dataset = "organisation";
            change.key = bench.numbers[i];
            change.events = {"organisation.changed"};
            change.at = bench.clock->now();
            page.push_back(std::move(change));
        }
        const auto cursor = must(co_await bench.store->records().feed_cursor(connection, tenant));
        records::FeedChanges one(parts, place, bench.nobody.configuration,
                                 bench.vaults.find(tenant), cursor);
        const auto taken = co_await one.take(std::move(page), std::to_string(last));
        if (taken.trouble) {
            throw std::runtime_error(taken.trouble->code.value);
        }
    }
}

sdk::Task<void> count(Bench& bench) {
    ports::EventQuery query;
    query.tenant = tenant;
    query.limit = bench.numbers.size();
    bench.told = must(co_await bench.store->events_after(std::move(query))).items.size();
}

double seconds_of(Bench& bench, sdk::Task<void> work) {
    bench.add(std::move(work));
    return bench.run();
}

int measure(std::size_t changes) {
    Bench bench;
    bench.numbers = organisations(changes);
    configure(bench);
    seconds_of(bench, hold(bench));
    const double took = seconds_of(bench, catch_up(bench));
    seconds_of(bench, count(bench));
    const auto held = (changes + held_one_in - 1) / held_one_in;
    std::printf(
        "feed: caught up               %10.0f changes/s, of them %.0f events/s told durably\n",
        static_cast<double>(changes) / took, static_cast<double>(bench.told) / took);
    return bench.told == held ? 0 : 1;
}

}   // namespace

int main(int argc, char** argv) {
    try {
        return measure(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 1;
    }
}
