#include "adapters/enhetsregisteret/brreg_sources.hpp"

namespace gateway::enhetsregisteret {

using registers::Keys;
using registers::Reading;

namespace {

Keys without(const Keys& keys, const Reading& found) {
    Keys left;
    for (const auto& key : keys) {
        if (!found.replies.contains(key)) {
            left.push_back(key);
        }
    }
    return left;
}

}   // namespace

sdk::Task<Reading> Organisations::ask(registers::Lane, Keys keys, sdk::Deadline deadline) {
    Reading found;
    Keys left = keys;
    for (const Kind kind : {Kind::unit, Kind::sub_unit}) {
        if (left.size() < 2) {
            break;
        }
        auto part = co_await search(kind, left, deadline);
        if (part.failure) {
            co_return part;
        }
        left = without(left, part);
        found.replies.merge(part.replies);
    }
    for (const auto& number : left) {
        auto one = co_await either(number, deadline);
        if (one.failure) {
            Reading failed;
            failed.failure = std::move(one.failure);
            co_return failed;
        }
        found.replies.emplace(number, std::move(one.reply));
    }
    co_return found;
}

sdk::Task<Reading> Organisations::search(Kind kind, Keys keys, sdk::Deadline deadline) {
    auto request = search_request(settings_, kind, keys);
    const auto answer = co_await call(host_, std::move(request), deadline);
    Reading reading;
    if (answer.response) {
        reading = read_search(settings_, *answer.response, kind, keys, answer.asked_at);
    } else {
        reading.failure = answer.failure;
    }
    co_return reading;
}

/// A number alone does not say what it is of.
sdk::Task<UnitReading> Organisations::either(std::string number, sdk::Deadline deadline) {
    auto reading = co_await single(Kind::unit, number, deadline);
    if (reading.failure || reading.found != UnitReading::Found::unknown) {
        co_return reading;
    }
    reading = co_await single(Kind::sub_unit, number, deadline);
    if (!reading.failure && reading.found == UnitReading::Found::unknown) {
        reading.reply = unknown_reply(settings_, number, host_.clock.now());
    }
    co_return reading;
}

sdk::Task<UnitReading> Organisations::single(Kind kind, std::string number,
                                             sdk::Deadline deadline) {
    auto request = unit_request(settings_, kind, number);
    const auto answer = co_await call(host_, std::move(request), deadline);
    UnitReading reading;
    if (answer.response) {
        reading = read_unit_answer(settings_, *answer.response, kind, number, answer.asked_at);
    } else {
        reading.failure = answer.failure;
    }
    co_return reading;
}

sdk::Task<Reading> Roles::ask(registers::Lane, Keys keys, sdk::Deadline deadline) {
    Reading found;
    for (const auto& number : keys) {
        auto request = roles_request(settings_, number);
        const auto answer = co_await call(host_, std::move(request), deadline);
        UnitReading reading;
        if (answer.response) {
            reading = read_roles_answer(settings_, *answer.response, number, answer.asked_at);
        } else {
            reading.failure = answer.failure;
        }
        if (reading.failure) {
            Reading failed;
            failed.failure = std::move(reading.failure);
            co_return failed;
        }
        found.replies.emplace(number, std::move(reading.reply));
    }
    co_return found;
}

}   // namespace gateway::enhetsregisteret
