#pragma once

// What becomes of messages that nobody took: their sender is told by the platform. Facts: wire
// notes 2.1 and 2.2. What the real one writes into avsender-id of such a message is not public:
// here it is the account that did not take it.

#include "adapters/fiks_io/standin/post_office.hpp"

namespace gateway::fiks_io::standin {

/// One thread. Borrows both.
class DeadLetters {
public:
    DeadLetters(const Book& book, PostOffice& post) : book_(book), post_(post) {}

    /// False: the notice could not be sent, once more.
    sdk::Task<bool> handle(Taken dead);
    json::Value audit() const;
    void clear() { counts_.clear(); }

private:
    const Book& book_;
    PostOffice& post_;
    std::map<std::string, std::int64_t> counts_;   // by reason
};

}   // namespace gateway::fiks_io::standin
