// What storing once spares: ten systems of a municipality over days, generated from a seed, ask for
// persons as such systems do; once through the store, and once as if each look-up were a call of
// its own. Time is turned by hand, the register is a fake that counts, the rest is the product.
//
//     bench_records [persons] [days] [seed]    without sizes 4000 persons, 7 days, seed 7
//
// The model: systems that keep a set of persons (school, kindergarten, health, ...) go through it
// each night, in batches of 100; by day case workers open some of them, several times each. Systems
// without a set (archive, letters, building) ask for whom they meet. Without the store a batch is
// one call too, so a night costs the same; an answer is kept for a day, and no longer.

#include "gateway/records/service.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/national_ids.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace gateway;
using namespace std::chrono_literals;

const core::TenantId tenant("310001007");
constexpr double spared_least = 0.90;
constexpr std::size_t batch = 100;

/// How a system asks.
struct Habit {
    const char* system;
    double share;    // of all persons, in its set; 0: it has none
    double opened;   // of its set (or of all) on a day
    int times;       // each
    std::vector<std::string> fields;
};

const std::vector<Habit> habits{
    {"skole", 0.14, 0.90, 3, {"names", "addresses", "family", "custody", "birthDate"}},
    {"sfo", 0.05, 0.85, 3, {"names", "addresses.residence", "family"}},
    {"barnehage", 0.06, 0.90, 4, {"names", "addresses.residence", "family", "custody"}},
    {"helse", 0.05, 0.60, 8, {"names", "birthDate", "addresses", "deathDate", "status"}},
    {"kulturskole", 0.03, 0.30, 2, {"names", "addresses.residence", "birthDate"}},
    {"sosial", 0.03, 0.30, 6, {"names", "addresses", "maritalStatus", "family", "citizenships"}},
    {"innkreving", 0.30, 0.05, 3, {"names", "addresses", "deathDate", "status"}},
    {"arkiv", 0, 0.02, 2, {"names", "addresses.postal"}},
    {"brev", 0, 0.03, 2, {"names", "addresses", "protection"}},
    {"byggesak", 0, 0.01, 4, {"names", "addresses.residence"}},
};

/// Turned by hand; nobody sleeps to an end.
class DayClock final : public sdk::Clock {
public:
    core::Time now() const override { return now_; }
    core::SteadyTime steady() const override { return steady_; }
    sdk::Task<void> sleep_until(core::SteadyTime) override {
        const auto executor = co_await boost::asio::this_coro::executor;
        boost::asio::steady_timer never(executor, boost::asio::steady_timer::time_point::max());
        co_await never.async_wait(boost::asio::use_awaitable);
    }
    void advance(core::Duration by) {
        now_ += by;
        steady_ += by;
    }

private:
    core::Time now_{std::chrono::sys_days(std::chrono::year(2026) / 9 / 7)};
    core::SteadyTime steady_{};
};

class CountingRegister final : public sdk::Registers, public ports::Connections {
public:
    explicit CountingRegister(const DayClock& clock) : clock_(clock) {}
    std::shared_ptr<ports::Connection> find(const core::ConnectionId&) const override {
        return nullptr;
    }
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return {}; }
    sdk::Registers& registers() override { return *this; }
    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query, sdk::Deadline) override {
        ++calls;
        persons += query.keys.size();
        sdk::RegisterAnswer answer;
        for (const auto& key : query.keys) {
            sdk::RegisterEntry entry;
            entry.key = key;
            entry.value = json::Value::object();
            for (const auto& field : query.fields) {
                if (field.find('.') == std::string::npos && field != "protection") {
                    entry.value.set(field, "x");
                }
            }
            entry.value.set("protection", "none");
            entry.fetched_at = clock_.now();
            entry.valid_until = clock_.now() + 24h;
            answer.entries.push_back(std::move(entry));
        }
        co_return answer;
    }

    std::uint64_t calls = 0;
    std::uint64_t persons = 0;

