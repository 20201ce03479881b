#pragma once

// A delivery becomes durable: read, opened, stored. Whatever it is, it ends as a receipt, an inbox
// item or in quarantine; what cannot be done at the moment is waited for.

#include "adapters/fiks_io/receiver_answers.hpp"
#include "adapters/fiks_io/receiver_holding.hpp"
#include "adapters/fiks_io/receiver_item.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>

namespace gateway::fiks_io {

/// The last so many of what was seen. In memory alone: forgetting one costs an answer too many.
class Recent {
public:
    void add(const std::string& id);
    bool holds(const std::string& id) const { return all_.contains(id); }

private:
    std::set<std::string> all_;
    std::deque<std::string> order_;
};

/// Lives on its connection's strand; everything given outlives it.
class Intake {
public:
    Intake(const Settings& settings, Desk& desk, SenderAnswers& answers, Holding& holding,
           sdk::Host& host)
        : settings_(settings), desk_(desk), answers_(answers), holding_(holding), host_(host) {}

    /// Everything that needs no order. False: it is not ours any more.
    sdk::Task<bool> prepare(Item& item);
    /// Durable when true: then it may be acknowledged.
    sdk::Task<bool> keep(Item& item);
    /// What became of an item of the system's: told again when it comes again.
    void remember(const sdk::InboundSettled& what);

private:
    enum class Kept { yes, later, again };   // again: what was prepared is gone

    sdk::Task<bool> wait(Item& item, std::string why);
    sdk::Task<bool> ask_again(Item& item);
    sdk::Task<bool> look_up_sender(Item& item);
    sdk::Task<bool> fetch(Item& item);
    sdk::Task<bool> open(Item& item);
    sdk::Task<bool> read_payload(Item& item);
    void set_aside(Item& item, core::Code code, core::Params params = {});

    sdk::Task<Kept> try_to_keep(Item& item);
    sdk::Task<Kept> keep_message(Item& item);
    sdk::Task<Kept> keep_answer(Item& item);
    sdk::Task<Kept> keep_receipt(Item& item, std::optional<core::DeliveryId>& delivery);
    sdk::Task<Kept> quarantine(Item& item);
    sdk::Task<bool> attach(const Item& item, sdk::Oddity& oddity);
    sdk::Task<void> answer_again(const Item& item, const sdk::InboundKept& kept);
    void say_not_stored(const core::Failure& failure);

    const Settings& settings_;
    Desk& desk_;
    SenderAnswers& answers_;
    Holding& holding_;
    sdk::Host& host_;
    Recent stored_;                                    // melding-ids
    std::map<std::string, sdk::Settlement> settled_;   // by dedupe id
    std::deque<std::string> settled_order_;
};

}   // namespace gateway::fiks_io
