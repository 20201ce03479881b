#include "adapters/krr/krr_contacts.hpp"

#include "adapters/krr/krr_failures.hpp"

#include <algorithm>

namespace gateway::krr {
namespace {

constexpr std::size_t keys_max = 10'000;   // of one query

registers::Manner manner_of(const Settings& settings) {
    registers::Manner manner;
    manner.connection = settings.connection;
    manner.dataset = "contact";
    manner.window = settings.batch_window;
    manner.batch_max = settings.batch_persons_max;
    manner.kept_max = settings.cache_persons_max;
    return manner;
}

/// What no register has to be asked for.
std::optional<sdk::RegisterFailure> refuse(const sdk::RegisterQuery& query) {
    if (query.keys.size() > keys_max) {
        return make_failure("krr.too_many_persons", {{"max", std::to_string(keys_max)}}, false);
    }
    // One number that is none would have the whole batch refused, and others share it.
    if (query.keys.empty() ||
        !std::all_of(query.keys.begin(), query.keys.end(), core::is_person_number)) {
        return make_failure("krr.not_a_person_number", {}, false);
    }
    return std::nullopt;
}

}   // namespace

Contacts::Contacts(const Settings& settings, sdk::Host& host, registers::Pauses& pauses)
    : settings_(settings),
      host_(host),
      caller_(settings, host),
      look_ups_(manner_of(settings), *this, host, pauses) {}

sdk::Task<sdk::RegisterAnswer> Contacts::look_up(sdk::RegisterQuery query, sdk::Deadline deadline) {
    sdk::RegisterAnswer refused;
    refused.failure = refuse(query);
    if (refused.failure) {
        co_return refused;
    }
    registers::Lane lane(query.tenant);
    co_return co_await look_ups_.look_up(std::move(lane), std::move(query), deadline);
}

sdk::Task<registers::Reading> Contacts::ask(registers::Lane lane, registers::Keys keys,
                                            sdk::Deadline deadline) {
    Caller::Make make = [this, &keys] { return persons_request(settings_, keys); };
    auto reply = co_await caller_.call_with_token(lane.tenant, std::move(make), deadline);
    registers::Reading reading;
    if (reply.response) {
        reading = read_persons(settings_, *reply.response, keys, reply.asked_at);
    } else {
        reading.failure = std::move(reply.failure);
    }
    report(lane, reading);
    co_return reading;
}

/// Certificates that cannot be used. Counts: never who was asked about.
void Contacts::report(const registers::Lane& lane, const registers::Reading& reading) {
    std::map<std::string, std::size_t> faults;
    for (const auto& [person, reply] : reading.replies) {
        if (const auto& fault = reply.entry.value["certificateFault"]; fault.is_string()) {
            ++faults["certificate_" + fault.as_string()];
        }
    }
    for (const auto& [fault, count] : faults) {
        host_.log.write(sdk::Severity::warning, "register.person_faults",
                        core::Params{{"tenant", lane.tenant.value},
                                     {"fault", fault},
                                     {"count", std::to_string(count)}});
    }
}

}   // namespace gateway::krr
