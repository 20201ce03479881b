#pragma once

// The adapter with everything around it: a municipality with a business certificate, mailbox and
// print operators with theirs, registers that know a person, and corner 2 as a script.

#include "adapters/digital_post/dpi_adapter.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/adapter_digital_post/receipts.hpp"

#include <memory>
#include <string>

namespace dpi_world {

namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
namespace dpi = gateway::digital_post;
using std::chrono::seconds;

inline constexpr const char* print_operator = "974761076";

/// Made once: keys take their time.
const tests::BusinessAuthority& authority();
/// A certificate of this organisation, each with its own key.
const tests::BusinessIdentity& identity(const std::string& organisation);
/// The trust file with that authority in it, for the environment "test".
std::string trust_file();

struct Wishes {
    std::string settings;   // more of the connection's, each with a comma before
    std::string organisation = letters::municipality;

    Wishes() = default;
    explicit Wishes(std::string more, std::string whose = letters::municipality)
        : settings(std::move(more)), organisation(std::move(whose)) {}
};

/// In front of the script: the authorities' revocation lists, which are fetched when they are due.
class RevocationServer final : public sdk::HttpClient {
public:
    explicit RevocationServer(sdk::HttpClient& others) : others_(others) {}
    sdk::Task<sdk::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                   sdk::Deadline deadline) override;

    bool down = false;
    std::vector<std::string> revoked;   // DER of certificates
    int asked = 0;

private:
    sdk::HttpClient& others_;
};

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    RevocationServer revocations{fake.http};
    sdk::Host host;
    sdk::ConnectionFacts facts;
    std::unique_ptr<sdk::Adapter> adapter;
    tests::FakeProgress progress;

    explicit World(const Wishes& wishes = Wishes());

    sdk::Deadline in(int wait) const { return fake.in(seconds(wait)); }
    /// A delivery whose documents are stored, each with these bytes.
    core::Delivery delivery(const json::Value& content = letters::letter(),
                            const std::string& with = R"({"service":"digital"})",
                            const std::string& bytes = "%PDF-1.7 bytes");
    sdk::Outcome send(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->send(what, progress, in(60)));
    }
    sdk::Outcome look_up(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->look_up(what, progress, in(60)));
    }
    core::Result<sdk::Receipts> poll(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->poll_receipts(what, in(60)));
    }
    sdk::Health health() { return tests::run(io, adapter->check_health(in(10))); }
    /// Receives until corner 2 has been asked for everything in the script, and rests.
    void receive();
    /// Another adapter of the same connection, as after a restart or before another register.
    std::unique_ptr<sdk::Adapter> make(sdk::Host& with) const;
    /// A receipt as the mailbox operator signs it.
    std::string signed_receipt(const json::Value& payload,
                               const std::string& signer = receipts::mailbox_operator) const;
    /// The answer of GET /messages/in that holds these.
    static std::string unread(const std::vector<std::string>& jws);
    const tests::SentRequest& call(std::size_t index) const { return fake.http.calls().at(index); }
};

/// What a POST to corner 2 carried.
struct Posted {
    std::string jws;
    std::string envelope;
    json::Value message;   // the payload

    Posted() = default;
    const json::Value& document() const { return message["standardBusinessDocument"]; }
};
Posted read_posted(const tests::SentRequest& request);

/// What the register says of a person with everything.
json::Value contact();

}   // namespace dpi_world
