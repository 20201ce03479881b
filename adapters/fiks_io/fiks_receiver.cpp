#include "adapters/fiks_io/fiks_receiver.hpp"

#include "adapters/fiks_io/receiver_room.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace gateway::fiks_io {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds connect_time{30};
constexpr std::chrono::seconds token_time{30};
constexpr std::chrono::seconds pulse{30};
/// A connection that lived so long was a good one: the next is tried at once.
constexpr std::chrono::minutes good_life{1};
constexpr std::chrono::seconds finish_time{5};
constexpr std::chrono::milliseconds finish_look{50};
constexpr std::chrono::seconds mend_first{5};
constexpr std::chrono::seconds mend_most{300};
constexpr std::chrono::seconds holding_look{1};
constexpr const char* probe_key = "storable";
constexpr std::uint64_t probe_bytes = 1U << 20U;

const char* code_of(amqp::Ending why) {
    switch (why) {
    case amqp::Ending::login_refused: return "fiks_io.login_refused";
    case amqp::Ending::vhost_refused: return "fiks_io.vhost_refused";
    default: return "fiks_io.queue_away";
    }
}

/// One word of why, without anything of the broker's own.
std::string reason_of(const amqp::Ended& ended) {
    switch (ended.why) {
    case amqp::Ending::silent: return "silent";
    case amqp::Ending::protocol: return "protocol";
    case amqp::Ending::closed: return "closed_" + std::to_string(ended.code);
    default: return ended.failure.code.message();
    }
}

}   // namespace

/// From the beginning of receive() to its end, however it ends.
class FiksReceiver::Session {
public:
    explicit Session(FiksReceiver& owner) : owner_(owner) {
        owner_.receiving_ = true;
        owner_.tasks_->spawn(owner_.look_after(alive_));
    }
    ~Session() {
        *alive_ = false;
        owner_.receiving_ = false;
        owner_.away_ = {};
        owner_.lost_.clear();
        if (auto connection = std::exchange(owner_.connection_, nullptr)) {
            owner_.tasks_->spawn(owner_.linger(std::move(connection)));
        }
        owner_.host_.metrics.gauge("sluse_fiks_io_connected", {}, 0);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

private:
    FiksReceiver& owner_;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);   // shared with what looks after it
};

FiksReceiver::FiksReceiver(const Settings& settings, Desk& desk, sdk::Host& host)
    : settings_(settings),
      desk_(desk),
      host_(host),
      answers_(settings, desk, host),
      intake_(settings, desk, answers_, holding_, host),
      watch_(settings, desk, host) {
    for (const auto& account : settings_.accounts) {
        by_queue_.emplace(queue_of(account.account), &account);
    }
    holding_.on_change = [this](bool held) { hold(held); };
}

sdk::Task<void> FiksReceiver::receive() {
    auto executor = co_await asio::this_coro::executor;
    if (!tasks_) {
        tasks_ = std::make_unique<runtime::TaskGroup>(executor);
    }
    const Session session(*this);
    co_await keep_connected();
}

sdk::Task<void> FiksReceiver::keep_connected() {
    auto executor = co_await asio::this_coro::executor;
    for (;;) {
        co_await until_nothing_waits();
        co_await host_.clock.sleep_until(budget_.reserve(host_.clock.steady()));
        const bool connected = co_await connect(executor);
        if (connected) {
            const auto since = host_.clock.steady();
            co_await serve(connection_);
            connection_.reset();
            if (host_.clock.steady() - since >= good_life) {
                pause_.reset();
            }
        }
        const bool refused = away_.value == "fiks_io.login_refused";
        const auto pause = pause_.next(refused, host_.ids.random_number());
        co_await host_.clock.sleep_until(host_.clock.steady() + pause);
    }
}

/// With a token that is fresh now: the broker looks at it at each login, and never after.
sdk::Task<bool> FiksReceiver::connect(const asio::any_io_executor&) {
    auto request = fiks_platform::token_request(settings_.access);
    const auto token = co_await host_.tokens.token(request, host_.clock.in(token_time));
    if (!token.token) {
        say_away(token.failure.code, token.failure.params);
        co_return false;
    }
    // What comes when it cannot be kept costs a delivery: a program that was started meanwhile
    // asks, too.
    const auto storable = co_await try_to_store();
    if (!storable) {
        const bool full = storable.error().is(core::Errc::storage_full);
        say_away(full ? "service.storage_full" : "service.storage_failed");
        co_return false;
    }
    amqp::Login login;
    login.user = settings_.access.integration_id;
    login.password = fiks_platform::amqp_password(settings_.access, token.token->value);
    login.vhost = settings_.vhost;
    login.connection_name = settings_.connection_name;
    amqp::Surroundings around(host_.streams, host_.spools, host_.clock, *tasks_, bodies_);
    sdk::StreamTarget target(settings_.amqp_host, settings_.amqp_port, settings_.amqp_tls);
    const amqp::SessionLimits limits;
    auto opening = co_await amqp::Connection::open(around, std::move(target), std::move(login),
                                                   limits, host_.clock.in(connect_time));
    if (!opening.connection) {
        if (opening.why.why == amqp::Ending::login_refused) {
            host_.tokens.invalidate(request, token.token->value);
        }
        say_away(code_of(opening.why.why), {{"reason", reason_of(opening.why)}});
        co_return false;
    }
    connection_ = std::move(opening.connection);
    co_return true;
}

