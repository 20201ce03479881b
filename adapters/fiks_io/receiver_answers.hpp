#pragma once

// Tells senders what became of their messages: that they are here, that they could not be taken.
// Who may be told what is the protocol's data; silence is an answer, too: KS prints and posts a
// report of concern that nobody has answered.

#include "adapters/fiks_io/receiver_desk.hpp"
#include "adapters/fiks_io/receiver_memo.hpp"
#include "gateway/sdk/host.hpp"

#include <optional>
#include <string>

namespace gateway::fiks_io {

/// What a sender is to be told; `type` empty: nothing.
struct Reply {
    std::string type;
    std::string words;    // of an error, for the sender's people; in Norwegian, as all of Fiks is
    bool alarm = false;   // a person here is to look at it

    Reply() = default;
};

/// Pure.
Reply reply_to(const Memo& memo, const sdk::InboundSettled& what, const Account* account);

/// The file of an error answer, by the protocol's form.
Files error_files(const MessageType& asked, const MessageType& error, const std::string& id,
                  const std::string& words);

/// Lives on its connection's strand; everything given outlives it.
class SenderAnswers {
public:
    SenderAnswers(const Settings& settings, Desk& desk, sdk::Host& host)
        : settings_(settings), desk_(desk), host_(host) {}

    /// Idempotent: every try has the item's id as klientMeldingId, by which the sender knows it.
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled what, sdk::Deadline deadline);

private:
    const Settings& settings_;
    Desk& desk_;
    sdk::Host& host_;
};

}   // namespace gateway::fiks_io
