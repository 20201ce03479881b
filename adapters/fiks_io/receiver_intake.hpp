#pragma once

// A delivery becomes durable: read, opened, stored. Whatever it is, it ends as a receipt, an inbox
// item or in quarantine; what cannot be done at the moment is waited for.

#include "adapters/fiks_io/receiver_answers.hpp"
#include "adapters/fiks_io/receiver_holding.hpp"
#include "adapters/fiks_io/receiver_item.hpp"

#include <deque>
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
    /// It is durable when this returns: then it may be acknowledged.
    sdk::Task<void> keep(Item& item);

private:
    enum class Kept { yes, later, again };   // again: what was prepared is gone

    /// Bodies that there was no room for, and how many of them have it now.
    struct Rooms {
        int waiting = 0;
        int served = 0;
    };
    struct Roomless {
        Rooms& rooms;
        explicit Roomless(Rooms& all) : rooms(all) { ++rooms.waiting; }
        ~Roomless() {
            if (--rooms.waiting == 0) {
                rooms.served = 0;
            }
        }
        Roomless(const Roomless&) = delete;
        Roomless& operator=(const Roomless&) = delete;
    };

    sdk::Task<void> wait(Item& item, std::string why);
    sdk::Task<bool> wait_for_fiks(Item& item, std::string why);
    sdk::Task<void> ask_again(Item& item);
    sdk::Task<bool> look_up_sender(Item& item);
    sdk::Task<bool> fetch(Item& item);
    sdk::Task<void> open(Item& item);
    sdk::Task<void> read_payload(Item& item);
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
    Recent stored_;   // melding-ids
    Rooms roomless_;
};

}   // namespace gateway::fiks_io
