#pragma once

// What corner 2 answers. Pure.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/exchange.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::digital_post {

/// Of POST /messages/out. `accepted` for any 2xx that is not a web page (documents disagree on
/// which). A refusal at the door (408, 429, 503) is passing; another 5xx leaves it unknown whether
/// the message was taken. 401 is left to the caller, who has one new token to try.
sdk::Outcome outcome_of_sending(const sdk::HttpResponse& response);

/// It says that our message id is in use: the message may be there already.
bool says_id_is_used(const sdk::HttpResponse& response);

/// What corner 2 has done with a message.
enum class Passage { created, sent, failed };
struct Status {
    Passage passage = Passage::created;
    std::string description;
    std::optional<core::Time> at;   // it may be missing in practice

    Status() = default;
};

/// Of GET /messages/out/{id}/statuses, in the order they stand. Empty: corner 2 does not have the
/// message (404, 204, an empty list). Nothing: the answer says nothing of it.
std::optional<std::vector<Status>> read_statuses(const sdk::HttpResponse& response);

/// The newest; where times are missing the last in the list. Not of an empty list.
const Status& latest(const std::vector<Status>& statuses);

/// The news in a list of statuses, and when to ask again: by the letter's age, until the operators
/// must have told what became of it.
sdk::Receipts receipts_of(const std::vector<Status>& statuses, core::Time accepted_at,
                          core::Time now);

/// One unread item: the signed message, and where its id stands if that cannot be read.
struct Unread {
    std::string jws;         // an item without a message: the item itself, which no reader takes
    std::string id_in_url;   // lower-case UUID from `downloadurl`; empty: none

    Unread() = default;
};

/// Of GET /messages/in. Nothing: not what was agreed.
std::optional<std::vector<Unread>> read_unread(const sdk::HttpResponse& response);

/// Why a question got no answer that could be read.
sdk::Outcome outcome_without_effect(const sdk::HttpResponse& response);

/// A 4xx of any call: final, with its reason. What corner 2 said goes to the sealed part.
sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response);

}   // namespace gateway::digital_post
