#pragma once

// Fetches receipts: asks for each channel in turn, keeps each receipt durably and only then marks
// it read. Whatever cannot be handled is kept too, in quarantine; nothing that corner 2 gave out is
// lost, and no single item holds up the others.

#include "adapters/digital_post/dpi_answers.hpp"
#include "adapters/digital_post/dpi_channels.hpp"
#include "adapters/digital_post/dpi_client.hpp"
#include "adapters/digital_post/dpi_trust.hpp"

#include <deque>
#include <set>
#include <string>

namespace gateway::digital_post {

/// Deliveries whose fate the operators have told: nobody need ask corner 2 about them any more. In
/// memory alone, and only so many: forgetting one costs a question.
class Settled {
public:
    void add(const core::DeliveryId& delivery);
    bool holds(const core::DeliveryId& delivery) const { return all_.contains(delivery); }

private:
    std::set<core::DeliveryId> all_;
    std::deque<core::DeliveryId> order_;
};

/// Lives on its connection's strand; everything given outlives it.
class ReceiptPoller {
public:
    ReceiptPoller(const Settings& settings, Trust& trust, Channels& channels, Settled& settled,
                  sdk::Host& host)
        : settings_(settings),
          trust_(trust),
          channels_(channels),
          settled_(settled),
          host_(host),
          client_(host) {}

    /// Until cancelled.
    sdk::Task<void> run();
    /// Once over all channels. False when something must be tried again.
    sdk::Task<bool> round();

private:
    /// What became of an item: kept and read; kept, but corner 2 goes on giving it out; to be tried
    /// again.
    enum class Taken { done, stays, failed };
    /// What became of the question, and of what was there.
    struct Drained {
        bool answered = false;
        bool kept_all = false;

        Drained() = default;
        Drained(bool was_answered, bool was_kept) : answered(was_answered), kept_all(was_kept) {}
    };

    sdk::Task<Drained> drain(std::string channel);
    sdk::Task<std::optional<std::vector<Unread>>> fetch(const std::string& channel);
    sdk::Task<Taken> take(const Unread& item);
    sdk::Task<boost::system::result<ReceiptFacts, Doubt>> read(const SignedMessage& message);
    sdk::Task<Taken> keep(const Unread& item, const ReceiptFacts& facts);
    sdk::Task<Taken> set_aside(const Unread& item, const std::string& id,
                               const seal::Finding& finding);
    sdk::Task<Taken> mark_read(const std::string& id);

    const Settings& settings_;
    Trust& trust_;
    Channels& channels_;
    Settled& settled_;
    sdk::Host& host_;
    Client client_;
};

}   // namespace gateway::digital_post