private:
    const DayClock& clock_;
};

class NoLog final : public sdk::Log {
public:
    void write(sdk::Severity, std::string_view, const core::Params&) override {}
};

class NoMetrics final : public sdk::Metrics {
public:
    void count(std::string_view, const core::Params&, std::uint64_t) override {}
    void gauge(std::string_view, const core::Params&, double) override {}
    void observe(std::string_view, const core::Params&, double) override {}
};

class Municipality final : public ports::ConfigurationSource {
public:
    Municipality(std::size_t persons, unsigned seed) : random_(seed) {
        std::array<std::uint8_t, 32> key{};
        ids_->random(key);
        vaults_.put(tenant, std::make_shared<const crypto::Vault>(crypto::SecretKey(key)));
        auto config = std::make_shared<core::Configuration>();
        config->records.synthetic_ids = true;
        core::TenantConfig one;
        one.id = tenant;
        for (const auto& habit : habits) {
            core::PurposeConfig purpose;
            purpose.id = core::PurposeId(habit.system);
            purpose.datasets["person"].insert(habit.fields.begin(), habit.fields.end());
            one.purposes.emplace(purpose.id, purpose);
        }
        config->tenants.emplace(tenant, one);
        configuration_ = config;
        unsigned at = 0;
        for (std::size_t i = 0; i < persons; ++i) {
            keys_.push_back(tests::next_synthetic_id(at));
        }
        for (const auto& habit : habits) {
            // Systems of the same people overlap as such sets do: each is a stretch of all, begun
            // anywhere, but those of children begin at the same place.
            const std::string name = habit.system;
            const bool of_children = name == "skole" || name == "sfo" || name == "kulturskole";
            const auto size = static_cast<std::size_t>(habit.share * static_cast<double>(persons));
            const auto begin = of_children ? 0 : random_() % persons;
            std::vector<std::size_t> set;
            for (std::size_t i = 0; i < size; ++i) {
                set.push_back((begin + i) % persons);
            }
            sets_.push_back(std::move(set));
        }
        const records::ServiceParts parts{
            store_->records(), register_, *this, vaults_, clock_, *ids_, log_, metrics_};
        service_ = std::make_unique<records::Service>(parts, io_.get_executor());
    }

    std::shared_ptr<const core::Configuration> current() const override { return configuration_; }

    void run(int days) {
        std::exception_ptr failure;
        boost::asio::co_spawn(io_, live(days),
                              [&failure](const std::exception_ptr& error) { failure = error; });
        io_.run();
        if (failure) {
            std::rethrow_exception(failure);
        }
    }

    std::uint64_t without = 0;   // calls, had each look-up been one
    std::uint64_t asked = 0;     // persons asked for
    const CountingRegister& asked_of() const { return register_; }

private:
    sdk::Task<void> live(int days) {
        for (int day = 0; day < days; ++day) {
            const auto dawn = clock_.now() + 6h;
            for (std::size_t i = 0; i < habits.size(); ++i) {
                // One after the other, never quite at the same minute as the night before.
                clock_.advance(std::chrono::minutes(10 + random_() % 10));
                co_await go_through(i);
            }
            clock_.advance(dawn - clock_.now());
            const auto evening = clock_.now() + 18h;
            co_await open_cases();
            clock_.advance(evening - clock_.now());
        }
        co_await service_->stop();
    }

    sdk::Task<void> go_through(std::size_t which) {
        const auto& set = sets_[which];
        for (std::size_t at = 0; at < set.size(); at += batch) {
            std::vector<std::string> keys;
            for (auto i = at; i < std::min(at + batch, set.size()); ++i) {
                keys.push_back(keys_[set[i]]);
            }
            co_await look_up(which, std::move(keys));
        }
    }

