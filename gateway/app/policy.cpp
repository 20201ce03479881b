#include "gateway/app/policy.hpp"

#include "gateway/app/message_content.hpp"
#include "gateway/route/letter_rules.hpp"
#include "gateway/route/telling.hpp"

#include <algorithm>

namespace gateway::app {
namespace {

using core::DeliveryState;
using core::MachineEvent;
using route::Cause;

constexpr const char* alarm_name = "notice_alarm";

bool is_readable(const dispatch::Cargo& cargo) {
    return cargo.vault != nullptr && cargo.content.is_object();
}

core::RouteTarget way_of(const ports::DeliveryRow& row) {
    core::RouteTarget target;
    target.connection = row.connection.value_or(core::ConnectionId());
    target.with = row.settings;
    return target;
}

/// The sender's own limit is nobody's to move; without one a copy gets the time of a new message.
std::optional<core::Time> expiry_of_copy(const dispatch::Cargo& cargo,
                                         std::optional<core::Time> expires, core::Time now) {
    if (cargo.content.has("expiresAt")) {
        return expires;
    }
    const auto lifetime = now + cargo.configuration->dispatch.message_lifetime;
    return expires ? std::max(*expires, lifetime) : lifetime;
}

/// The time of its choice was up, not that of the message.
bool gave_up(const dispatch::Cargo& cargo, const route::Trail& trail, core::Time now) {
    const auto& row = cargo.claimed.row;
    if (!row.expires_at || trail.position == 0) {
        return false;
    }
    return !trail.expires_at || (*trail.expires_at > now && *row.expires_at < *trail.expires_at);
}

bool fails(sdk::ReceiptKind kind) {
    return kind == sdk::ReceiptKind::failed || kind == sdk::ReceiptKind::refused ||
           kind == sdk::ReceiptKind::returned;
}

std::string hours_between(core::Time from, core::Time to) {
    return std::to_string(std::chrono::duration_cast<std::chrono::hours>(to - from).count());
}

}   // namespace

ports::NewEvent Policy::event(std::string name, core::Code code, core::Params params) const {
    ports::NewEvent made;
    made.id = ids_.next<core::EventId>();
    made.at = clock_.now();
    made.name = std::move(name);
    made.code = std::move(code);
    made.params = std::move(params);
    return made;
}

route::Question Policy::question(const dispatch::Cargo& cargo) const {
    route::Question question(*cargo.configuration, cargo.claimed.tenant, cargo.claimed.type,
                             cargo.content, clock_.now());
    question.trail = route::read_trail(cargo.claimed.row.choice);
    question.fits = [&connections = connections_, &cargo, now = clock_.now(),
                     documents = references_in(cargo.content)](const core::RouteTarget& target) {
        const auto connection = connections.find(target.connection);
        if (connection == nullptr) {
            return true;   // it may be back when its turn comes
        }
        const auto with = json::parse(target.with);
        return connection->capability(cargo.claimed.type) != nullptr &&
               connection
                   ->check(cargo.claimed.type, cargo.content, with ? *with : json::Value::object(),
                           documents, now)
                   .empty();
    };
    return question;
}

std::optional<ports::TakeOver> Policy::next_way(const dispatch::Cargo& cargo, Cause cause,
                                                std::vector<ports::NewEvent>& told) const {
    const auto& row = cargo.claimed.row;
    if (!is_readable(cargo) || !row.connection) {
        return std::nullopt;
    }
    const auto now = clock_.now();
    auto asked = question(cargo);
    auto expires = asked.trail.position > 0 ? asked.trail.expires_at : row.expires_at;
    if (cause == Cause::unread) {
        expires = expiry_of_copy(cargo, expires, now);
    }
    if (expires && *expires <= now) {
        return std::nullopt;
    }
    asked.trail = route::trail_after(asked.trail, way_of(row), cause);
    const auto decision = route::choose(asked);
    if (decision.refusal) {
        told = route::events_of(decision, ids_, now);
        return std::nullopt;
    }
    ports::TakeOver next;
    next.delivery.id = ids_.next<core::DeliveryId>();
    next.delivery.upstream_key = next.delivery.id.to_string();   // a new letter to the component
    next.delivery.due = now;
    next.delivery.expires_at = expires;
    next.delivery.replaces = row.id;
    if (const auto& order = cargo.content["orderKey"].as_string(); !order.empty()) {
        next.delivery.order_token = cargo.vault->token(crypto::TokenKind::order_key, order);
    }
    next.events.push_back(event(cause == Cause::unread ? "unread" : "fell_back", {},
                                {{"connection", row.connection->value}}));
    next.events.back().code = core::Code(next.events.back().name);
    if (decision.chosen() == nullptr) {
        asked.trail.expires_at = expires;
        next.delivery.choice = route::write(asked.trail);
        return next;
    }
    auto way = chosen_way(decision, asked.trail, expires, now);
    next.delivery.connection = way.connection;
    next.delivery.settings = std::move(way.settings);
    next.delivery.channel = way.channel;
    next.delivery.choice = std::move(way.choice);
    next.delivery.expires_at = way.expires_at;
    auto events = route::events_of(decision, ids_, now);
    next.events.insert(next.events.end(), events.begin(), events.end());
    return next;
}

std::optional<core::Time> Policy::unread_at(const dispatch::Cargo& cargo, core::Time from) const {
    const auto& row = cargo.claimed.row;
    const auto after = route::unread_after(cargo.content);
    const bool on_a_screen = core::is_digital(row.channel.value_or(core::Channel::digital));
    if (!after || !on_a_screen || route::read_trail(row.choice).paper_only) {
        return std::nullopt;
    }
    return from + *after;
}

void Policy::follow(const dispatch::Cargo& cargo, MachineEvent event_now,
                    const sdk::Outcome& outcome, ports::FinishCommand& command) const {
    std::vector<ports::NewEvent> told;
    if (command.state == DeliveryState::delivered) {
        command.unread_at = unread_at(cargo, command.at);
    }
    if (command.state == DeliveryState::failed && event_now == MachineEvent::refused &&
        route::other_channel_may(outcome.other_channel_may, outcome.code)) {
        command.take_over = next_way(cargo, Cause::refused, told);
    }
    const auto& row = cargo.claimed.row;
    const auto trail = route::read_trail(row.choice);
    if (command.state == DeliveryState::expired && gave_up(cargo, trail, command.at)) {
        command.take_over = next_way(cargo, Cause::gave_up, told);
        core::Params params{{"connection", row.connection->value},
                            {"hours", hours_between(row.created, command.at)}};
        command.code = core::Code("route.gave_up");
        command.params = params;
        for (auto& one : command.events) {
            if (one.name == "expired") {
                one.code = command.code;
                one.params = params;
            }
        }
    }
    // Why there is no other way stands before the end itself.
    command.events.insert(command.events.begin(), told.begin(), told.end());
}

void Policy::follow(const dispatch::Cargo& cargo, const sdk::Receipt& receipt,
                    ports::ReceiptCommand& command) const {
    if (!is_readable(cargo)) {
        return;
    }
    if (command.reached == DeliveryState::delivered) {
        command.unread_at = unread_at(cargo, command.at);
    }
    if (fails(receipt.kind) && route::other_channel_may(receipt.other_channel_may, command.code)) {
        std::vector<ports::NewEvent> told;
        command.take_over = next_way(cargo, Cause::failed, told);
        command.events.insert(command.events.begin(), told.begin(), told.end());
    }
    const auto& kind = cargo.content["kind"].as_string();
    if (receipt.kind == sdk::ReceiptKind::notice_failed &&
        duties::DutyBook::current().duties(kind, command.at).notice_owed) {
        command.events.push_back(event(alarm_name, core::Code("duty.notice_failed"), {}));
    }
}

void Policy::apply_unread(const dispatch::Cargo& cargo, ports::FinishCommand& command) const {
    std::vector<ports::NewEvent> told;
    command.unread_settled = true;
    command.take_over = next_way(cargo, Cause::unread, told);
    if (!command.take_over) {
        command.events.insert(command.events.end(), told.begin(), told.end());
        command.events.push_back(event("unread", core::Code("route.unread_no_paper"), {}));
    }
}

void Policy::count(const dispatch::Cargo& cargo, const ports::ReceiptCommand& command,
                   const ports::ReceiptAnswer& answer) const {
    if (answer.duplicate) {
        return;
    }
    for (const auto& one : command.events) {
        if (one.name == alarm_name) {
            metrics_.count("sluse_alarms_total",
                           {{"tenant", cargo.claimed.tenant.value}, {"code", one.code.value}}, 1);
            log_.write(sdk::Severity::warning, "alarm",
                       {{"code", one.code.value}, {"delivery", cargo.claimed.row.id.to_string()}});
        }
    }
}

}   // namespace gateway::app
