#include "adapters/enhetsregisteret/brreg_answers.hpp"

#include "adapters/common/registers/register_failures.hpp"

#include <algorithm>

namespace gateway::enhetsregisteret {

using json::Value;
using registers::failure_of_bad_answer;
using registers::make_failure;

namespace {

constexpr std::size_t unit_bytes_max = 256U << 10U;
constexpr std::size_t roles_bytes_max = 4U << 20U;
constexpr std::size_t search_bytes_max = 8U << 20U;   // 200 units of some kilobytes each
constexpr std::size_t values_max = 500'000;

const char* path_of(Kind kind) {
    return kind == Kind::unit ? "/enheter" : "/underenheter";
}

sdk::HttpRequest get(const Settings& settings, const std::string& path, std::size_t bytes_max) {
    sdk::HttpRequest request("GET", settings.base_url + path);
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = bytes_max;
    return request;
}

std::optional<Value> parse_object(const sdk::HttpResponse& response) {
    json::ParseLimits limits;
    limits.bytes_max = search_bytes_max;
    limits.values_max = values_max;
    auto parsed = json::parse(response.body, limits);
    return parsed && parsed->is_object() ? std::optional(std::move(*parsed)) : std::nullopt;
}

registers::Reply reply_of(const Settings& settings, const std::string& key, Value value,
                          core::Time asked_at) {
    registers::Reply reply;
    reply.entry.key = key;
    reply.entry.value = std::move(value);
    reply.entry.fetched_at = asked_at;
    reply.entry.valid_until = asked_at + settings.age_max;
    return reply;
}

registers::Reply reply_of(const Settings& settings, Unit unit, core::Time asked_at) {
    if (!unit.fault.empty()) {
        registers::Reply reply;
        reply.failure = make_failure("brreg.unit_not_understood", {{"field", unit.fault}});
        return reply;
    }
    return reply_of(settings, unit.number, std::move(unit.value), asked_at);
}

UnitReading failed(sdk::RegisterFailure failure) {
    UnitReading reading;
    reading.failure = std::move(failure);
    return reading;
}

}   // namespace

registers::Reply unknown_reply(const Settings& settings, const std::string& key,
                               core::Time asked_at) {
    return reply_of(settings, key, Value(), asked_at);
}

sdk::HttpRequest unit_request(const Settings& settings, Kind kind, const std::string& number) {
    return get(settings, path_of(kind) + ("/" + number), unit_bytes_max);
}

sdk::HttpRequest search_request(const Settings& settings, Kind kind,
                                const registers::Keys& numbers) {
    std::string list;
    for (const auto& number : numbers) {
        list += (list.empty() ? "" : ",") + number;
    }
    return get(settings,
               path_of(kind) + ("?organisasjonsnummer=" + list) +
                   "&page=0&size=" + std::to_string(numbers.size()),
               search_bytes_max);
}

sdk::HttpRequest roles_request(const Settings& settings, const std::string& number) {
    return get(settings, "/enheter/" + number + "/roller", roles_bytes_max);
}

sdk::HttpRequest count_request(const Settings& settings, Kind kind) {
    return get(settings, path_of(kind) + std::string("?size=1"), unit_bytes_max);
}

/// `Accept` is left out: the register names a media type of its own for the dump.
sdk::HttpRequest dump_request(const Settings& settings, Kind kind) {
    return sdk::HttpRequest("GET", settings.base_url + path_of(kind) + "/lastned");
}

std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response) {
    if (response.status == 200) {
        return std::nullopt;
    }
    if (const auto passing = sdk::outcome_of_passing_status(response)) {
        return registers::failure_of(*passing);
    }
    if (response.status >= 400) {
        return make_failure("brreg.refused", {{"status", std::to_string(response.status)}}, false);
    }
    return failure_of_bad_answer(response);
}

UnitReading read_unit_answer(const Settings& settings, const sdk::HttpResponse& response, Kind kind,
                             const std::string& number, core::Time asked_at) {
    UnitReading reading;
    if (response.status == 404) {
        return reading;
    }
    if (response.status == 410) {
        Value removed;
        removed.set("number", number).set("status", "removed");
        reading.found = UnitReading::Found::removed;
        reading.reply = reply_of(settings, number, std::move(removed), asked_at);
        return reading;
    }
    if (auto failure = failure_of_status(response)) {
        return failed(std::move(*failure));
    }
    const auto body = parse_object(response);
    if (!body || !body->has("organisasjonsnummer")) {
        return failed(failure_of_bad_answer(response));
    }
    Unit unit = read_unit(*body, kind == Kind::sub_unit);
    if (unit.number != number) {
        return failed(make_failure("brreg.wrong_organisation"));
    }
    reading.found = UnitReading::Found::yes;
    reading.reply = reply_of(settings, std::move(unit), asked_at);
    return reading;
}

UnitReading read_roles_answer(const Settings& settings, const sdk::HttpResponse& response,
                              const std::string& number, core::Time asked_at) {
    UnitReading reading;
    if (response.status == 404 || response.status == 410) {
        reading.reply = unknown_reply(settings, number, asked_at);
        return reading;
    }
    if (auto failure = failure_of_status(response)) {
        return failed(std::move(*failure));
    }
    const auto body = parse_object(response);
    if (!body || !(*body)["rollegrupper"].is_array()) {
        return failed(failure_of_bad_answer(response));
    }
    Unit roles = read_roles(*body);
    if (!roles.number.empty() && roles.number != number) {
        return failed(make_failure("brreg.wrong_organisation"));
    }
    roles.number = number;
    reading.found = UnitReading::Found::yes;
    reading.reply = reply_of(settings, std::move(roles), asked_at);
    return reading;
}

registers::Reading read_search(const Settings& settings, const sdk::HttpResponse& response,
                               Kind kind, const registers::Keys& numbers, core::Time asked_at) {
    registers::Reading reading;
    if (auto failure = failure_of_status(response)) {
        reading.failure = std::move(failure);
        reading.refused_as_asked = response.status == 400;
        return reading;
    }
    const auto body = parse_object(response);
    const Value& total = body ? (*body)["page"]["totalElements"] : Value();
    const Value& list =
        body ? (*body)["_embedded"][kind == Kind::unit ? "enheter" : "underenheter"] : Value();
    // An empty page has no list at all.
    if (!total.is_int() || (!list.is_null() && !list.is_array()) ||
        total.as_int() != static_cast<std::int64_t>(list.items().size())) {
        reading.failure = failure_of_bad_answer(response);
        return reading;
    }
    for (const Value& entry : list.items()) {
        Unit unit = read_unit(entry, kind == Kind::sub_unit);
        const std::string number = unit.number;
        const bool asked = std::find(numbers.begin(), numbers.end(), number) != numbers.end();
        if (!asked || reading.replies.contains(number)) {
            registers::Reading nothing;
            nothing.failure = make_failure("brreg.wrong_organisation");
            return nothing;
        }
        reading.replies.emplace(number, reply_of(settings, std::move(unit), asked_at));
    }
    return reading;
}

std::uint64_t read_count(const sdk::HttpResponse& response) {
    const auto body = parse_object(response);
    const std::int64_t total = body ? (*body)["page"]["totalElements"].as_int() : 0;
    return response.status == 200 && total > 0 ? static_cast<std::uint64_t>(total) : 0;
}

}   // namespace gateway::enhetsregisteret
