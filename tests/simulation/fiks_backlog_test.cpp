// A municipality's queue at Fiks after a week away: the real receiver, inbox, store and telling of
// senders, over a broker that delivers three times and no more, while connections break and the
// program starts anew.

#include "adapters/fiks_io/fiks_receiver.hpp"
#include "gateway/app/settling.hpp"
#include "tests/simulation/fiks_parts.hpp"
#include "tests/support/amqp_broker.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <iostream>

namespace {

using namespace simulation;
using namespace std::chrono_literals;
namespace fiks = gateway::fiks_io;

constexpr int senders = 20;
constexpr int deliveries_max = 3;
constexpr std::size_t prefetch = 10;
constexpr const char* queue_name = "fiksio.konto.6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a01";
constexpr const char* opened_by = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater";
/// Beside the disk in memory.
constexpr std::int64_t growth_max = 32LL << 20U;

std::string uuid(int number) {
    const auto digits = std::to_string(number);
    return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

std::string sender_of(int number) {
    return uuid(900'000 + number % senders);
}

/// Packages open; answers go out and are counted.
class OpenDesk final : public fiks::Desk {
public:
    sdk::Task<fiks::Opening> open(core::TenantId, fiks::PackageSender, sdk::ByteSource&) override {
        fiks::Opening opening;
        opening.package.emplace();
        co_return opening;
    }
    sdk::Task<fiks::Looked<fiks::AccountFacts>> account(std::string account,
                                                        sdk::Deadline) override {
        fiks::AccountFacts facts;
        facts.account = std::move(account);
        facts.organisation = "310003003";
        co_return fiks::Looked<fiks::AccountFacts>(std::move(facts));
    }
    sdk::Task<fiks::Looked<fiks::AccountStatus>> status(std::string, sdk::Deadline) override {
        fiks::AccountStatus status;
        status.valid_receiver = true;
        status.consumers = 1;
        co_return fiks::Looked<fiks::AccountStatus>(status);
    }
    sdk::Task<sdk::Outcome> answer(fiks::Outgoing message, sdk::Deadline) override {
        ids_by_message[message.in_reply_to].insert(message.client_id);
        co_return sdk::Outcome(sdk::Verdict::accepted);
    }
    sdk::Task<fiks::Fetched> fetch(std::string, sdk::Deadline) override {
        co_return fiks::Fetched();
    }

    std::map<std::string, std::set<std::string>> ids_by_message;
};

/// What waits at Fiks, in order, each with how often it was delivered.
class Queue {
public:
    explicit Queue(int many) {
        for (int number = 0; number < many; ++number) {
            waiting_.emplace_back(number, 0);
        }
    }

    /// The next connection of ours reaches it.
    void meet(std::shared_ptr<tests::FarEnd> end) {
        give_back();
        broker_ = std::make_unique<tests::AmqpBroker>(end);
        heard_ = 0;
        auto answers = end->on_write;
        end->on_write = [this, answers](tests::FarEnd& wire) {
            answers(wire);
            hear();
        };
    }
    /// The connection breaks: what was not acknowledged stands first again.
    void cut() {
        broker_->end().end();
        give_back();
    }
    bool is_consumed() const { return broker_ != nullptr && broker_->is_consumed(queue_name); }
    std::size_t acknowledged() const { return acknowledged_; }
    bool is_empty() const { return waiting_.empty() && out_.empty(); }
    int most_deliveries() const { return most_; }

private:
    void give_back() {
        for (auto one = out_.rbegin(); one != out_.rend(); ++one) {
            waiting_.push_front(one->second);
        }
        out_.clear();
        tag_ = 0;
        if (broker_) {
            broker_->end().on_write = nullptr;
            broker_.reset();
        }
    }
    void hear() {
        for (; heard_ < broker_->said.size(); ++heard_) {
            const auto& one = broker_->said[heard_];
            if (one.is(60, 80)) {
                acknowledged_ += out_.erase(tests::amqp::number(one.rest, 0, 8));
            }
        }
        broker_->said.clear();
        heard_ = 0;
        while (is_consumed() && out_.size() < prefetch && !waiting_.empty()) {
            auto next = waiting_.front();
            waiting_.pop_front();
            most_ = std::max(most_, ++next.second);
            REQUIRE(broker_->deliver(told(next)));
            out_.emplace(++tag_, next);
        }
    }
    static tests::amqp::Told told(const std::pair<int, int>& message) {
        tests::amqp::Told told;
        told.queue = queue_name;
        told.redelivered = message.second > 1;
        told.headers = {
            {"melding-id", uuid(message.first)},
            {"type", opened_by},
            {"avsender-id", sender_of(message.first)},
            {"egendefinert-header.klientMeldingId", uuid(message.first)},
            {"egendefinert-header.klientKorrelasjonsId", std::to_string(message.first)}};
        told.body = std::string(1000, 'x');
        return told;
    }

    std::deque<std::pair<int, int>> waiting_;
    std::map<std::uint64_t, std::pair<int, int>> out_;   // by tag
    std::unique_ptr<tests::AmqpBroker> broker_;
    std::size_t heard_ = 0;
    std::uint64_t tag_ = 0;
    std::size_t acknowledged_ = 0;
    int most_ = 0;
};

/// What lasts over the program's lives.
struct Backlog {
    boost::asio::io_context io;
    tests::FakeHost fake;
    NoLog log;
    tests::NoMetrics metrics;
    StoreOnLoop disk{io, fake.clock};
    Fixed configuration;
    TheConnections connections;
    crypto::Vaults vaults;
    fiks::Settings settings;
    OpenDesk desk;
    Queue queue;
    std::map<std::string, std::vector<int>> stored;   // by sender
    runtime::Signal* news = nullptr;   // of the life that is led; the store's hints last

    explicit Backlog(int many) : queue(many) {
        vaults.put(oslo, std::make_shared<const crypto::Vault>(crypto::SecretKey()));
        core::InboxRouteConfig route;
        route.to = {sak};
        configuration.now->tenants[oslo].inbox_routes.push_back(std::move(route));
        fiks::Account account;
        account.account = our_account;
        account.tenant = oslo;
        settings.accounts.push_back(std::move(account));
        disk.store->on_events([this] {
            if (news != nullptr) {
                news->notify();
            }
        });
        settings.amqp_host = "io.example";
        settings.access.integration_id = "0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11";
    }
};

/// The program from a start to its end.
class Life {
public:
    explicit Life(Backlog& world)
        : world_(world),
          documents_(*world.disk.store, world.fake.clock),
          incoming_({*world.disk.store, world.configuration, world.vaults, world.fake.clock,
                     *world.fake.ids, world.log, world.metrics, documents_, scanner_}),
          inbound_(incoming_),
          settling_({*world.disk.store, world.connections, world.vaults, world.fake.clock,
                     *world.fake.ids, world.log, world.metrics, news_},
                    world.io.get_executor()) {
        auto& fake = world_.fake;
        host_ = std::make_unique<sdk::Host>(
            sdk::Host{fake.http, fake.streams, fake.tokens, fake.documents, fake.keys, fake.state,
                      *fake.ids, fake.clock, world_.log, world_.metrics, fake.registers, inbound_,
                      fake.spools, fake.work});
        receiver_ = std::make_unique<fiks::FiksReceiver>(world_.settings, world_.desk, *host_);
        world_.connections.them = {
            std::make_shared<OnLoop>(nullptr, receiver_.get(), std::span<const sdk::Capability>())};
        world_.news = &news_;
        world_.queue.meet(fake.streams.add());
        settling_.start();
        boost::asio::co_spawn(
            world_.io, receiver_->receive(),
            boost::asio::bind_cancellation_slot(
                stop_.slot(), [this](const std::exception_ptr&) { ended_ = true; }));
    }
    ~Life() {
        stop_.emit(boost::asio::cancellation_type::terminal);
        bool stopped = false;
        boost::asio::co_spawn(world_.io, end(), [&](const std::exception_ptr&) { stopped = true; });
        live([&] { return stopped && ended_; });
        world_.connections.them.clear();
        world_.news = nullptr;
        world_.stored.merge(inbound_.stored);
        for (auto& [sender, numbers] : inbound_.stored) {   // who stands in both
            auto& all = world_.stored[sender];
            all.insert(all.end(), numbers.begin(), numbers.end());
        }
        CHECK(inbound_.oddities == 0);
    }

    bool live(const std::function<bool()>& done) {
        world_.io.restart();
        return tests::run_until(world_.io, world_.fake.clock, done, 24h);
    }
    bool live_until_acknowledged(std::size_t many) {
        return live([&] { return world_.queue.acknowledged() >= many; });
    }
    /// The connection breaks now, and the next is as good.
    void cut() {
        world_.queue.cut();
        world_.queue.meet(world_.fake.streams.add());
    }

private:
    sdk::Task<void> end() {
        co_await receiver_->stop();
        co_await settling_.stop();
    }

    Backlog& world_;
    tests::MemoryDocuments documents_;
    tests::FakeScanner scanner_;
    app::Incoming incoming_;
    HandedOver inbound_;
    runtime::Signal news_;
    app::Settling settling_;
    std::unique_ptr<sdk::Host> host_;
    std::unique_ptr<fiks::FiksReceiver> receiver_;
    boost::asio::cancellation_signal stop_;
    bool ended_ = false;
};

}   // namespace

TEST_CASE(
    "simulation: what waits after a week away comes in once each, in each sender's order, and "
    "every sender is told") {
    const int waiting = how_many_wait("a week away, in");
    const auto many = static_cast<std::size_t>(waiting);
    Backlog world(waiting);
    world.fake.clock.advance(24h * 7);
    std::int64_t before = 0;
    {
        Life life(world);
        CHECK(life.live_until_acknowledged(many / 10));
        before = held_beside(world.disk.disk);
        for (std::size_t part = 2; part <= 5; ++part) {
            life.cut();
            CHECK(life.live_until_acknowledged(many * part / 10));
        }
    }
    {
        Life life(world);
        CHECK(life.live([&] { return world.queue.is_empty(); }));
        CHECK(life.live([&] { return world.desk.ids_by_message.size() == many; }));
    }
    const auto grown = held_beside(world.disk.disk) - before;
    std::cout << "stored: " << (world.disk.disk.used() >> 20U) << " MiB; memory beside it grew by "
              << grown / (1 << 20) << " MiB\n";
    CHECK(world.queue.most_deliveries() <= deliveries_max);
    CHECK(world.stored.size() == senders);
    std::size_t all = 0;
    for (const auto& [sender, numbers] : world.stored) {
        all += numbers.size();
        CHECK(std::is_sorted(numbers.begin(), numbers.end()));
        CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
    }
    CHECK(all == many);
    std::size_t answered_as_two = 0;
    for (const auto& [message, ids] : world.desk.ids_by_message) {
        answered_as_two += ids.size() > 1 ? 1U : 0U;
    }
    CHECK(answered_as_two == 0);
    CHECK(grown < growth_max);
    std::uint64_t copies = 0;
    const auto counts =
        tests::run(world.io, world.disk.store->inbox_counts(oslo, std::nullopt, core::Time(),
                                                            world.fake.clock.now() + 1h));
    for (const auto& count : *counts) {
        copies += count.count;
    }
    CHECK(copies == many);
    CHECK(tests::run(world.io, world.disk.store->verify())->empty());
}
