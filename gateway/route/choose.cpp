#include "gateway/route/choose.hpp"

#include <algorithm>

namespace gateway::route {
namespace {

using core::Channel;

/// Equal as JSON: 1 and 1.0 are the same number.
bool equal(const json::Value& a, const json::Value& b) {
    if (a.is_number() && b.is_number() && !(a.is_int() && b.is_int())) {
        return a.as_double() == b.as_double();
    }
    return a == b;
}

/// A member that is absent equals null only.
bool fits(const core::RouteConfig& route, const json::Value& message) {
    for (const auto& [pointer, wanted_text] : route.when) {
        const auto wanted = json::parse(wanted_text);
        if (!wanted) {
            return false;
        }
        const json::Value* found = message.at(pointer);
        const json::Value absent;
        if (!equal(found == nullptr ? absent : *found, *wanted)) {
            return false;
        }
    }
    return true;
}

bool serves(const core::Configuration& configuration, const core::ConnectionId& id,
            const core::TenantId& tenant) {
    const auto found = configuration.connections.find(id);
    return found != configuration.connections.end() && found->second.tenants.contains(tenant);
}

const core::RouteConfig* route_of(const Question& question) {
    const auto owner = question.configuration.tenants.find(question.tenant);
    if (owner == question.configuration.tenants.end()) {
        return nullptr;
    }
    for (const auto& route : owner->second.routes) {
        const bool usable =
            std::any_of(route.use.begin(), route.use.end(), [&](const core::RouteTarget& target) {
                return serves(question.configuration, target.connection, question.tenant);
            });
        if (route.type == question.type && usable && fits(route, question.message)) {
            return &route;
        }
    }
    return nullptr;
}

bool was_before(const Trail& trail, const core::RouteConfig& route, std::size_t position,
                const core::RouteTarget& target) {
    const bool passed_by =
        trail.cause != Cause::unread && route.id == trail.route && position <= trail.position;
    return passed_by || trail.has_tried(target);
}

Judgement judge_here(const Question& question, const core::RouteTarget& target,
                     const Knowledge& known) {
    if (!serves(question.configuration, target.connection, question.tenant)) {
        return Judgement(Holds::no, "route.passed_connection");
    }
    auto judged = judge(target, known);
    if (judged.holds != Holds::no && question.fits && !question.fits(target)) {
        return Judgement(Holds::no, "route.passed_rules");
    }
    return judged;
}

bool passed_for(const Decision& decision, std::string_view why) {
    return std::any_of(decision.options.begin(), decision.options.end(), [&](const Option& one) {
        return one.use == Use::passed && one.why.value == why;
    });
}

/// Of those passed over before the chosen one, what a person would want to know.
core::Code why_chosen(const Decision& decision, const Option& option, const Knowledge& known,
                      Cause cause) {
    const auto channel = option.target.channel;
    const auto code = [&](const char* reason) {
        return core::Code("route." + std::string(core::to_string(channel)) + "_" + reason);
    };
    if (cause == Cause::unread) {
        return code("unread");
    }
    if (cause != Cause::first) {
        return code("fell_back");
    }
    if (core::is_digital(channel) && known.contact && known.contact->reserved) {
        return "route.reservation_ignored";
    }
    if (decision.options.empty()) {
        return "route.first_choice";
    }
    if (channel == Channel::paper && passed_for(decision, "route.passed_reserved")) {
        return code("reserved");
    }
    if (channel == Channel::paper && passed_for(decision, "route.passed_cannot_notify")) {
        return code("cannot_notify");
    }
    if (channel != Channel::digital && passed_for(decision, "route.passed_no_mailbox")) {
        return code("no_mailbox");
    }
    if (channel != Channel::digital && passed_for(decision, "route.passed_not_registered")) {
        return code("not_registered");
    }
    if (passed_for(decision, "route.passed_must_be_paper") ||
        passed_for(decision, "route.passed_must_be_digital")) {
        return code("demanded");
    }
    return code("next");
}

/// What the letter itself demands and no choice gives, where it stands in the letter.
std::vector<core::Problem> demands_unmet(const Decision& decision) {
    std::vector<core::Problem> problems;
    if (passed_for(decision, "route.passed_must_be_paper")) {
        problems.emplace_back("/mustBe", "letter.must_be_paper");
    }
    if (passed_for(decision, "route.passed_must_be_digital")) {
        problems.emplace_back("/mustBe", "letter.must_be_digital");
    }
    if (passed_for(decision, "route.passed_graded_address")) {
        problems.emplace_back("/confidentiality/gradedAddress", "letter.graded_not_on_paper");
    }
    return problems;
}

}   // namespace

const Option* Decision::chosen() const {
    for (const auto& option : options) {
        if (option.use == Use::chosen) {
            return &option;
        }
    }
    return nullptr;
}

std::vector<const Option*> Decision::candidates() const {
    std::vector<const Option*> found;
    for (const auto& option : options) {
        if (option.use == Use::chosen || option.use == Use::possible) {
            found.push_back(&option);
        }
    }
    return found;
}

Decision choose(const Question& question) {
    Decision decision;
    const auto* route = route_of(question);
    if (route == nullptr) {
        core::Params params{{"type", std::string(question.type)}};
        decision.refusal.emplace(core::Code("message.no_route"), std::move(params));
        return decision;
    }
    decision.route = route->id;
    decision.asked = question.contact.has_value();
    const auto facts = facts_of(question.message);
    Knowledge known(facts, duties::DutyBook::current(), question.now);
    known.contact = question.contact;
    known.paper_only = question.trail.paper_only;
    known.asks_portals = question.trail.asked;
    bool decided = false;
    for (std::size_t i = 0; i < route->use.size(); ++i) {
        Option option;
        option.position = i + 1;
        option.target = route->use[i];
        if (was_before(question.trail, *route, option.position, option.target)) {
            continue;
        }
        auto judged = judge_here(question, option.target, known);
        option.params = std::move(judged.params);
        if (judged.holds == Holds::no) {
            option.use = Use::passed;
            option.why = std::move(judged.why);
        } else if (decided) {
            option.use = Use::fall_back;
            option.why = "route.fall_back";
        } else if (decision.needs_contact || judged.holds == Holds::unknown) {
            decision.needs_contact = true;
            decided = judged.holds == Holds::yes;
            option.use = Use::possible;
            option.why = "route.depends_on_register";
        } else {
            decided = true;
            option.use = Use::chosen;
            option.why = why_chosen(decision, option, known, question.trail.cause);
        }
        option.params.emplace_back("position", std::to_string(option.position));
        option.params.emplace_back("connection", option.target.connection.value);
        option.params.emplace_back("route", route->id);
        option.params.emplace_back("channel", std::string(core::to_string(option.target.channel)));
        decision.options.push_back(std::move(option));
    }
    if (decision.candidates().empty()) {
        core::Params params{{"route", route->id}};
        decision.refusal.emplace(core::Code("message.no_choice"), std::move(params),
                                 demands_unmet(decision));
    }
    return decision;
}

Trail trail_of(const Decision& decision, const Trail& before) {
    Trail trail = before;
    trail.route = decision.route;
    trail.asked = before.asked || decision.asked;
    if (const auto* chosen = decision.chosen()) {
        trail.position = chosen->position;
    }
    return trail;
}

Trail trail_after(const Trail& before, const core::RouteTarget& ended, Cause cause) {
    Trail trail = before;
    trail.cause = cause;
    trail.paper_only = before.paper_only || cause == Cause::unread;
    core::RouteTarget tried;
    tried.connection = ended.connection;
    tried.with = ended.with;
    trail.tried.push_back(std::move(tried));
    return trail;
}

}   // namespace gateway::route
