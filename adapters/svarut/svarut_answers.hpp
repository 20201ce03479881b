#pragma once

// What SvarUt answers, read: unknown members and unknown statuses are tolerated, another shape is
// not. Pure.

#include "adapters/svarut/svarut_settings.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/exchange.hpp"
#include "gateway/sdk/outcome.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::svarut {

/// {"id": uuid}.
std::optional<std::string> read_id(const sdk::HttpResponse& response);
/// {"forsendelseIds": [...]}, 100 at most.
std::optional<std::vector<std::string>> read_found(const sdk::HttpResponse& response);

/// A shipment's last status, as it was told.
struct Told {
    std::string status;   // empty: told, but not in a way that can be read now
    core::Time at{};

    Told() = default;
};
/// By id; of a shipment told twice the later one. Nothing when one of them has no id.
using Statuses = std::map<std::string, Told>;
std::optional<Statuses> read_statuses(const sdk::HttpResponse& response);

/// One event of a shipment, in SvarUt's words or, of signing, by status.
struct Event {
    std::string status;
    std::string words;
    core::Time at{};

    Event() = default;
};
std::optional<std::vector<Event>> read_events(const sdk::HttpResponse& response);

/// What a status means for the delivery.
enum class Stage {
    under_way,   // ask again
    delivered,   // the recipient can have it; whether it is read may still be told
    done,        // nothing more will come
    failed,      // nothing more will come, and nobody has it
};
Stage stage_of(const std::string& status);

/// The receipt of a status; nothing for one that is no news (MOTTATT) or cannot be read. One that
/// we do not know is an event with its name.
std::optional<sdk::Receipt> receipt_of(const std::string& id, const Told& told);
sdk::Receipt signing_receipt(const std::string& id, const Event& event);

/// When to ask again; nothing when it is over.
std::optional<std::chrono::seconds> ask_again(const Settings& settings, const std::string& status,
                                              core::Duration age);

/// Of a call that is refused for what was sent.
sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response);

}   // namespace gateway::svarut