sdk::Task<core::Result<void>> FiksReceiver::try_to_store() {
    const auto room = co_await reserve_room(host_.spools, probe_bytes);
    if (!room) {
        co_return room.error();
    }
    const auto entry = co_await host_.state.get(probe_key);
    if (!entry) {
        co_return entry.error();
    }
    const auto written = co_await host_.state.put(probe_key, "yes", entry->version);
    if (!written && !written.error().is(core::Errc::conflict)) {
        co_return written.error();
    }
    co_return core::Result<void>();
}

/// What waits for something of ours is tried again and again: until it is kept the broker would
/// only count deliveries that come to nothing.
sdk::Task<void> FiksReceiver::until_nothing_waits() {
    while (holding_.any()) {
        co_await host_.clock.sleep_until(host_.clock.steady() + holding_look);
    }
}

sdk::Task<void> FiksReceiver::serve(Shared connection) {
    say_connected();
    for (const auto& account : settings_.accounts) {
        consume(connection, account);
    }
    for (;;) {
        auto event = co_await connection->next();
        host_.inbound.alive();
        if (const auto* ended = std::get_if<amqp::Ended>(&event)) {
            say_away(code_of(ended->why), {{"reason", reason_of(*ended)}});
            co_return;
        }
        co_await take(std::move(event), connection);
    }
}

sdk::Task<void> FiksReceiver::take(amqp::Event event, Shared connection) {
    auto executor = co_await asio::this_coro::executor;
    if (auto* message = std::get_if<amqp::Message>(&event)) {
        take_message(std::move(*message), connection, executor);
    } else if (const auto* consuming = std::get_if<amqp::Consuming>(&event)) {
        lost_.erase(by_queue_.at(consuming->queue)->account);
    } else if (const auto* gone = std::get_if<amqp::ConsumerLost>(&event)) {
        lose(connection, *by_queue_.at(gone->queue), gone->code);
    } else if (const auto* blocking = std::get_if<amqp::Blocking>(&event)) {
        host_.log.write(sdk::Severity::warning,
                        blocking->blocked ? "fiks_io.broker_blocked" : "fiks_io.broker_unblocked",
                        {});
        host_.metrics.gauge("sluse_fiks_io_broker_blocked", {}, blocking->blocked ? 1 : 0);
    }
}

void FiksReceiver::take_message(amqp::Message message, const Shared& connection,
                                const asio::any_io_executor& executor) {
    auto item = std::make_unique<Item>();
    item->arrived.account = by_queue_.at(message.queue);
    item->connection = connection;
    item->message = std::move(message);
    std::string row(item->message.head.header("avsender-id"));
    row += "/" + item->arrived.account->account;
    auto turn = std::make_unique<Turns::Turn>(turns_, std::move(row), executor);
    ++under_way_;
    if (!tasks_->spawn(work(std::move(item), std::move(turn)))) {
        --under_way_;
    }
}

sdk::Task<void> FiksReceiver::work(std::unique_ptr<Item> item, std::unique_ptr<Turns::Turn> turn) {
    struct Counted {
        std::size_t& count;
        explicit Counted(std::size_t& of) : count(of) {}
        ~Counted() { --count; }
    };
    const Counted counted(under_way_);
    const bool prepared = co_await intake_.prepare(*item);
    if (!prepared) {
        co_return;
    }
    co_await turn->wait();
    co_await intake_.keep(*item);
    GATEWAY_CRASH_POINT("fiks_io.before_acknowledge");
    if (const auto connection = item->connection.lock()) {
        connection->acknowledge(item->message.tag);
        host_.metrics.count("sluse_fiks_io_acknowledged_total", {});
    }
}

void FiksReceiver::consume(const Shared& connection, const Account& account) {
    const auto queue = queue_of(account.account);
    const auto begun = connection->consume(queue, static_cast<std::uint16_t>(settings_.prefetch));
    if (!begun) {
        lose(connection, account, 0);
    } else if (holding_.any()) {
        connection->pause(queue);
    }
}

