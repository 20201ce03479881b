#pragma once

// A broker of AMQP at the far end of a scripted stream: lets everybody in, opens channels, gives
// queues out, and remembers what it was told. One thread.

#include "tests/support/amqp_bytes.hpp"
#include "tests/support/scripted_streams.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tests {

class AmqpBroker {
public:
    explicit AmqpBroker(std::shared_ptr<FarEnd> end);

    /// Gives `told` out on the open channel of its queue; its tag is set. False: there is none.
    /// Also behind a cancel: it was on its way.
    bool deliver(amqp::Told told);
    void close_channel(const std::string& queue, unsigned code);
    std::size_t count(unsigned class_id, unsigned method_id) const;
    std::size_t acknowledged() const { return count(60, 80); }
    std::size_t requeued() const { return count(60, 120); }
    bool is_consumed(const std::string& queue) const { return consumed_.contains(queue); }
    FarEnd& end() { return *end_; }

    std::vector<amqp::Said> said;
    std::string password;                      // of the login, as it came: user and password by NUL
    bool hushed = false;                       // answers nothing any more
    unsigned refuses_login = 0;                // with this number
    unsigned refuses_host = 0;                 // the virtual host, with this number
    std::map<std::string, unsigned> refuses;   // queue: with this number

private:
    void answer();
    std::string answer_to(const amqp::Said& one);
    std::string consume(const amqp::Said& one);

    std::shared_ptr<FarEnd> end_;                // shared with the streams of the test
    std::map<std::string, unsigned> channels_;   // open ones
    std::set<std::string> consumed_;
    std::map<unsigned, std::uint64_t> tags_;
};

}   // namespace tests
