#include "gateway/duties/duty_book.hpp"

#include "duties_data.hpp"
#include "gateway/core/assert.hpp"
#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <set>

namespace gateway::duties {
namespace {

using core::Errc;
using core::Failure;

/// One of two words, or absent, which is `no`.
core::Result<bool> word(const json::Value& item, std::string_view member, std::string_view yes,
                        std::string_view no = {}) {
    const json::Value* value = item.find(member);
    if (value == nullptr) {
        return false;
    }
    if (value->as_string() == yes || (!no.empty() && value->as_string() == no)) {
        return value->as_string() == yes;
    }
    return Failure(Errc::malformed, std::string(member) + ": " + value->as_string());
}

/// The first moment of a Norwegian day, within the hour that summer time moves it: no duty begins
/// so sharply.
core::Result<core::Time> first_moment(const json::Value& item) {
    const auto day = core::parse_rfc3339(item["from"].as_string() + "T00:00:00Z");
    if (!day) {
        return Failure(Errc::malformed, "from: " + item["from"].as_string());
    }
    return *day - std::chrono::hours(1);
}

core::Result<void> only(const json::Value& item, const std::set<std::string_view>& known) {
    for (const auto& [name, value] : item.members()) {
        if (!known.contains(name)) {
            return Failure(Errc::malformed, "unknown member " + name);
        }
    }
    return {};
}

core::Result<Duties> read_duties(const json::Value& item) {
    if (const auto known =
            only(item, {"from", "reservation", "notice", "noticeSays", "appealClock", "law"});
        !known) {
        return known.error();
    }
    const auto from = first_moment(item);
    const auto ignorable = word(item, "reservation", "may be ignored", "binds");
    const auto owed = word(item, "notice", "owed");
    const auto nothing = word(item, "noticeSays", "nothing");
    const auto clock = word(item, "appealClock", "available and notified");
    for (const auto* read : {&ignorable, &owed, &nothing, &clock}) {
        if (read->has_error()) {
            return read->error();
        }
    }
    if (!from) {
        return from.error();
    }
    Duties duties;
    duties.from = *from;
    duties.reservation_binds = !*ignorable;
    duties.notice_owed = *owed;
    duties.notice_says_nothing = *nothing;
    duties.appeal_clock = *clock;
    duties.law = item["law"].as_string();
    if (duties.law.empty()) {
        return Failure(Errc::malformed, "law is missing");
    }
    return duties;
}

template <class Item>
const Item* in_force(const std::vector<Item>& items, core::Time at) {
    const Item* found = nullptr;
    for (const auto& item : items) {
        if (item.from <= at) {
            found = &item;
        }
    }
    return found;
}

template <class Item>
bool is_in_order(const std::vector<Item>& items) {
    return std::adjacent_find(items.begin(), items.end(), [](const Item& a, const Item& b) {
               return a.from >= b.from;
           }) == items.end();
}

}   // namespace

core::Result<DutyBook> DutyBook::read(std::string_view json) {
    const auto parsed = json::parse_or_failure(json);
    if (!parsed) {
        return parsed.error();
    }
    if (const auto known = only(*parsed, {"kinds", "gradedAddress", "telling"}); !known) {
        return known.error();
    }
    DutyBook book;
    for (const auto& [kind, items] : (*parsed)["kinds"].members()) {
        auto& own = book.kinds_[kind];
        for (const auto& item : items.items()) {
            auto duties = read_duties(item);
            if (!duties) {
                return Failure(Errc::malformed, kind + ": " + duties.error().detail);
            }
            own.push_back(std::move(*duties));
        }
        if (own.empty() || !is_in_order(own)) {
            return Failure(Errc::malformed, kind + ": no dates, or not in their order");
        }
    }
    for (const auto& item : (*parsed)["gradedAddress"].items()) {
        Graded graded;
        const auto from = first_moment(item);
        if (!from) {
            return from.error();
        }
        graded.from = *from;
        for (const auto& name : item["never"].items()) {
            const auto channel = core::parse_channel(name.as_string());
            if (!channel) {
                return Failure(Errc::malformed, "gradedAddress: " + name.as_string());
            }
            graded.never.push_back(*channel);
        }
        book.graded_.push_back(std::move(graded));
    }
    if (book.graded_.empty() || !is_in_order(book.graded_)) {
        return Failure(Errc::malformed, "gradedAddress: no dates, or not in their order");
    }
    for (const auto& [language, words] : (*parsed)["telling"].members()) {
        for (const auto& one : words.items()) {
            if (one.as_string().size() < 4) {
                return Failure(Errc::malformed, "telling: " + one.as_string());
            }
            book.telling_.push_back(one.as_string());
        }
    }
    return book;
}

const DutyBook& DutyBook::current() {
    static const DutyBook book = [] {
        auto made = read(embedded::letter);
        GATEWAY_ASSERT(made.has_value());   // embedded at build, read by a test
        return std::move(*made);
    }();
    return book;
}

Duties DutyBook::duties(std::string_view kind, core::Time at) const {
    const auto own = kinds_.find(kind);
    const auto* found = own == kinds_.end() ? nullptr : in_force(own->second, at);
    return found == nullptr ? Duties() : *found;
}

bool DutyBook::graded_may(core::Channel channel, core::Time at) const {
    const auto* found = in_force(graded_, at);
    return found == nullptr ||
           std::find(found->never.begin(), found->never.end(), channel) == found->never.end();
}

}   // namespace gateway::duties
