#pragma once

// What makes a stand-in a program: arguments, the two listeners, faults, the one JSON line, the
// end.
//
//   standin-<name> --port 0 --control-port 0 --state DIR [--tls valid|expired|wrong-host] [--ca
//   DIR] [own options]
//
// Public side: the imitation. Control side (always plain, loopback): POST /control/faults, GET and
// DELETE /control/faults, GET /control/state, GET /control/requests, POST /control/clock, POST
// /control/tls, POST /control/reset, and what the stand-in adds. Ends on SIGTERM or SIGINT, when
// the parent dies, and when its standard input is a pipe that closes.

#include "adapters/common/standin/faults.hpp"
#include "adapters/common/standin/skewed_clock.hpp"
#include "adapters/common/standin/test_ca.hpp"
#include "gateway/http/message.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gateway::standin {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::uint16_t control_port = 0;
    std::string state;
    std::string tls;   // "", "valid", "expired", "wrong-host"
    std::string ca;    // folder of the test authority; by default <state>/ca
    std::map<std::string, std::string> own;

    std::string text(const std::string& name, std::string otherwise) const;
    double number(const std::string& name, double otherwise) const;
};

/// What a stand-in stands on. Outlives it.
struct World {
    const Options& options;
    SkewedClock& clock;
    Faults& faults;
    std::function<TestCa&()> ca;             // made at the first call: two RSA keys take a moment
    boost::asio::any_io_executor executor;   // of the one thread
    std::string control_url{};               // known when the service is opened
};

/// The imitation. All calls come from the one thread.
class Service : public http::Handler {
public:
    /// The own address is known and nothing has been asked yet. Throws what is wrong with the
    /// options or the files.
    virtual void open(const std::string& url) = 0;
    /// What the kit's control calls do not cover; 404 by default.
    virtual sdk::Task<http::Response> control(http::Request& request);
    /// Everything an auditor may ask about.
    virtual json::Value state() = 0;
    /// Forgets what was stored; what was configured stays.
    virtual void reset() = 0;
    /// Members for the JSON line.
    virtual json::Value material() { return json::Value::object(); }

    http::Response refuse(int status, std::string_view code,
                          std::string_view accept_language) override;
};

struct Definition {
    std::string name;
    std::vector<std::string> own_options;   // "maskinporten-url", ...
    std::function<std::unique_ptr<Service>(World&)> make;
};

/// `main` of a stand-in: 0 after a clean end, 2 for bad arguments, 1 otherwise.
int run_standin(int argc, char** argv, const Definition& definition);

}   // namespace gateway::standin