/// The connection stays: the others need it. This queue is asked for again, ever more seldom.
void FiksReceiver::lose(const Shared& connection, const Account& account, std::uint16_t code) {
    Lost& lost = lost_[account.account];
    lost.code = code;
    ++lost.times;
    host_.log.write(sdk::Severity::error, "fiks_io.account_not_consumed",
                    {{"account", account.account}, {"code", std::to_string(code)}});
    host_.metrics.count("sluse_fiks_io_consumers_lost_total", {{"account", account.account}});
    tasks_->spawn(mend(connection, account));
}

sdk::Task<void> FiksReceiver::mend(std::weak_ptr<amqp::Connection> connection,
                                   const Account& account) {
    constexpr int doublings_max = 6;
    const auto times = lost_[account.account].times - 1;
    const auto pause = std::min(mend_first * (1 << std::min(times, doublings_max)), mend_most);
    co_await host_.clock.sleep_until(host_.clock.steady() + pause);
    co_await until_nothing_waits();   // it may be lost because the broker waited for us too long
    const auto alive = connection.lock();
    if (alive != nullptr && !alive->ended()) {
        consume(alive, account);
    }
}

/// Everything that was given to us stays ours while something of ours does not work; nothing more
/// is taken.
void FiksReceiver::hold(bool held) {
    host_.log.write(held ? sdk::Severity::error : sdk::Severity::info,
                    held ? "fiks_io.holding" : "fiks_io.holding_ended", {{"why", holding_.why()}});
    host_.metrics.gauge("sluse_fiks_io_holding", {}, held ? 1 : 0);
    if (!connection_) {
        return;
    }
    for (const auto& [queue, account] : by_queue_) {
        if (held) {
            connection_->pause(queue);
        } else {
            connection_->resume(queue);
        }
    }
}

/// Receiving has ended: what was given to us is finished and acknowledged, for a moment.
sdk::Task<void> FiksReceiver::linger(Shared connection) {
    for (const auto& [queue, account] : by_queue_) {
        connection->pause(queue);
    }
    const auto until = host_.clock.steady() + finish_time;
    while (under_way_ > 0 && !connection->ended() && host_.clock.steady() < until) {
        co_await host_.clock.sleep_until(host_.clock.steady() + finish_look);
    }
}

sdk::Task<void> FiksReceiver::look_after(std::shared_ptr<bool> receiving) {
    auto look_at = host_.clock.steady();
    while (*receiving) {
        if (is_connected()) {
            host_.inbound.alive();   // heartbeats come, or it would have ended
        }
        if (host_.clock.steady() >= look_at) {
            look_at = host_.clock.steady() + AccountWatch::pace;
            co_await watch_.look(is_connected());
        }
        co_await host_.clock.sleep_until(host_.clock.steady() + pulse);
    }
}

sdk::Task<sdk::Outcome> FiksReceiver::settled(sdk::InboundSettled what, sdk::Deadline deadline) {
    co_return co_await answers_.settled(std::move(what), deadline);
}

void FiksReceiver::say_away(core::Code code, core::Params params) {
    core::Params fields{{"code", code.value}};
    fields.insert(fields.end(), params.begin(), params.end());
    host_.log.write(sdk::Severity::error, "fiks_io.not_connected", fields);
    host_.metrics.gauge("sluse_fiks_io_connected", {}, 0);
    host_.metrics.count("sluse_fiks_io_connects_total", {{"outcome", code.value}});
    away_ = std::move(code);
    away_params_ = std::move(params);
}

void FiksReceiver::say_connected() {
    host_.log.write(sdk::Severity::info, "fiks_io.connected", {});
    host_.metrics.gauge("sluse_fiks_io_connected", {}, 1);
    host_.metrics.count("sluse_fiks_io_connects_total", {{"outcome", "connected"}});
    away_ = {};
    away_params_.clear();
    lost_.clear();
}

sdk::Health FiksReceiver::health() const {
    if (!receiving_) {
        return sdk::Health();
    }
    if (holding_.any()) {   // the cause of whatever else is wrong
        return sdk::Health(sdk::Condition::degraded, "fiks_io.holding",
                           {{"count", std::to_string(holding_.count())}});
    }
    if (!away_.empty()) {
        return sdk::Health(sdk::Condition::degraded, away_, away_params_);
    }
    if (!lost_.empty()) {
        const auto& [account, lost] = *lost_.begin();
        return sdk::Health(sdk::Condition::degraded, "fiks_io.account_not_consumed",
                           {{"account", account}, {"code", std::to_string(lost.code)}});
    }
    return watch_.health();
}

sdk::Task<void> FiksReceiver::stop() {
    if (!tasks_) {
        co_return;
    }
    const auto until = host_.clock.steady() + finish_time;
    while (under_way_ > 0 && !holding_.any() && host_.clock.steady() < until) {
        co_await host_.clock.sleep_until(host_.clock.steady() + finish_look);
    }
    co_await tasks_->stop();
}

}   // namespace gateway::fiks_io
