#include "gateway/route/conditions.hpp"

#include <algorithm>

namespace gateway::route {
namespace {

using core::Channel;
using core::RouteCondition;

Judgement no(const char* why) {
    return Judgement(Holds::no, core::Code(why));
}

Judgement unmet(const char* condition) {
    return Judgement(Holds::no, "route.passed_condition", {{"condition", condition}});
}

bool names(const std::vector<std::string>& list, const std::string& word) {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

bool is(const std::optional<bool>& wanted, bool fact) {
    return !wanted || *wanted == fact;
}

/// What the letter demands of every channel.
Judgement demands(const core::RouteTarget& target, const Knowledge& known) {
    const bool on_paper = target.channel == Channel::paper;
    const bool wants_paper = known.paper_only || known.facts.must_be == "paper";
    if (wants_paper && !on_paper) {
        return no("route.passed_must_be_paper");
    }
    if (known.facts.must_be == "digital" && on_paper) {
        return no("route.passed_must_be_digital");
    }
    if (known.facts.graded_address && !known.book.graded_may(target.channel, known.now)) {
        return no("route.passed_graded_address");
    }
    return Judgement();
}

/// Conditions that the letter alone decides.
Judgement of_letter(const RouteCondition& wanted, const Facts& facts) {
    struct Rule {
        bool holds;
        const char* name;
    };
    const bool has_address = facts.country.has_value();
    const std::string country = facts.country.value_or("");
    const Rule rules[] = {
        {!wanted.recipient || *wanted.recipient == facts.recipient, "recipient"},
        {names(wanted.kind, facts.kind), "kind"},
        {names(wanted.must_be, facts.must_be), "must_be"},
        {names(wanted.confidentiality, facts.confidentiality), "confidentiality"},
        {is(wanted.health, facts.health), "health"},
        {is(wanted.child, facts.child), "child"},
        {is(wanted.graded_address, facts.graded_address), "graded_address"},
        {is(wanted.open_receipt, facts.open_receipt), "open_receipt"},
        {is(wanted.has_address, has_address), "has_address"},
        {is(wanted.abroad, has_address && country != "NO"), "abroad"},
        {wanted.country.empty() || (has_address && names(wanted.country, country)), "country"},
        {facts.bytes >= wanted.bytes_min.value_or(0), "bytes_min"},
        {facts.bytes <= wanted.bytes_max.value_or(facts.bytes), "bytes_max"},
        {facts.documents >= wanted.documents_min.value_or(0), "documents_min"},
        {facts.documents <= wanted.documents_max.value_or(facts.documents), "documents_max"},
    };
    for (const auto& rule : rules) {
        if (!rule.holds) {
            return unmet(rule.name);
        }
    }
    return Judgement();
}

/// What the law asks before a person is written to on a screen.
Judgement of_law(const core::RouteTarget& target, const Knowledge& known) {
    if (!known.facts.is_to_person() || !core::is_digital(target.channel)) {
        return Judgement();
    }
    const bool minds_reservation = !ignores_reservation(known);
    const bool minds_notice = known.book.duties(known.facts.kind, known.now).notice_owed;
    if (!known.contact) {
        // A portal looks up reservations itself.
        const bool must_ask = (target.channel == Channel::digital || known.asks_portals) &&
                              (minds_reservation || minds_notice);
        return Judgement(must_ask ? Holds::unknown : Holds::yes);
    }
    if (minds_reservation && known.contact->reserved) {
        return no("route.passed_reserved");
    }
    if (minds_notice && !known.contact->can_notify) {
        return no("route.passed_cannot_notify");
    }
    return Judgement();
}

/// Conditions that the contact register decides.
Judgement of_register(const RouteCondition& wanted, const Knowledge& known) {
    if (!wanted.asks_register()) {
        return Judgement();
    }
    Contact contact;
    contact.status = "not_registered";
    if (known.facts.is_to_person()) {
        if (!known.contact) {
            return Judgement(Holds::unknown);
        }
        contact = *known.contact;
    }
    if (!is(wanted.reserved, contact.reserved)) {
        return contact.reserved ? no("route.passed_reserved") : unmet("reserved");
    }
    if (!names(wanted.status, contact.status)) {
        const bool active_wanted = names(wanted.status, "active");
        return active_wanted ? no("route.passed_not_registered") : unmet("status");
    }
    if (!is(wanted.mailbox, contact.mailbox)) {
        return contact.mailbox ? unmet("mailbox") : no("route.passed_no_mailbox");
    }
    if (!is(wanted.can_notify, contact.can_notify)) {
        return contact.can_notify ? unmet("can_notify") : no("route.passed_cannot_notify");
    }
    return Judgement();
}

}   // namespace

bool ignores_reservation(const Knowledge& known) {
    return known.facts.ignore_reservation &&
           !known.book.duties(known.facts.kind, known.now).reservation_binds;
}

Judgement judge(const core::RouteTarget& target, const Knowledge& known) {
    for (auto judged : {demands(target, known), of_letter(target.condition, known.facts)}) {
        if (judged.holds == Holds::no) {
            return judged;
        }
    }
    auto law = of_law(target, known);
    auto own = of_register(target.condition, known);
    if (law.holds == Holds::no) {
        return law;
    }
    return own.holds == Holds::yes ? law : own;
}

}   // namespace gateway::route
