#pragma once

// Which connection carries a message, and why. Pure: the same configuration, message and knowledge
// give the same answer, so a dry run tells what will happen.

#include "gateway/core/configuration.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/route/conditions.hpp"
#include "gateway/route/trail.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::route {

struct Question {
    const core::Configuration& configuration;
    const core::TenantId& tenant;
    std::string_view type;
    const json::Value& message;   // normalised content: defaults filled in, documents resolved
    core::Time now{};
    std::optional<Contact> contact;   // none: the register has not been asked
    Trail trail;                      // of the delivery to choose for
    /// The channel's own rules: a choice that cannot carry this letter is passed over. None: not
    /// looked at.
    std::function<bool(const core::RouteTarget&)> fits;

    Question(const core::Configuration& by, const core::TenantId& whose, std::string_view what,
             const json::Value& content, core::Time at)
        : configuration(by), tenant(whose), type(what), message(content), now(at) {}
};

enum class Use {
    chosen,
    possible,    // as the contact register will say
    fall_back,   // should those before it fail
    passed,
};

/// One choice of the route that fits.
struct Option {
    std::size_t position = 0;   // from 1
    core::RouteTarget target;
    Use use = Use::passed;
    core::Code why;
    core::Params params;   // position, connection, route, channel, and what the code says

    Option() = default;
};

struct Decision {
    std::string route;   // its id
    std::vector<Option> options;
    /// Nothing is chosen before the contact register has been asked.
    bool needs_contact = false;
    bool asked = false;   // it has been
    /// message.no_route: nothing carries it; message.no_choice: no choice of its route may, with a
    /// problem for what the letter itself demands.
    std::optional<ports::Refusal> refusal;

    Decision() = default;
    const Option* chosen() const;
    /// The chosen one, or those that the register may choose.
    std::vector<const Option*> candidates() const;
};

/// The first route of the tenant whose type and `when` fit and that names a connection serving the
/// tenant; in it the first choice that may be used, after those already tried.
Decision choose(const Question& question);

/// What is written down with the delivery that goes the chosen way.
Trail trail_of(const Decision& decision, const Trail& before);
/// Of the delivery that takes over from one that went this way and ended.
Trail trail_after(const Trail& before, const core::RouteTarget& ended, Cause cause);

}   // namespace gateway::route
