#pragma once

// Receives for every account of the integration over one long-lived connection: each delivery is
// durable before it is acknowledged, none is refused, and a connection that works is never thrown
// away.

#include "adapters/fiks_io/account_watch.hpp"
#include "adapters/fiks_io/receiver_answers.hpp"
#include "adapters/fiks_io/receiver_intake.hpp"
#include "adapters/fiks_io/receiver_pace.hpp"
#include "adapters/fiks_io/receiver_turns.hpp"

#include <map>
#include <memory>
#include <string>

namespace gateway::fiks_io {

/// Lives on its connection's strand; everything given outlives it. stop() is awaited before it
/// goes.
class FiksReceiver final : public sdk::Receiver {
public:
    FiksReceiver(const Settings& settings, Desk& desk, sdk::Host& host);

    sdk::Task<void> receive() override;
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled what, sdk::Deadline deadline) override;
    /// What keeps messages from coming in; ready while another node receives.
    sdk::Health health() const;
    /// After receive() has ended: what was under way is finished, for a moment. Safe twice.
    sdk::Task<void> stop();
    bool is_connected() const { return connection_ != nullptr && !connection_->ended(); }
    std::size_t under_way() const { return under_way_; }

private:
    class Session;
    using Shared = std::shared_ptr<amqp::Connection>;
    /// A queue that could not be consumed, or is no more.
    struct Lost {
        std::uint16_t code = 0;
        int times = 0;   // in a row
    };

    sdk::Task<void> keep_connected();
    sdk::Task<bool> connect(const boost::asio::any_io_executor& executor);
    sdk::Task<void> serve(Shared connection);
    sdk::Task<void> take(amqp::Event event, Shared connection);
    void take_message(amqp::Message message, const Shared& connection,
                      const boost::asio::any_io_executor& executor);
    sdk::Task<void> work(std::unique_ptr<Item> item, std::unique_ptr<Turns::Turn> turn);
    sdk::Task<void> mend(std::weak_ptr<amqp::Connection> connection, const Account& account);
    sdk::Task<void> linger(Shared connection);
    sdk::Task<void> look_after(std::shared_ptr<bool> receiving);
    sdk::Task<core::Result<void>> try_to_store();
    sdk::Task<void> until_nothing_waits();
    void consume(const Shared& connection, const Account& account);
    void lose(const Shared& connection, const Account& account, std::uint16_t code);
    void hold(bool held);
    void say_away(core::Code code, core::Params params = {});
    void say_connected();

    const Settings& settings_;
    Desk& desk_;
    sdk::Host& host_;
    std::map<std::string, const Account*> by_queue_;
    SenderAnswers answers_;
    Holding holding_;
    Intake intake_;
    AccountWatch watch_;
    Turns turns_;
    ConnectBudget budget_;
    ConnectPause pause_;
    bool receiving_ = false;
    Shared connection_;                  // shared with those who have something to acknowledge
    std::map<std::string, Lost> lost_;   // by account
    core::Code away_;                    // why there is no connection; empty: there is one
    core::Params away_params_;
    std::size_t under_way_ = 0;
    std::shared_ptr<amqp::BodyBudget> bodies_ = std::make_shared<amqp::BodyBudget>();
    std::unique_ptr<runtime::TaskGroup> tasks_;   // first to go: its tasks use all above
};

}   // namespace gateway::fiks_io
