#pragma once

// The broker's door: RabbitMQ asks over HTTP who may log in and what they may do there. Facts: wire
// notes 2.1 and 10.1; the four questions of rabbitmq_auth_backend_http.

#include "adapters/fiks_io/standin/access.hpp"
#include "adapters/fiks_io/standin/broker/amqp_letter.hpp"

namespace gateway::fiks_io::standin {

/// One thread. Borrows all.
class Door {
public:
    Door(gateway::standin::World& world, Access& access, const Book& book);

    /// The stand-in's own way in.
    const OwnLogin& own() const { return own_; }
    /// Strangers wait until the queues are there.
    void open() { open_ = true; }
    /// POST .../{user|vhost|resource|topic}: "allow" or "deny".
    sdk::Task<http::Response> answer(http::Request& request, const std::string& question);

private:
    sdk::Task<bool> may_enter(std::string user, std::string password);
    bool may_use(const std::string& user, const std::string& resource, const std::string& name,
                 const std::string& permission) const;

    gateway::standin::World& world_;
    Access& access_;
    const Book& book_;
    OwnLogin own_;
    bool open_ = false;
};

}   // namespace gateway::fiks_io::standin
