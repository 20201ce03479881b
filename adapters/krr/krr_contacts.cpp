#include "adapters/krr/krr_contacts.hpp"

#include "adapters/krr/krr_failures.hpp"

#include <algorithm>

namespace gateway::krr {

using std::chrono::seconds;

namespace {

constexpr seconds batch_time_max{60};         // of all calls of one batch, whoever waits for them
constexpr std::size_t keys_max = 10'000;      // of one query
constexpr std::size_t waiting_max = 50'000;   // persons asked about at once, all batches together
/// Halvings of one batch that is refused as it stands: ten find one person among a thousand.
constexpr int halvings_max = 12;

}   // namespace

Contacts::Contacts(const Settings& settings, sdk::Host& host, Pauses& pauses)
    : settings_(settings),
      host_(host),
      pauses_(pauses),
      caller_(settings, host),
      cache_(settings.cache_persons_max) {}

sdk::Task<void> Contacts::stop() {
    stopped_ = true;
    const auto batches = batches_;   // a look-up that wakes meanwhile may forget some
    for (const auto& batch : batches) {
        co_await batch->flight.stop();
    }
}

sdk::Task<sdk::RegisterAnswer> Contacts::look_up(sdk::RegisterQuery query, sdk::Deadline deadline) {
    Found found;
    found.failure = refuse(query);
    if (!found.failure) {
        take_from_cache(query, found);
        board(query, found);
        co_await wait(found, deadline);
        forget_landed();
    }
    co_return answer(query, found);
}

/// What no register has to be asked for.
std::optional<sdk::RegisterFailure> Contacts::refuse(const sdk::RegisterQuery& query) const {
    if (stopped_) {
        return make_failure("connection.not_running", {{"connection", settings_.connection}});
    }
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

void Contacts::take_from_cache(const sdk::RegisterQuery& query, Found& found) {
    if (query.fresh) {
        return;
    }
    for (const auto& person : query.keys) {
        if (const auto* entry = cache_.find(query.tenant, person, host_.clock)) {
            found.entries.emplace(person, *entry);
        }
    }
    host_.metrics.count("sluse_register_keys_total",
                        core::Params{{"dataset", "contact"}, {"from", "cache"}},
                        found.entries.size());
}

/// Finds or opens a batch for every person who is not known.
void Contacts::board(const sdk::RegisterQuery& query, Found& found) {
    for (const auto& person : query.keys) {
        if (found.entries.contains(person) || found.asked.contains(person)) {
            continue;
        }
        if (auto pause = pauses_.find(query.tenant, host_.clock.steady())) {
            found.failure = std::move(pause);
            return;
        }
        auto batch = batch_for(query, person);
        if (!batch) {
            found.failure = make_failure("service.overloaded");
            return;
        }
        if (std::find(found.batches.begin(), found.batches.end(), batch) == found.batches.end()) {
            found.batches.push_back(batch);
        }
        found.asked.emplace(person, std::move(batch));
    }
}

Contacts::BatchPtr Contacts::batch_for(const sdk::RegisterQuery& query, const std::string& person) {
    BatchPtr open;
    for (const auto& batch : batches_) {
        if (batch->tenant != query.tenant || batch->landed) {
            continue;
        }
        // An answer under way may have been made before something changed: a fresh look-up wants
        // one that is asked for from here on.
        if (batch->persons.contains(person) && (batch->collecting || !query.fresh)) {
            return batch;
        }
        if (batch->collecting && batch->persons.size() < settings_.batch_persons_max) {
            open = batch;
        }
    }
    if (persons_waited_for() >= waiting_max) {
        return nullptr;
    }
    if (!open) {
        open = std::make_shared<Batch>(query.tenant, host_.clock);
        batches_.push_back(open);
    }
    open->persons.insert(person);
    return open;
}

/// Sees to it that all are asked, then waits for each.
sdk::Task<void> Contacts::wait(Found& found, sdk::Deadline deadline) {
    for (const auto& batch : found.batches) {
        if (batch->collecting) {
            auto flying = fly(*batch);
            co_await batch->flight.launch(std::move(flying));
        }
    }
    for (const auto& batch : found.batches) {
        if (found.failure || batch->landed) {
            continue;
        }
        auto flying = fly(*batch);
        const auto landed = co_await batch->flight.join(deadline, std::move(flying));
        if (!landed && landed.error().is(core::Errc::timed_out)) {
            found.failure = make_failure("upstream.timed_out");
        } else if (!landed) {
            found.failure =
                make_failure("connection.not_running", {{"connection", settings_.connection}});
        }
    }
}

sdk::RegisterAnswer Contacts::answer(const sdk::RegisterQuery& query, Found& found) const {
    sdk::RegisterAnswer answer;
    answer.failure = std::move(found.failure);
    for (std::size_t i = 0; i < query.keys.size() && !answer.failure; ++i) {
        const std::string& person = query.keys[i];
        if (const auto known = found.entries.find(person); known != found.entries.end()) {
            answer.entries.push_back(known->second);
            continue;
        }
        const PersonReply& reply = found.asked.at(person)->replies.at(person);
        answer.failure = reply.failure;
        answer.entries.push_back(reply.entry);
    }
    if (answer.failure) {
        answer.entries.clear();   // all of them or none
    }
    return answer;
}

sdk::Task<bool> Contacts::fly(Batch& batch) {
    if (settings_.batch_window.count() > 0) {
        co_await host_.clock.sleep_until(host_.clock.steady() + settings_.batch_window);
    }
    batch.collecting = false;
    co_await ask(batch);
    batch.landed = true;
    co_return true;
}

/// One call, or more where the register refuses the batch as it stands: then its halves, so that
/// one person does not take the answer from the others.
sdk::Task<void> Contacts::ask(Batch& batch) {
    const auto deadline = host_.clock.in(batch_time_max);
    std::vector<Persons> parts{Persons(batch.persons.begin(), batch.persons.end())};
    int halvings = 0;
    while (!parts.empty()) {
        const Persons persons = std::move(parts.back());
        parts.pop_back();
        auto reading = co_await ask_once(batch.tenant, persons, deadline);
        if (reading.refused_as_asked && persons.size() > 1 && halvings < halvings_max) {
            ++halvings;
            const auto middle = persons.begin() + static_cast<std::ptrdiff_t>(persons.size() / 2);
            parts.emplace_back(persons.begin(), middle);
            parts.emplace_back(middle, persons.end());
            continue;
        }
        settle(batch, persons, std::move(reading));
    }
}

sdk::Task<PersonsReading> Contacts::ask_once(const core::TenantId& tenant, const Persons& persons,
                                             sdk::Deadline deadline) {
    Caller::Make make = [this, &persons] { return persons_request(settings_, persons); };
    auto reply = co_await caller_.call_with_token(tenant, std::move(make), deadline);
    PersonsReading reading;
    if (reply.response) {
        reading = read_persons(settings_, *reply.response, persons, reply.asked_at);
    } else {
        reading.failure = std::move(reply.failure);
    }
    report(tenant, reading);
    co_return reading;
}

void Contacts::settle(Batch& batch, const Persons& persons, PersonsReading reading) {
    if (reading.failure) {
        for (const auto& person : persons) {
            batch.replies[person].failure = reading.failure;
        }
        if (!reading.refused_as_asked) {
            pauses_.begin(batch.tenant, *reading.failure, host_.clock.steady());
        }
        return;
    }
    pauses_.end(batch.tenant, host_.clock.steady());
    for (auto& [person, reply] : reading.persons) {
        if (!reply.failure) {
            cache_.put(batch.tenant, reply.entry, host_.clock);
        }
        batch.replies[person] = std::move(reply);
    }
}

/// Codes and counts: never who was asked about.
void Contacts::report(const core::TenantId& tenant, const PersonsReading& reading) {
    host_.metrics.count(
        "sluse_register_calls_total",
        core::Params{{"dataset", "contact"}, {"result", reading.failure ? "failed" : "answered"}});
    host_.metrics.count("sluse_register_keys_total",
                        core::Params{{"dataset", "contact"}, {"from", "register"}},
                        reading.persons.size());
    if (reading.failure) {
        const auto severity =
            reading.failure->passing ? sdk::Severity::warning : sdk::Severity::error;
        host_.log.write(
            severity, "register.failed",
            core::Params{{"tenant", tenant.value}, {"code", reading.failure->code.value}});
    }
    std::map<std::string, std::size_t> faults;
    for (const auto& [person, reply] : reading.persons) {
        if (reply.failure) {
            ++faults[reply.failure->code.value];
        }
        if (const auto& fault = reply.entry.value["certificateFault"]; fault.is_string()) {
            ++faults["certificate_" + fault.as_string()];
        }
    }
    for (const auto& [fault, count] : faults) {
        host_.log.write(sdk::Severity::warning, "register.person_faults",
                        core::Params{{"tenant", tenant.value},
                                     {"fault", fault},
                                     {"count", std::to_string(count)}});
    }
}

std::size_t Contacts::persons_waited_for() const {
    std::size_t count = 0;
    for (const auto& batch : batches_) {
        count += batch->landed ? 0 : batch->persons.size();
    }
    return count;
}

void Contacts::forget_landed() {
    std::erase_if(batches_,
                  [](const BatchPtr& batch) { return batch->landed && batch->flight.idle(); });
}

}   // namespace gateway::krr
