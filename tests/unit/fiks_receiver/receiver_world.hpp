#pragma once

// A receiver with a broker of the test's at the other end, and a desk that opens what it is told.

#include "adapters/fiks_io/fiks_receiver.hpp"
#include "tests/support/amqp_broker.hpp"
#include "tests/support/fake_host.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace receiver_world {

namespace fiks = gateway::fiks_io;
namespace core = gateway::core;
namespace sdk = gateway::sdk;
namespace json = gateway::json;

inline const std::string account_a = "6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a01";
inline const std::string account_b = "6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a02";
inline const std::string sender = "9a1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a03";
inline const std::string archive = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett";
inline const std::string concern = "no.ks.fiks.bekymringsmelding.privat.v2";
inline const std::string search = "no.ks.fiks.arkiv.v1.innsyn.sok";

/// Opens every envelope as one file of its bytes, unless told otherwise.
class FakeDesk final : public fiks::Desk {
public:
    explicit FakeDesk(tests::FakeHost& host) : host_(host) {}

    sdk::Task<fiks::Opening> open(core::TenantId tenant, fiks::PackageSender from,
                                  sdk::ByteSource& envelope) override;
    sdk::Task<fiks::Looked<fiks::AccountFacts>> account(std::string account,
                                                        sdk::Deadline deadline) override;
    sdk::Task<fiks::Looked<fiks::AccountStatus>> status(std::string account,
                                                        sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> answer(fiks::Outgoing message, sdk::Deadline deadline) override;
    sdk::Task<fiks::Fetched> fetch(std::string stored_elsewhere, sdk::Deadline deadline) override;

    std::deque<fiks::Opening> refusals;   // of the next envelopes
    std::map<std::string, int> slow;      // seconds that opening these bytes takes
    std::deque<core::Code> away;          // what the next look-ups of accounts pass with
    std::map<std::string, fiks::AccountStatus> statuses;
    bool is_away = false;   // all of Fiks' own services
    bool refuses = false;   // to fetch anything
    std::vector<fiks::Outgoing> answers;
    std::deque<sdk::Outcome> outcomes;              // of the next answers
    std::map<std::string, std::string> elsewhere;   // what the document store holds
    std::deque<fiks::Fetched> failures;             // of the next fetches
    std::vector<std::string> opened;

private:
    tests::FakeHost& host_;
};

struct Wishes {
    std::string account = account_a;
    std::string type = archive;
    std::string id;   // empty: the next of a row
    std::string from = sender;
    std::string client_id;
    std::string correlation;
    std::string answers;
    std::string elsewhere;
    std::string body = "envelope";
    bool redelivered = false;
    std::string more;                   // further headers, encoded
    std::vector<std::string> without;   // these headers

    Wishes() = default;
};

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    fiks::Settings settings;
    FakeDesk desk{fake};
    std::unique_ptr<fiks::FiksReceiver> receiver;
    std::vector<std::unique_ptr<tests::AmqpBroker>> brokers;
    boost::asio::cancellation_signal stop_signal;
    bool ended = false;

    World();
    ~World();
    /// The next connect reaches a broker; it is given back.
    tests::AmqpBroker& add_broker();
    tests::AmqpBroker& broker() { return *brokers.back(); }
    void start();
    void stop();
    void settle();
    void advance(std::chrono::milliseconds by);
    /// Until it holds, time going on.
    bool until(const std::function<bool()>& done,
               std::chrono::seconds at_most = std::chrono::seconds(300));
    /// The same, with a broker whose heartbeats come.
    bool alive_until(const std::function<bool()>& done);
    /// So long, with a broker whose heartbeats come.
    void pass(std::chrono::seconds time);
    /// Started, connected, both accounts consumed.
    void begin();
    void deliver(const Wishes& wishes);
    sdk::Outcome settled(sdk::InboundSettled what);
    /// As the gateway tells of the message kept last.
    sdk::InboundSettled told(sdk::Settlement settlement) const;

    int next_id = 1;
};

std::string uuid(int number);

}   // namespace receiver_world