    sdk::Task<void> open_cases() {
        std::vector<std::pair<std::size_t, std::size_t>> visits;   // system, person
        for (std::size_t i = 0; i < habits.size(); ++i) {
            const auto& habit = habits[i];
            const auto all = sets_[i].empty() ? keys_.size() : sets_[i].size();
            const auto opened = static_cast<std::size_t>(habit.opened * static_cast<double>(all));
            std::vector<std::size_t> order(all);
            std::iota(order.begin(), order.end(), 0);
            std::shuffle(order.begin(), order.end(), random_);
            for (std::size_t n = 0; n < opened; ++n) {
                const auto at = order[n];
                for (int time = 0; time < habit.times; ++time) {
                    visits.emplace_back(i, sets_[i].empty() ? at : sets_[i][at]);
                }
            }
        }
        std::shuffle(visits.begin(), visits.end(), random_);
        const auto pace = core::Duration(480min) / std::max<std::size_t>(1, visits.size());
        for (const auto& [system, person] : visits) {
            clock_.advance(pace);
            std::vector<std::string> keys;
            keys.push_back(keys_[person]);
            co_await look_up(system, std::move(keys));
        }
    }

    sdk::Task<void> look_up(std::size_t which, std::vector<std::string> keys) {
        const auto& habit = habits[which];
        ports::RecordLookUp wish;
        wish.asker.caller.tenant = tenant;
        wish.asker.caller.system = core::SystemId(habit.system);
        wish.asker.caller.grants.insert(std::string("read:person:") + habit.system);
        wish.asker.purpose = habit.system;
        wish.dataset = "person";
        wish.keys = std::move(keys);
        ++without;
        const auto count = wish.keys.size();
        asked += count;
        const auto answer = co_await service_->look_up(std::move(wish));
        if (answer.refusal || answer.records.size() != count) {
            throw std::runtime_error("a look-up was not answered");
        }
    }

    std::mt19937 random_;
    boost::asio::io_context io_;
    DayClock clock_;
    std::unique_ptr<sdk::Ids> ids_ = runtime::make_seeded_ids(clock_, 7);
    NoLog log_;
    NoMetrics metrics_;
    std::unique_ptr<ports::Store> store_ = store::make_memory_store();
    CountingRegister register_{clock_};
    crypto::Vaults vaults_;
    std::shared_ptr<const core::Configuration> configuration_;
    std::vector<std::string> keys_;
    std::vector<std::vector<std::size_t>> sets_;   // by system, of persons
    std::unique_ptr<records::Service> service_;
};

double share_spared(std::uint64_t with, std::uint64_t without) {
    return without == 0 ? 0 : 1 - static_cast<double>(with) / static_cast<double>(without);
}

}   // namespace

int main(int argc, char** argv) {
    try {
        const auto number = [&](int at, long otherwise) {
            return argc > at ? std::strtol(argv[at], nullptr, 10) : otherwise;
        };
        const auto persons = static_cast<std::size_t>(std::max(100L, number(1, 4'000)));
        const auto days = static_cast<int>(std::max(1L, number(2, 7)));
        const auto seed = static_cast<unsigned>(number(3, 7));
        const auto began = std::chrono::steady_clock::now();
        Municipality municipality(persons, seed);
        municipality.run(days);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        const auto& fake = municipality.asked_of();
        const auto calls = share_spared(fake.calls, municipality.without);
        std::printf("ten systems, %zu persons, %d days, seed %u: %.1f s\n", persons, days, seed,
                    took.count());
        std::printf("  register calls           without the store %8llu, with it %8llu: %.1f %% "
                    "fewer (goal 90 %%)\n",
                    static_cast<unsigned long long>(municipality.without),
                    static_cast<unsigned long long>(fake.calls), calls * 100);
        std::printf("  persons asked for there  without the store %8llu, with it %8llu: %.1f %% "
                    "fewer\n",
                    static_cast<unsigned long long>(municipality.asked),
                    static_cast<unsigned long long>(fake.persons),
                    share_spared(fake.persons, municipality.asked) * 100);
        return calls >= spared_least ? 0 : 1;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_records: %s\n", failure.what());
        return 1;
    }
}
