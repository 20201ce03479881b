#pragma once

// Acts that wait for a second person: asked by one, settled once. Errors as in ports/store.hpp.

#include "gateway/core/assert.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::ports {

enum class AskedState : std::uint8_t {
    asked = 1,
    approved = 2,   // the intent: it is carried out, or was when a crash came between
    done = 3,
    refused = 4,   // approved, and could not be carried out any more
    declined = 5,
    expired = 6,
    withdrawn = 7,   // by who asked
};

/// Nothing is to come.
constexpr bool is_over(AskedState state) {
    return state != AskedState::asked && state != AskedState::approved;
}

/// The words of people and what was asked are sealed, each with a key of its own: what was asked
/// is gone when it is over, the words stay as long as the row.
struct AskedAct {
    core::Uuid id;
    core::TenantId tenant;
    std::string act;      // "group-retry"
    std::string target;   // of what it is an act: an id, never personal; empty: it says nothing
    std::string who;
    core::Time asked{};
    core::Time expires{};
    std::string sealed_why;
    std::string words_key;        // wrapped
    std::string sealed_request;   // empty when it is over
    std::string request_key;      // wrapped; empty when it is over
    AskedState state = AskedState::asked;
    std::string decided_by;   // empty: nobody did
    std::optional<core::Time> decided;
    std::string sealed_answer;   // why, of who decided
    std::optional<core::Time> ended;
    core::Code code;   // why it was refused

    AskedAct() = default;
    friend bool operator==(const AskedAct&, const AskedAct&) = default;
};

/// From one state to the next: of two that come at once one finds it there.
struct AskedMove {
    core::Uuid id;
    AskedState from = AskedState::asked;
    AskedState to = AskedState::approved;
    core::Time at{};
    std::string by;              // who decides; empty leaves it as it is
    std::string sealed_answer;   // likewise
    core::Code code;

    AskedMove() = default;
};

struct AskedQuery {
    std::vector<core::TenantId> tenants;   // none: all
    bool open = false;                     // those alone that are not over
    std::size_t limit = 50;
    std::optional<std::pair<core::Time, core::Uuid>> after;   // behind this one, newest first

    AskedQuery() = default;
};

/// Of one tenant: more are refused.
inline constexpr std::size_t asked_open_max = 500;

class AskedStore {
public:
    virtual ~AskedStore() = default;

    /// conflict: the same act of the same target waits already. too_large: too many wait.
    virtual sdk::Task<sdk::Result<void>> ask(AskedAct act) = 0;
    virtual sdk::Task<sdk::Result<std::optional<AskedAct>>> find_asked(core::Uuid id) = 0;
    /// Newest first, without what was asked.
    virtual sdk::Task<sdk::Result<std::vector<AskedAct>>> asked(AskedQuery query) = 0;
    /// Approved and not carried out, or past their time: the oldest first.
    virtual sdk::Task<sdk::Result<std::vector<AskedAct>>> asked_due(core::Time now,
                                                                    std::size_t limit) = 0;
    /// not_found. conflict: it is in another state; nothing is changed.
    virtual sdk::Task<sdk::Result<void>> move_asked(AskedMove move) = 0;
    /// Those that ended before.
    virtual sdk::Task<sdk::Result<void>> forget_asked(core::Time before) = 0;
};

/// Every store keeps them.
inline AskedStore& asked_of(Store& store) {
    auto* const asked = dynamic_cast<AskedStore*>(&store);
    GATEWAY_ASSERT(asked != nullptr);
    return *asked;
}

}   // namespace gateway::ports
