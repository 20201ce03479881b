#pragma once

// Debian's RabbitMQ as a child: own data folder, node name, port mapper and ports, all on loopback;
// nothing of a system-wide RabbitMQ is used or touched. It dies with this program, also when that
// is killed. Who may log in and read what is asked of an HTTP address of ours
// (rabbitmq_auth_backend_http). Facts: wire notes 2.1 and 10.1; the plugin's README for the four
// questions.

#include "gateway/runtime/child_process.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/task.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace gateway::fiks_io::standin {

struct BrokerSettings {
    std::string folder;            // the data's, the logs'; made when absent
    std::string auth_url;          // asked below it: /user, /vhost, /resource, /topic
    std::string certificate_pem;   // leaf and what it hangs on
    std::string key_pem;
    std::string ca_pem;

    BrokerSettings() = default;
};

/// One thread: the program's first, since the children end with the thread that made them.
class RabbitBroker {
public:
    /// Are the programs of the Debian package rabbitmq-server there? The server itself is looked
    /// for in SLUSE_RABBITMQ_FOLDER when that is set.
    static bool is_installed();

    /// `clock` outlives it.
    RabbitBroker(BrokerSettings settings, sdk::Clock& clock);
    ~RabbitBroker();   // kills it: what it confirmed is on disk

    /// Starts it and blocks until both ports answer. Throws std::runtime_error with the end of its
    /// log when it does not come up.
    void start();
    /// As start(), without blocking the thread.
    sdk::Task<void> start_again();
    /// Orderly, then by force.
    sdk::Task<void> stop();
    /// At once, as a power button would.
    void kill() { node_.reset(); }
    bool is_running() { return node_ && !node_->ended(); }
    /// Both ports answer.
    bool is_ready();

    std::uint16_t tls_port() const { return tls_port_; }
    /// For the stand-in itself.
    std::uint16_t plain_port() const { return plain_port_; }

    /// Asks the running node: `call("rabbit_networking", "close_all_connections", "[\"text\"]")`.
    /// False when it does not do it. Blocks for some milliseconds.
    bool call(const std::string& module, const std::string& function, const std::string& arguments);

private:
    void begin();
    void start_port_mapper();
    void write_settings() const;
    std::map<std::string, std::string> environment() const;
    std::string log_end() const;

    BrokerSettings settings_;
    sdk::Clock& clock_;
    std::uint16_t mapper_port_ = 0;
    std::uint16_t tls_port_ = 0;
    std::uint16_t plain_port_ = 0;
    std::uint16_t node_port_ = 0;
    std::unique_ptr<runtime::ChildProcess> mapper_;
    std::unique_ptr<runtime::ChildProcess> node_;
};

}   // namespace gateway::fiks_io::standin
