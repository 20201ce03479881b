#include "gateway/view/result_view.hpp"

#include "gateway/duties/duty_book.hpp"

#include <algorithm>
#include <optional>

namespace gateway::view {
namespace {

using core::DeliveryState;
using core::Time;

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
    return a && b ? std::min(*a, *b) : (a ? a : b);
}

/// When this was first said of one delivery.
std::optional<Time> said_at(const ResultFacts& facts, const ports::DeliveryRow& delivery,
                            std::string_view name) {
    std::optional<Time> at;
    for (const auto& event : facts.events) {
        if (event.name == name && event.delivery == delivery.id) {
            at = earlier(at, event.at);
        }
    }
    return at;
}

bool is_on_paper(const ports::DeliveryRow& delivery) {
    return delivery.channel == core::Channel::paper;
}

/// It lies where the recipient can read it, as far as anybody has told.
bool stands(const ports::DeliveryRow& delivery) {
    return delivery.state == DeliveryState::delivered || delivery.state == DeliveryState::read;
}

std::optional<Time> first_of_standing(const ResultFacts& facts, std::string_view name) {
    std::optional<Time> at;
    for (const auto& delivery : facts.message.deliveries) {
        if (stands(delivery)) {
            at = earlier(at, said_at(facts, delivery, name));
        }
    }
    return at;
}

std::optional<Time> first_of_all(const ResultFacts& facts, std::string_view name) {
    std::optional<Time> at;
    for (const auto& delivery : facts.message.deliveries) {
        at = earlier(at, said_at(facts, delivery, name));
    }
    return at;
}

std::optional<Time> printed_at(const ResultFacts& facts) {
    std::optional<Time> at;
    for (const auto& delivery : facts.message.deliveries) {
        if (is_on_paper(delivery)) {
            at = earlier(at, said_at(facts, delivery, "delivered"));
        }
    }
    return at;
}

/// The time to appeal runs from when the recipient could read it and was told so; a letter on paper
/// tells of itself.
std::optional<Time> appeal_from(const ResultFacts& facts) {
    std::optional<Time> from;
    for (const auto& delivery : facts.message.deliveries) {
        const auto available = said_at(facts, delivery, "delivered");
        const auto told =
            is_on_paper(delivery) ? available : said_at(facts, delivery, "notice_sent");
        if (stands(delivery) && available && told) {
            from = earlier(from, std::max(*available, *told));
        }
    }
    return from;
}

void set_time(json::Value& result, std::string_view member, std::optional<Time> at) {
    if (at) {
        result.set(member, core::to_rfc3339(*at));
    }
}

/// Why the newest delivery goes the way it goes.
void set_why(json::Value& result, const ResultFacts& facts, texts::Language language) {
    const auto& newest = facts.message.deliveries.back();
    for (const auto& event : facts.events) {
        if (event.name == "route_chosen" && event.delivery == newest.id) {
            const auto text = texts::render(event.code, event.params, language);
            result.set("why", event.code.value)
                .set("whyText", text.detail.empty() ? text.title : text.detail);
        }
    }
}

}   // namespace

json::Value result_view(const ResultFacts& facts, texts::Language language) {
    json::Value result = json::Value::object();
    if (facts.message.deliveries.empty()) {
        return result;
    }
    const auto& newest = facts.message.deliveries.back();
    if (!facts.adapter.empty()) {
        result.set("channel", facts.adapter);
    }
    if (newest.channel) {
        result.set("channelClass", core::to_string(*newest.channel));
    }
    set_why(result, facts, language);
    set_time(result, "availableAt", first_of_standing(facts, "delivered"));
    set_time(result, "noticeSentAt", first_of_standing(facts, "notice_sent"));
    set_time(result, "noticeFailedAt", first_of_all(facts, "notice_failed"));
    set_time(result, "openedAt", first_of_all(facts, "read"));
    set_time(result, "confirmedAt", first_of_all(facts, "confirmed"));
    set_time(result, "printedAt", printed_at(facts));
    set_time(result, "returnedAt", first_of_all(facts, "returned"));
    const auto duties = duties::DutyBook::current().duties(facts.kind, facts.message.created);
    if (duties.appeal_clock) {
        set_time(result, "appealFrom", appeal_from(facts));
    }
    for (const auto& [name, value] : facts.said.members()) {
        if (!result.has(name)) {
            result.set(name, value);
        }
    }
    return result;
}

}   // namespace gateway::view
