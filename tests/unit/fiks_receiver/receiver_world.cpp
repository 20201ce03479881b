#include "tests/unit/fiks_receiver/receiver_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace receiver_world {

using namespace std::chrono_literals;

std::string uuid(int number) {
    const auto digits = std::to_string(number);
    return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

sdk::Task<fiks::Opening> FakeDesk::open(core::TenantId, fiks::PackageSender,
                                        sdk::ByteSource& envelope) {
    const auto bytes = co_await sdk::read_all(envelope, 64U << 20U);
    REQUIRE(bytes.has_value());
    opened.push_back(*bytes);
    const auto slow_one = slow.find(*bytes);
    if (slow_one != slow.end()) {
        co_await host_.clock.sleep_until(host_.clock.steady() +
                                         std::chrono::seconds(slow_one->second));
    }
    if (!refusals.empty()) {
        auto refusal = std::move(refusals.front());
        refusals.pop_front();
        co_return refusal;
    }
    fiks::OpenedPackage package;
    package.files.push_back(host_.documents.add("arkivmelding.xml", *bytes));
    package.signature.holds = true;
    fiks::Opening opening;
    opening.package = std::move(package);
    co_return opening;
}

sdk::Task<fiks::Looked<fiks::AccountFacts>> FakeDesk::account(std::string account, sdk::Deadline) {
    if (!away.empty()) {
        auto code = std::move(away.front());
        away.pop_front();
        co_return fiks::Looked<fiks::AccountFacts>(sdk::Outcome(sdk::Verdict::try_later, code));
    }
    fiks::AccountFacts facts;
    facts.account = std::move(account);
    facts.organisation = "310003003";
    co_return fiks::Looked<fiks::AccountFacts>(std::move(facts));
}

sdk::Task<fiks::Looked<fiks::AccountStatus>> FakeDesk::status(std::string account, sdk::Deadline) {
    if (is_away) {
        const sdk::Outcome outcome(sdk::Verdict::try_later, "upstream.unreachable");
        co_return fiks::Looked<fiks::AccountStatus>(outcome);
    }
    fiks::AccountStatus status;
    status.valid_receiver = true;
    status.consumers = 1;
    const auto found = statuses.find(account);
    if (found != statuses.end()) {
        status = found->second;
    }
    co_return fiks::Looked<fiks::AccountStatus>(status);
}

sdk::Task<sdk::Outcome> FakeDesk::answer(fiks::Outgoing message, sdk::Deadline) {
    answers.push_back(std::move(message));
    if (!outcomes.empty()) {
        auto outcome = std::move(outcomes.front());
        outcomes.pop_front();
        co_return outcome;
    }
    co_return sdk::Outcome(sdk::Verdict::accepted);
}

sdk::Task<fiks::Fetched> FakeDesk::fetch(std::string stored_elsewhere, sdk::Deadline) {
    if (is_away || refuses) {
        fiks::Fetched failure;
        failure.code = "upstream.unreachable";
        failure.passing = true;
        co_return failure;
    }
    if (!failures.empty()) {
        auto failure = std::move(failures.front());
        failures.pop_front();
        co_return failure;
    }
    auto spool = co_await host_.spools.create(1U << 20U);
    const std::string& bytes = elsewhere.at(stored_elsewhere);
    const auto written = co_await (*spool)->write(bytes);
    REQUIRE(written.has_value());
    const auto finished = co_await (*spool)->finish();
    REQUIRE(finished.has_value());
    fiks::Fetched fetched;
    fetched.spool = std::move(*spool);
    co_return fetched;
}

World::World() {
    settings.access.integration_id = "0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11";
    settings.access.integration_password = "passord";
    settings.access.scope = "ks:fiks";
    settings.amqp_host = "io.example";
    for (const auto& id : {account_a, account_b}) {
        fiks::Account account;
        account.account = id;
        account.tenant = core::TenantId("310001007");
        settings.accounts.push_back(account);
    }
    receiver = std::make_unique<fiks::FiksReceiver>(settings, desk, *fake.host);
}

World::~World() {
    stop();
}

tests::AmqpBroker& World::add_broker() {
    brokers.push_back(std::make_unique<tests::AmqpBroker>(fake.streams.add()));
    return *brokers.back();
}

void World::start() {
    ended = false;
    boost::asio::co_spawn(
        io, receiver->receive(),
        boost::asio::bind_cancellation_slot(stop_signal.slot(),
                                            [this](const std::exception_ptr&) { ended = true; }));
    settle();
}

void World::stop() {
    if (!ended) {
        stop_signal.emit(boost::asio::cancellation_type::terminal);
    }
    bool stopped = false;
    boost::asio::co_spawn(io, receiver->stop(), [&](const std::exception_ptr&) { stopped = true; });
    REQUIRE(until([&] { return stopped; }));
}

void World::settle() {
    io.restart();
    io.poll();
}

void World::advance(std::chrono::milliseconds by) {
    settle();
    fake.clock.advance(by);
    settle();
}

bool World::until(const std::function<bool()>& done, std::chrono::seconds at_most) {
    io.restart();
    return tests::run_until(io, fake.clock, done, at_most);
}

bool World::alive_until(const std::function<bool()>& done) {
    for (int i = 0; i < 60 && !done(); ++i) {
        broker().end().push(tests::amqp::frame(8, 0, ""));
        advance(5s);
    }
    return done();
}

void World::pass(std::chrono::seconds time) {
    for (auto passed = 0s; passed < time; passed += 15s) {
        broker().end().push(tests::amqp::frame(8, 0, ""));
        advance(15s);
    }
}

void World::begin() {
    add_broker();
    start();
    REQUIRE(broker().is_consumed("fiksio.konto." + account_a));
    REQUIRE(broker().is_consumed("fiksio.konto." + account_b));
}

void World::deliver(const Wishes& wishes) {
    tests::amqp::Told told;
    told.queue = "fiksio.konto." + wishes.account;
    told.redelivered = wishes.redelivered;
    told.body = wishes.body;
    told.more = wishes.more;
    told.headers = {{"melding-id", wishes.id.empty() ? uuid(next_id++) : wishes.id},
                    {"type", wishes.type},
                    {"avsender-id", wishes.from}};
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            told.headers.emplace_back(name, value);
        }
    };
    add("egendefinert-header.klientMeldingId", wishes.client_id);
    add("egendefinert-header.klientKorrelasjonsId", wishes.correlation);
    add("svar-til", wishes.answers);
    add("dokumentlager-id", wishes.elsewhere);
    std::erase_if(told.headers, [&](const auto& one) {
        return std::find(wishes.without.begin(), wishes.without.end(), one.first) !=
               wishes.without.end();
    });
    REQUIRE(broker().deliver(told));
    settle();
}

sdk::Outcome World::settled(sdk::InboundSettled what) {
    std::optional<sdk::Outcome> outcome;
    boost::asio::co_spawn(io, receiver->settled(std::move(what), fake.in(30s)),
                          [&](const std::exception_ptr& error, sdk::Outcome told) {
                              REQUIRE(!error);
                              outcome = std::move(told);
                          });
    REQUIRE(until([&] { return outcome.has_value(); }));
    return *outcome;
}

sdk::InboundSettled World::told(sdk::Settlement settlement) const {
    const auto& message = fake.inbound.messages.back();
    sdk::InboundSettled what;
    what.item = core::InboxId(*core::parse_uuid(uuid(777)));
    what.tenant = *message.tenant;
    what.type = message.type;
    what.dedupe_id = message.dedupe_id;
    what.memo = message.memo;
    what.settlement = settlement;
    return what;
}

}   // namespace receiver_world
