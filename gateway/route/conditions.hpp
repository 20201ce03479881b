#pragma once

// Whether a choice of a route may be used for a letter: what the letter demands, what the law asks,
// then the choice's own conditions. Pure.

#include "gateway/core/code.hpp"
#include "gateway/core/configuration.hpp"
#include "gateway/duties/duty_book.hpp"
#include "gateway/route/facts.hpp"

namespace gateway::route {

enum class Holds { yes, no, unknown };   // unknown: the contact register must be asked

struct Judgement {
    Holds holds = Holds::yes;
    core::Code why;   // of `no`: route.passed_*
    core::Params params;

    Judgement() = default;
    explicit Judgement(Holds what, core::Code reason = {}, core::Params with = {})
        : holds(what), why(std::move(reason)), params(std::move(with)) {}
};

/// What is known when a choice is judged.
struct Knowledge {
    const Facts& facts;
    const duties::DutyBook& book;
    core::Time now{};
    std::optional<Contact> contact;   // none: not asked yet
    bool paper_only = false;          // the letter's unread rule asks for a copy on paper
    bool asks_portals = false;   // the register was asked before: nobody is put in a portal unasked

    Knowledge(const Facts& of, const duties::DutyBook& duties, core::Time at)
        : facts(of), book(duties), now(at) {}
};

/// The letter's ignoreReservation, where its kind allows it.
bool ignores_reservation(const Knowledge& known);
Judgement judge(const core::RouteTarget& target, const Knowledge& known);

}   // namespace gateway::route
