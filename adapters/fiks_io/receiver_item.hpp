#pragma once

// One delivery on its way from the queue to the store.

#include "adapters/fiks_io/amqp/amqp_connection.hpp"
#include "adapters/fiks_io/receiver_holding.hpp"
#include "adapters/fiks_io/receiver_news.hpp"

#include <memory>
#include <string>

namespace gateway::fiks_io {

struct Item {
    amqp::Message message;
    std::weak_ptr<amqp::Connection> connection;   // it came by; gone: it comes again
    Arrived arrived;
    std::unique_ptr<sdk::Spool> fetched;   // instead of the message's own body

    // What is wrong with it, for quarantine; `fault` empty: nothing.
    core::Code fault;
    core::Params params;
    bool answer_unreadable = false;   // an answer whose payload does not open: it still is news
    int waits = 0;                    // in a row
    bool fiks_answered = false;       // after the last try, though not for this message
    std::optional<Holding::Place> place;   // while it waits

    Item() = default;
    /// The broker still waits for our word on it; else it comes again.
    bool is_ours() const {
        const auto alive = connection.lock();
        return alive != nullptr && alive->holds(message.tag);
    }
    void goes_on() {
        waits = 0;
        fiks_answered = false;
        place.reset();
    }
    bool has_bytes() const { return fetched || message.body.size() > 0; }
    std::uint64_t size() const { return fetched ? fetched->size() : message.body.size(); }
    std::unique_ptr<sdk::ByteSource> open() const {
        return fetched ? fetched->open() : message.body.open();
    }
};

}   // namespace gateway::fiks_io
